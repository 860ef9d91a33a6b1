import { formatFloat } from '../floatFormat.ts'
import { OutputBuffer } from '../inputs.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { quoted } from '../quoting.ts'

/** Prints a sequence of numbers. */
export const seq = defineProgram({
  name: 'seq',
  summary: 'print a sequence of numbers',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FIRST [INCREMENT]] LAST',
  options: [
    { short: 'f', long: 'format', value: 'FORMAT', help: 'use printf style floating-point FORMAT' },
    { short: 's', long: 'separator', value: 'STRING', help: 'use STRING to separate numbers (default: \\n)' },
    { short: 'w', long: 'equal-width', help: 'equalize width by padding with leading zeroes' },
  ],
  negativeNumbers: true,
  operandsEndOptions: true,
  busybox: { usage: '[-w] [-s SEP] [FIRST [INC]] LAST', options: 'ws' },
  async run(process, args) {
    args.demandOperands(1, 3)
    const numbers = args.operands.map(Number)
    const wrong = args.operands.find((word, index) => word.trim() === '' || Number.isNaN(numbers[index]))
    if (wrong !== undefined) {
      if (process.flavour === 'busybox') return process.fail(`invalid number '${wrong}'`)
      throw args.misuse(`invalid floating point argument: ${quoted(process, wrong)}`)
    }
    const [first = 1, step = 1, last = 1] =
      numbers.length === 1 ? [1, 1, numbers[0]] : numbers.length === 2 ? [numbers[0], 1, numbers[1]] : numbers
    if (step === 0) {
      const word = quoted(process, args.operands[1] ?? '0')
      if (process.flavour === 'gnu') throw args.misuse(`invalid Zero increment value: ${word}`)
    }
    const format = args.get('format')
    const invalid = format === undefined ? undefined : formatComplaint(process, format)
    if (invalid !== undefined) throw args.misuse(invalid)
    const places = Math.max(
      ...args.operands.slice(0, args.operands.length === 1 ? 1 : -1).map(decimals),
      decimals(args.operands.at(-1)!) * Number(args.operands.length === 1),
    )
    const digits = numbers.length === 1 ? 0 : places
    const width = args.has('equal-width') ? equalWidth(first, step, last, digits) : 0
    return print(process, { first, step, last }, args.get('separator') ?? '\n', value =>
      format === undefined ? padded(value.toFixed(digits), width) : withFormat(format, value),
    )
  },
})

interface Range {
  readonly first: number
  readonly step: number
  readonly last: number
}

async function print(
  process: Process,
  { first, step, last }: Range,
  separator: string,
  text: (value: number) => string,
): Promise<number> {
  const output = new OutputBuffer(process)
  const isPast = (value: number) =>
    (step < 0 ? value < last : value > last) && Math.abs(value - last) > 1e-9 * Math.abs(step)
  let count = 0
  for (let value = first; !isPast(value); value = first + ++count * step) {
    output.add((count > 0 ? separator : '') + text(value))
    await output.settle()
  }
  if (!isPast(first)) output.add('\n')
  await output.flush()
  return 0
}

function decimals(word: string): number {
  const match = /^[-+]?\d*\.?(\d*)(?:e([-+]?\d+))?$/i.exec(word)
  return match ? Math.max(0, match[1]!.length - Number(match[2] ?? 0)) : 0
}

function equalWidth(first: number, step: number, last: number, digits: number): number {
  const end = first + Math.floor((last - first) / step + 1e-9) * step
  return Math.max(first.toFixed(digits).length, (Number.isFinite(end) ? end : last).toFixed(digits).length)
}

function padded(text: string, width: number): string {
  return text.startsWith('-') ? `-${text.slice(1).padStart(width - 1, '0')}` : text.padStart(width, '0')
}

const directive = /%([-+ 0#']*)(\d*)(?:\.(\d+))?([eEfFgG])/

function formatComplaint(process: Process, format: string): string | undefined {
  const percents = format.replaceAll('%%', '').match(/%/g)?.length ?? 0
  if (percents === 0) return `format ${quoted(process, format)} has no % directive`
  if (percents > 1) return `format ${quoted(process, format)} has too many % directives`
  return directive.test(format)
    ? undefined
    : `format ${quoted(process, format)} has unknown %${/%[^a-zA-Z]*(.)/.exec(format)?.[1] ?? ''} directive`
}

function withFormat(format: string, value: number): string {
  return format
    .replace(directive, (_all, flags: string, width: string, precision: string | undefined, conversion: string) => {
      const text = formatFloat(value, {
        conversion,
        ...(precision === undefined ? {} : { precision: Number(precision) }),
      })
      const signed = flags.includes('+') && value >= 0 ? `+${text}` : text
      if (flags.includes('-')) return signed.padEnd(Number(width))
      return flags.includes('0') ? padded(signed, Number(width)) : signed.padStart(Number(width))
    })
    .replaceAll('%%', '%')
}
