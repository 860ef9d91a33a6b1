import { bytesOf, textOf } from '../bytes.ts'
import { FileError } from '../fileError.ts'
import { defineProgram } from '../options.ts'
import { quoted, quotedName } from '../quoting.ts'
import { parseSize } from '../sizes.ts'

/** Makes files shorter or longer. */
export const truncate = defineProgram({
  name: 'truncate',
  summary: 'shrink or extend the size of a file to the specified size',
  package: 'GNU coreutils 9.1',
  usage: 'OPTION... FILE...',
  options: [
    { short: 'c', long: 'no-create', help: 'do not create any files' },
    { short: 's', long: 'size', value: 'SIZE', help: 'set or adjust the file size by SIZE bytes' },
  ],
  notSimulated: '-o --io-blocks -r --reference',
  busybox: { usage: '[-c] -s SIZE FILE...', options: 'cs' },
  async run(process, args) {
    const text = args.get('size')
    if (text === undefined)
      throw args.misuse(`you must specify either ${quoted(process, '--size')} or ${quoted(process, '--reference')}`)
    if (args.operands.length === 0) throw args.misuse('missing file operand')
    const size = parseSize(text.replace(/^[-+]/, ''))
    if (size === undefined) return process.fail(`Invalid number: ${quoted(process, text)}`)
    let status = 0
    for (const name of args.operands) {
      const path = process.path(name)
      try {
        if (args.has('no-create') && !process.files.exists(path)) continue
        const bytes = process.files.exists(path) ? bytesOf(process.files.readText(path)) : new Uint8Array()
        const sign = text.startsWith('+') ? 1 : text.startsWith('-') ? -1 : 0
        const length = sign === 0 ? size : Math.max(0, bytes.length + sign * size)
        const kept = textOf(bytes.subarray(0, length)) + '\0'.repeat(Math.max(0, length - bytes.length))
        process.files.writeText(path, kept, 0o666 & ~process.umask)
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        status = await process.fail(`cannot open ${quotedName(name)} for writing: ${error.text}`)
      }
    }
    return status
  },
})
