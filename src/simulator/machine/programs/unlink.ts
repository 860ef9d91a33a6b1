import { FileError } from '../fileError.ts'
import { defineProgram } from '../options.ts'
import { quotedName } from '../quoting.ts'

/** Removes one file. */
export const unlink = defineProgram({
  name: 'unlink',
  summary: 'call the unlink function to remove the specified file',
  package: 'GNU coreutils 9.1',
  usage: 'FILE',
  options: [],
  busybox: { usage: 'FILE' },
  async run(process, args) {
    args.demandOperands(1, 1)
    const name = args.operands[0]!
    try {
      process.files.remove(process.path(name))
      return 0
    } catch (error) {
      if (error instanceof FileError) return process.fail(`cannot unlink ${quotedName(name)}: ${error.text}`)
      throw error
    }
  },
})
