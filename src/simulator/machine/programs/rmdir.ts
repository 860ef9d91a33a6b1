import { FileError } from '../fileError.ts'
import { defineProgram } from '../options.ts'
import { quotedName } from '../quoting.ts'

/** Removes empty directories. */
export const rmdir = defineProgram({
  name: 'rmdir',
  summary: 'remove empty directories',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... DIRECTORY...',
  options: [
    { long: 'ignore-fail-on-non-empty', help: 'ignore each failure to remove a non-empty directory' },
    {
      short: 'p',
      long: 'parents',
      help: "remove DIRECTORY and its ancestors; e.g., 'rmdir -p a/b' is like 'rmdir a/b a'",
    },
    { short: 'v', long: 'verbose', help: 'output a diagnostic for every directory processed' },
  ],
  busybox: { usage: '[-p] DIRECTORY...', options: 'p parents ignore-fail-on-non-empty' },
  async run(process, args) {
    args.demandOperands(1)
    let status = 0
    for (const name of args.operands) {
      const parts = name.replace(/\/+$/, '').split('/')
      const count = args.has('parents') ? parts.length : 1
      for (let left = parts.length; left > parts.length - count; left--) {
        const directory = parts.slice(0, left).join('/')
        if (directory === '') break
        try {
          if (args.has('verbose')) await process.write(`rmdir: removing directory, ${quotedName(directory)}\n`)
          process.files.removeDirectory(process.path(directory))
        } catch (error) {
          if (!(error instanceof FileError)) throw error
          if (error.code === 'ENOTEMPTY' && args.has('ignore-fail-on-non-empty')) break
          const words = process.flavour === 'busybox' ? `'${directory}'` : `failed to remove ${quotedName(directory)}`
          status = await process.fail(`${words}: ${error.text}`)
          break
        }
      }
    }
    return status
  },
})
