import { FileError } from '../fileError.ts'
import { linesIn, readInput, reportFile } from '../inputs.ts'
import { defineProgram } from '../options.ts'
import { compareTexts } from '../textOrder.ts'

/** Compares two sorted files. */
export const comm = defineProgram({
  name: 'comm',
  summary: 'compare two sorted files line by line',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... FILE1 FILE2',
  options: [
    { short: '1', help: 'suppress column 1 (lines unique to FILE1)' },
    { short: '2', help: 'suppress column 2 (lines unique to FILE2)' },
    { short: '3', help: 'suppress column 3 (lines that appear in both files)' },
    { long: 'check-order', help: 'check that the input is correctly sorted' },
    { long: 'nocheck-order', help: 'do not check that the input is correctly sorted' },
    { long: 'output-delimiter', value: 'STR', help: 'separate columns with STR' },
    { long: 'total', help: 'output a summary' },
  ],
  notSimulated: '-z --zero-terminated',
  busybox: { usage: '[-123] FILE1 FILE2', options: '123' },
  async run(process, args) {
    args.demandOperands(2, 2)
    const texts: string[][] = []
    for (const name of args.operands) {
      try {
        texts.push(linesIn(await readInput(process, name)))
      } catch (error) {
        if (error instanceof FileError) return reportFile(process, error, name)
        throw error
      }
    }
    const [first, second] = texts as [string[], string[]]
    const hidden = [args.has('1'), args.has('2'), args.has('3')] as const
    const delimiter = args.get('output-delimiter') ?? '\t'
    const counts: [number, number, number] = [0, 0, 0]
    let output = ''
    const print = (column: 0 | 1 | 2, line: string) => {
      counts[column]++
      if (hidden[column]) return
      const columnsBefore = [0, 1].slice(0, column).filter(each => !hidden[each]).length
      output += `${delimiter.repeat(columnsBefore)}${line}\n`
    }
    let [i, j] = [0, 0]
    while (i < first.length || j < second.length) {
      const order = i >= first.length ? 1 : j >= second.length ? -1 : compareTexts(first[i]!, second[j]!)
      if (order < 0) print(0, first[i++]!)
      else if (order > 0) print(1, second[j++]!)
      else {
        print(2, first[i++]!)
        j++
      }
    }
    if (args.has('total')) output += `${[...counts, 'total'].join(delimiter)}\n`
    await process.write(output)
    if (args.has('nocheck-order') || process.flavour === 'busybox') return 0
    return checkOrder(texts, message => process.fail(message))
  },
})

async function checkOrder(
  texts: readonly (readonly string[])[],
  fail: (message: string) => Promise<number>,
): Promise<number> {
  let isWrong = false
  for (const [index, lines] of texts.entries()) {
    if (!lines.some((line, at) => at > 0 && line < lines[at - 1]!)) continue
    isWrong = true
    await fail(`file ${index + 1} is not in sorted order`)
  }
  return isWrong ? fail('input is not in sorted order') : 0
}
