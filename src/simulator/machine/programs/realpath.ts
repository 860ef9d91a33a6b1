import { FileError } from '../fileError.ts'
import { defineProgram } from '../options.ts'
import { shownName } from '../quoting.ts'

/** Prints the absolute path without links. */
export const realpath = defineProgram({
  name: 'realpath',
  summary: 'print the resolved path',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... FILE...',
  options: [
    { short: 'e', long: 'canonicalize-existing', help: 'all components of the path must exist' },
    { short: 'm', long: 'canonicalize-missing', help: 'no path components need exist or be a directory' },
    { short: 'q', long: 'quiet', help: 'suppress most error messages' },
    { short: 's', long: 'strip', help: "don't expand symlinks" },
    { long: 'no-symlinks', help: 'same as --strip' },
    { short: 'z', long: 'zero', help: 'end each output line with NUL, not newline' },
  ],
  notSimulated: '-L --logical -P --physical --relative-to --relative-base',
  busybox: { usage: 'FILE...', options: '' },
  async run(process, args) {
    args.demandOperands(1)
    const end = args.has('zero') ? '\0' : '\n'
    let status = 0
    for (const name of args.operands) {
      const path = process.path(name)
      try {
        const mustExist = args.has('canonicalize-existing') || process.flavour === 'busybox'
        if (mustExist) process.files.stat(path)
        const isPlain = args.has('strip') || args.has('no-symlinks')
        await process.write((isPlain ? path : process.files.realPath(path)) + end)
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        if (args.has('canonicalize-missing')) await process.write(path + end)
        else {
          status = 1
          if (!args.has('quiet')) await process.fail(`${shownName(name)}: ${error.text}`)
        }
      }
    }
    return status
  },
})
