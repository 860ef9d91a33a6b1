import { bytesOf, textOf } from '../bytes.ts'
import type { FileError } from '../fileError.ts'
import { lineBatches, openInputs, reportFile } from '../inputs.ts'
import { defineProgram } from '../options.ts'
import { quoted } from '../quoting.ts'

/** Breaks long lines. */
export const fold = defineProgram({
  name: 'fold',
  summary: 'wrap each input line to fit in specified width',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE]...',
  options: [
    { short: 'b', long: 'bytes', help: 'count bytes rather than columns' },
    { short: 's', long: 'spaces', help: 'break at spaces' },
    { short: 'w', long: 'width', value: 'WIDTH', isNumber: true, help: 'use WIDTH columns instead of 80' },
  ],
  busybox: { usage: '[-bsw] [FILE]...', options: 'bsw' },
  async run(process, args) {
    const text = args.get('width') ?? '80'
    const width = Number(text)
    if (!/^\d+$/.test(text) || width === 0) return process.fail(`invalid number of columns: ${quoted(process, text)}`)
    let status = 0
    const report = async (error: FileError, name: string) => {
      status = await reportFile(process, error, name)
    }
    for await (const { stream } of openInputs(process, args.operands, report)) {
      for await (const { lines, isTerminated } of lineBatches(stream)) {
        const folded = lines.map(line => foldLine(line, width, args.has('spaces')))
        await process.write(folded.join('\n') + (isTerminated ? '\n' : ''))
      }
    }
    return status
  },
})

// GNU fold counts bytes as columns; a line with other letters is broken between bytes.
function foldLine(line: string, width: number, atSpaces: boolean): string {
  const bytes = bytesOf(line)
  const pieces: string[] = []
  let start = 0
  while (bytes.length - start > width) {
    let end = start + width
    if (atSpaces) {
      const space = bytes.subarray(start, end).lastIndexOf(32)
      if (space >= 0) end = start + space + 1
    }
    pieces.push(textOf(bytes.subarray(start, end)))
    start = end
  }
  pieces.push(textOf(bytes.subarray(start)))
  return pieces.join('\n')
}
