import { FileError } from '../fileError.ts'
import { defineProgram } from '../options.ts'
import { joinPath } from '../path.ts'
import { quoted } from '../quoting.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Makes a file or directory with a name that is new. */
export const mktemp = defineProgram({
  name: 'mktemp',
  summary: 'create a temporary file or directory',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [TEMPLATE]',
  options: [
    { short: 'd', long: 'directory', help: 'create a directory, not a file' },
    { short: 'u', long: 'dry-run', help: 'do not create anything; merely print a name (unsafe)' },
    { short: 'q', long: 'quiet', help: 'suppress diagnostics about file/dir-creation failure' },
    { long: 'suffix', value: 'SUFF', help: 'append SUFF to TEMPLATE' },
    { short: 'p', long: 'tmpdir', value: '[DIR]', help: 'interpret TEMPLATE relative to DIR' },
    { short: 't', help: 'interpret TEMPLATE as a single file name component, relative to a directory' },
  ],
  busybox: { usage: '[-dt] [-p DIR] [TEMPLATE]', options: 'dqtup' },
  async run(process, args) {
    args.demandOperands(0, 1)
    const template = args.operands[0] ?? 'tmp.XXXXXXXXXX'
    const isInside = args.operands.length === 0 || args.has('tmpdir') || args.has('t')
    const directory = isInside ? (args.get('tmpdir') ?? process.env.get('TMPDIR') ?? '/tmp') : undefined
    const match = /^(.*?)(X+)([^X/]*)$/s.exec(template)
    if (!match || match[2]!.length < 3) return process.fail(`too few X's in template ${quoted(process, template)}`)
    const random = process.kernel.random.fork(`mktemp ${process.pid} ${process.kernel.clock.now}`)
    const chosen = Array.from(match[2]!, () => letters[random.below(letters.length)]).join('')
    const name = `${match[1]}${chosen}${match[3]}${args.get('suffix') ?? ''}`
    const path = directory === undefined ? name : joinPath(directory, name)
    const kind = args.has('directory') ? 'directory' : 'file'
    try {
      if (!args.has('dry-run')) {
        if (kind === 'directory') process.files.mkdir(process.path(path), { mode: 0o700 })
        else process.open(path, { write: true, create: true, exclusive: true, mode: 0o600 }).release()
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      if (args.has('quiet')) return 1
      const shown = directory === undefined ? template : joinPath(directory, template)
      return process.fail(`failed to create ${kind} via template ${quoted(process, shown)}: ${error.text}`)
    }
    await process.write(`${path}\n`)
    return 0
  },
})
