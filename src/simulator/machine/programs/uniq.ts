import { FileError } from '../fileError.ts'
import { lineBatches, openFile, reportFile } from '../inputs.ts'
import { type Arguments, defineProgram } from '../options.ts'
import type { Readable, Writable } from '../program.ts'
import { quoted } from '../quoting.ts'

/** Drops or counts lines that repeat the one before. */
export const uniq = defineProgram({
  name: 'uniq',
  summary: 'report or omit repeated lines',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [INPUT [OUTPUT]]',
  options: [
    { short: 'c', long: 'count', help: 'prefix lines by the number of occurrences' },
    { short: 'd', long: 'repeated', help: 'only print duplicate lines, one for each group' },
    { short: 'D', long: 'all-repeated', value: '[METHOD]', help: 'print all duplicate lines' },
    { short: 'f', long: 'skip-fields', value: 'N', isNumber: true, help: 'avoid comparing the first N fields' },
    { short: 'i', long: 'ignore-case', help: 'ignore differences in case when comparing' },
    { short: 's', long: 'skip-chars', value: 'N', help: 'avoid comparing the first N characters' },
    { short: 'u', long: 'unique', help: 'only print unique lines' },
    { short: 'w', long: 'check-chars', value: 'N', help: 'compare no more than N characters in lines' },
    { short: 'z', long: 'zero-terminated', help: 'line delimiter is NUL, not newline' },
  ],
  notSimulated: '--group',
  busybox: { usage: '[-cduiz] [-f,s,w N] [FILE [OUTFILE]]', options: 'cduizfsw' },
  async run(process, args) {
    args.demandOperands(0, 2)
    for (const [name, what] of [
      ['skip-fields', 'fields to skip'],
      ['skip-chars', 'bytes to skip'],
      ['check-chars', 'bytes to compare'],
    ] as const) {
      const text = args.get(name)
      if (text !== undefined && !/^\d+$/.test(text)) return process.fail(`${text}: invalid number of ${what}`)
    }
    const [inputName = '-', outputName = '-'] = args.operands
    let input: Readable
    let output: Writable
    try {
      input = inputName === '-' ? process.stdin : openFile(process, inputName)
      output = outputName === '-' ? process.stdout : process.openWrite(outputName)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      if (error.code === 'EISDIR') return process.fail(`error reading ${quoted(process, inputName)}`)
      return reportFile(process, error, inputName)
    }
    await run(input, output, args)
    if (outputName !== '-') output.close()
    return 0
  },
})

async function run(input: Readable, output: Writable, args: Arguments): Promise<void> {
  const keyOf = keyOfLine(args)
  const end = args.has('zero-terminated') ? '\0' : '\n'
  const printed = (group: readonly string[]): string => {
    const isRepeated = group.length > 1
    if (args.has('all-repeated')) return isRepeated ? group.map(line => line + end).join('') : ''
    if (args.has('repeated') && !isRepeated) return ''
    if (args.has('unique') && isRepeated) return ''
    return `${args.has('count') ? `${String(group.length).padStart(7)} ` : ''}${group[0]}${end}`
  }
  let group: string[] = []
  let key = ''
  for await (const { lines } of lineBatches(input, end)) {
    let text = ''
    for (const line of lines) {
      const next = keyOf(line)
      if (group.length > 0 && next !== key) {
        text += printed(group)
        group = []
      }
      group.push(line)
      key = next
    }
    if (text !== '') await output.write(text)
  }
  if (group.length > 0) await output.write(printed(group))
}

function keyOfLine(args: Arguments): (line: string) => string {
  const fields = Number(args.get('skip-fields') ?? 0)
  const skipped = Number(args.get('skip-chars') ?? 0)
  const width = args.get('check-chars')
  const ignoresCase = args.has('ignore-case')
  const pattern = new RegExp(`^(?:[ \\t]*[^ \\t]+){0,${fields}}`)
  return line => {
    let key = fields > 0 ? line.slice(pattern.exec(line)![0].length) : line
    key = key.slice(skipped)
    if (width !== undefined) key = key.slice(0, Number(width))
    return ignoresCase ? key.toLowerCase() : key
  }
}
