import { FileError } from '../fileError.ts'
import { fileComplaint, linesIn, readInput } from '../inputs.ts'
import { defineProgram } from '../options.ts'
import { Exit, type Process, UsageError } from '../program.ts'
import { quoted, shownName } from '../quoting.ts'
import { compareTexts } from '../textOrder.ts'
import { type Comparison, comparisonOf, parseKey } from './sort/keys.ts'

const globalLetters = {
  'ignore-leading-blanks': 'b',
  'dictionary-order': 'd',
  'ignore-case': 'f',
  'general-numeric-sort': 'g',
  'ignore-nonprinting': 'i',
  'month-sort': 'M',
  'human-numeric-sort': 'h',
  'numeric-sort': 'n',
  reverse: 'r',
  'version-sort': 'V',
} as const

/** Sorts lines. */
export const sort = defineProgram({
  name: 'sort',
  summary: 'sort lines of text files',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE]...',
  options: [
    { short: 'b', long: 'ignore-leading-blanks', help: 'ignore leading blanks' },
    { short: 'd', long: 'dictionary-order', help: 'consider only blanks and alphanumeric characters' },
    { short: 'f', long: 'ignore-case', help: 'fold lower case to upper case characters' },
    { short: 'g', long: 'general-numeric-sort', help: 'compare according to general numerical value' },
    { short: 'i', long: 'ignore-nonprinting', help: 'consider only printable characters' },
    { short: 'M', long: 'month-sort', help: "compare (unknown) < 'JAN' < ... < 'DEC'" },
    { short: 'h', long: 'human-numeric-sort', help: 'compare human readable numbers (e.g., 2K 1G)' },
    { short: 'n', long: 'numeric-sort', help: 'compare according to string numerical value' },
    { short: 'r', long: 'reverse', help: 'reverse the result of comparisons' },
    { short: 'R', long: 'random-sort', help: 'shuffle, but group identical keys' },
    { short: 'V', long: 'version-sort', help: 'natural sort of (version) numbers within text' },
    {
      long: 'sort',
      value: 'WORD',
      help: 'sort according to WORD: general-numeric, human-numeric, month, numeric, random, version',
    },
    { short: 'c', long: 'check', value: '[diagnose-first]', help: 'check for sorted input; do not sort' },
    { short: 'C', help: 'like -c, but do not report first bad line' },
    { short: 'k', long: 'key', value: 'KEYDEF', help: 'sort via a key; KEYDEF gives location and type' },
    { short: 'm', long: 'merge', help: 'merge already sorted files; do not sort' },
    { short: 'o', long: 'output', value: 'FILE', help: 'write result to FILE instead of standard output' },
    { short: 's', long: 'stable', help: 'stabilize sort by disabling last-resort comparison' },
    { short: 'S', long: 'buffer-size', value: 'SIZE', help: 'use SIZE for main memory buffer' },
    { short: 't', long: 'field-separator', value: 'SEP', help: 'use SEP instead of non-blank to blank transition' },
    { short: 'T', long: 'temporary-directory', value: 'DIR', help: 'use DIR for temporaries, not $TMPDIR or /tmp' },
    { long: 'parallel', value: 'N', help: 'change the number of sorts run concurrently to N' },
    { short: 'u', long: 'unique', help: 'output only the first of an equal run' },
    { short: 'z', long: 'zero-terminated', help: 'line delimiter is NUL, not newline' },
  ],
  notSimulated: '--debug --files0-from --random-source --compress-program --batch-size',
  usageStatus: 2,
  busybox: {
    usage: '[-nrughMcszbdfiokt] [-o FILE] [-k START[.OFS][OPTS][,END[.OFS][OPTS]] [-t CHAR] [FILE]...',
    options: 'nrughMcszbdfiVmSTokt',
    usageStatus: 2,
  },
  async run(process, args) {
    const quote = (word: string) => quoted(process, word)
    const keys = args.all('key').map(text => parseKey(text, quote))
    let letters = Object.entries(globalLetters)
      .filter(([name]) => args.has(name as keyof typeof globalLetters))
      .map(([, letter]) => letter)
      .join('')
    for (const word of args.all('sort')) letters += sortWords[word] ?? ''
    const separator = separatorOf(args.get('field-separator'), quote)
    const compare = comparisonOf(keys, letters, separator)
    const end = args.has('zero-terminated') ? '\0' : '\n'
    const lines = await readLines(process, args.operands, end)
    if (args.has('random-sort')) return print(process, args.get('output'), shuffled(process, lines), end)
    const isReversed = letters.includes('r')
    const total: Comparison = (a, b) => compare(a, b) || (isReversed ? compareTexts(b, a) : compareTexts(a, b))
    const isUnique = args.has('unique')
    if (args.has('check') || args.has('C')) {
      return check(
        process,
        lines,
        args.operands[0] ?? '-',
        isUnique ? compare : args.has('stable') ? compare : total,
        isUnique,
        args.has('C'),
      )
    }
    lines.sort(isUnique || args.has('stable') ? compare : total)
    const result = isUnique
      ? lines.filter((line, index) => index === 0 || compare(lines[index - 1]!, line) !== 0)
      : lines
    return print(process, args.get('output'), result, end)
  },
})

const sortWords: Readonly<Record<string, string>> = {
  'general-numeric': 'g',
  'human-numeric': 'h',
  month: 'M',
  numeric: 'n',
  version: 'V',
}

function separatorOf(text: string | undefined, quote: (word: string) => string): string | undefined {
  if (text === undefined || text.length === 1) return text
  if (text === '\\0') return '\0'
  throw new UsageError(text === '' ? 'empty tab' : `multi-character tab ${quote(text)}`, 2)
}

async function readLines(process: Process, operands: readonly string[], end: string): Promise<string[]> {
  const lines: string[] = []
  for (const name of operands.length === 0 ? ['-'] : operands) {
    try {
      lines.push(...linesIn(await readInput(process, name), end))
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      const action = error.code === 'EISDIR' ? 'read failed' : 'cannot read'
      const words =
        process.flavour === 'busybox'
          ? fileComplaint(process, error, name)
          : `${action}: ${shownName(name)}: ${error.text}`
      throw new Exit(await process.fail(words, 2))
    }
  }
  return lines
}

async function check(
  process: Process,
  lines: readonly string[],
  name: string,
  compare: Comparison,
  isUnique: boolean,
  isQuiet: boolean,
): Promise<number> {
  const limit = isUnique ? 0 : 1
  const wrong = lines.findIndex((line, index) => index > 0 && compare(lines[index - 1]!, line) >= limit)
  if (wrong < 0) return 0
  if (!isQuiet) await process.fail(`${name}:${wrong + 1}: disorder: ${lines[wrong]}`)
  return 1
}

function shuffled(process: Process, lines: readonly string[]): string[] {
  const random = process.kernel.random.fork(`sort ${process.pid}`)
  const places = new Map<string, number>()
  for (const line of lines) if (!places.has(line)) places.set(line, random.below(2 ** 31))
  return lines.toSorted((a, b) => places.get(a)! - places.get(b)! || compareTexts(a, b))
}

async function print(
  process: Process,
  name: string | undefined,
  lines: readonly string[],
  end: string,
): Promise<number> {
  const text = lines.map(line => line + end).join('')
  if (name === undefined) {
    await process.write(text)
    return 0
  }
  try {
    const output = process.openWrite(name)
    await output.write(text)
    output.close()
    return 0
  } catch (error) {
    if (error instanceof FileError) return process.fail(`open failed: ${shownName(name)}: ${error.text}`, 2)
    throw error
  }
}
