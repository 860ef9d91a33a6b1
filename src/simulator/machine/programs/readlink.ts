import { FileError } from '../fileError.ts'
import { defineProgram } from '../options.ts'
import { shownName } from '../quoting.ts'

/** Prints where a link points. */
export const readlink = defineProgram({
  name: 'readlink',
  summary: 'print resolved symbolic links or canonical file names',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... FILE...',
  options: [
    { short: 'f', long: 'canonicalize', help: 'follow every symlink in every component; all but the last must exist' },
    { short: 'e', long: 'canonicalize-existing', help: 'follow every symlink; all components must exist' },
    { short: 'm', long: 'canonicalize-missing', help: 'follow every symlink without requirements on existence' },
    { short: 'n', long: 'no-newline', help: 'do not output the trailing delimiter' },
    { short: 'q', long: 'quiet', help: 'suppress most error messages' },
    { short: 's', long: 'silent', help: 'suppress most error messages' },
    { short: 'v', long: 'verbose', help: 'report error messages' },
    { short: 'z', long: 'zero', help: 'end each output line with NUL, not newline' },
  ],
  busybox: { usage: '[-fnv] FILE', options: 'fnvsq' },
  async run(process, args) {
    args.demandOperands(1)
    const end = args.has('no-newline') && args.operands.length === 1 ? '' : args.has('zero') ? '\0' : '\n'
    const mode = args.last('canonicalize', 'canonicalize-existing', 'canonicalize-missing')
    let status = 0
    for (const name of args.operands) {
      const path = process.path(name)
      try {
        if (mode === undefined) await process.write(process.files.readLink(path) + end)
        else {
          if (mode === 'canonicalize-existing') process.files.stat(path)
          await process.write(process.files.realPath(path) + end)
        }
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        if (mode === 'canonicalize-missing') await process.write(path + end)
        else {
          status = 1
          if (args.has('verbose')) await process.fail(`${shownName(name)}: ${error.text}`)
        }
      }
    }
    return status
  },
})
