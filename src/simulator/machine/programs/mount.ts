import { FileError } from '../fileError.ts'
import { defineProgram } from '../options.ts'

/** Lists what is mounted. */
export const mount = defineProgram({
  name: 'mount',
  summary: 'mount a filesystem',
  package: 'util-linux 2.38.1',
  usage: '[-l] [-t <type>]',
  options: [
    { short: 'l', long: 'show-labels', help: 'show also filesystem labels' },
    { short: 't', long: 'types', value: 'LIST', help: 'limit the set of filesystem types' },
    { short: 'o', long: 'options', value: 'LIST', help: 'comma-separated list of mount options' },
    { short: 'r', long: 'read-only', help: 'mount the filesystem read-only (same as -o ro)' },
    { short: 'v', long: 'verbose', help: 'say what is being done' },
  ],
  notSimulated: '-a --all -B --bind -M --move -R --rbind --make-shared --make-private -L -U -n -f -F -i -T -w --rw',
  busybox: { usage: '[OPTIONS] [-o OPT] DEVICE NODE', options: 'torv' },
  async run(process, args) {
    if (args.operands.length > 0) {
      if (process.user.uid !== 0) return process.fail('only root can do that', 1)
      return process.fail('mounting is not simulated here')
    }
    let text: string
    try {
      text = process.files.readText('/proc/mounts')
    } catch (error) {
      if (error instanceof FileError) return process.fail('failed to read mtab: No such file or directory', 32)
      throw error
    }
    const types = args.get('types')?.split(',')
    for (const line of text.trimEnd().split('\n')) {
      const [source = '', place = '', type = '', options = ''] = line.split(' ')
      if (types && !types.includes(type)) continue
      await process.write(`${source} on ${place} type ${type} (${options})\n`)
    }
    return 0
  },
})
