import { UsageError } from '../../program.ts'
import { compareTexts } from '../../textOrder.ts'
import { compareVersions } from '../../versionOrder.ts'

/** How two texts are compared: the letters that sort takes globally or behind a key. */
export interface Ordering {
  readonly letters: string
}

/** One `-k`: from a place in the line to another one, and how the part is compared. */
export interface SortKey extends Ordering {
  readonly fromField: number
  readonly fromCharacter: number
  /** Infinity for the end of the line. */
  readonly toField: number
  /** 0 for the end of the field. */
  readonly toCharacter: number
  readonly skipsBlanksAtEnd: boolean
}

const orderingLetters = 'bdfghinMRrV'

/** Reads `2`, `2,3nr`, `1.3,1.5b`. */
export function parseKey(text: string, quote: (word: string) => string): SortKey {
  const match = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/.exec(text)
  if (!match) {
    if (!/^\d/.test(text))
      throw new UsageError(`invalid number at field start: invalid count at start of ${quote(text)}`, 2)
    throw new UsageError(`stray character in field spec: invalid field specification ${quote(text)}`, 2)
  }
  const [, fromField, fromCharacter, fromLetters = '', toField, toCharacter, toLetters = ''] = match
  if (Number(fromField) === 0)
    throw new UsageError(`-: invalid field specification ${quote(text)}`.replace('-', 'field number is zero'), 2)
  if (fromCharacter !== undefined && Number(fromCharacter) === 0) {
    throw new UsageError(`character offset is zero: invalid field specification ${quote(text)}`, 2)
  }
  for (const letter of fromLetters + toLetters) {
    if (!orderingLetters.includes(letter)) {
      throw new UsageError(`stray character in field spec: invalid field specification ${quote(text)}`, 2)
    }
  }
  return {
    fromField: Number(fromField) - 1,
    fromCharacter: Number(fromCharacter ?? 1) - 1,
    toField: toField === undefined ? Number.POSITIVE_INFINITY : Number(toField) - 1,
    toCharacter: Number(toCharacter ?? 0),
    skipsBlanksAtEnd: toLetters.includes('b'),
    letters: fromLetters + toLetters,
  }
}

/** Compares two lines by keys. */
export type Comparison = (a: string, b: string) => number

/** The comparison that keys and global letters ask for, without the last resort. */
export function comparisonOf(
  keys: readonly SortKey[],
  globalLetters: string,
  separator: string | undefined,
): Comparison {
  if (keys.length === 0) {
    const compare = partComparison(globalLetters)
    const sign = globalLetters.includes('r') ? -1 : 1
    return (a, b) => sign * compare(a, b)
  }
  const parts = keys.map(key => {
    const letters = key.letters === '' ? globalLetters : key.letters
    const sign = letters.includes('r') ? -1 : 1
    const compare = partComparison(letters)
    return (a: string, b: string) =>
      sign * compare(partOf(a, key, letters, separator), partOf(b, key, letters, separator))
  })
  return (a, b) => {
    for (const compare of parts) {
      const order = compare(a, b)
      if (order !== 0) return order
    }
    return 0
  }
}

function partComparison(letters: string): Comparison {
  if (letters.includes('n')) return (a, b) => compareNumbers(a, b)
  if (letters.includes('h')) return (a, b) => compareSizes(a, b)
  if (letters.includes('g')) return (a, b) => compareFloats(a, b)
  if (letters.includes('M')) return (a, b) => monthOf(a) - monthOf(b)
  if (letters.includes('V')) return compareVersions
  const clean = cleanerOf(letters)
  return clean ? (a, b) => compareTexts(clean(a), clean(b)) : compareTexts
}

function cleanerOf(letters: string): ((text: string) => string) | undefined {
  const steps: ((text: string) => string)[] = []
  if (letters.includes('b')) steps.push(text => text.replace(/^[ \t]+/, ''))
  if (letters.includes('d')) steps.push(text => text.replace(/[^\p{L}\p{N} \t]/gu, ''))
  if (letters.includes('i')) steps.push(text => text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, ''))
  if (letters.includes('f')) steps.push(text => text.toUpperCase())
  if (steps.length === 0) return undefined
  return text => steps.reduce((result, step) => step(result), text)
}

function compareNumbers(a: string, b: string): number {
  return numberOf(a) - numberOf(b)
}

function numberOf(text: string): number {
  const match = /^[ \t]*(-?\d*\.?\d*)/.exec(text)
  return Number(match?.[1]) || 0
}

function compareSizes(a: string, b: string): number {
  const [first, second] = [sizeOf(a), sizeOf(b)]
  return first.power - second.power || first.value - second.value
}

/** A unit counts more than any number: 1M is more than 2000K. */
function sizeOf(text: string): { power: number; value: number } {
  const match = /^[ \t]*(-?)(\d*\.?\d*)([kKMGTPEZY]?)/.exec(text)
  const value = Number(match?.[2]) || 0
  const power = value === 0 ? 0 : ' KMGTPEZY'.indexOf((match?.[3] || ' ').toUpperCase())
  return match?.[1] ? { power: -power, value: -value } : { power, value }
}

function compareFloats(a: string, b: string): number {
  const [first, second] = [Number.parseFloat(a), Number.parseFloat(b)]
  if (Number.isNaN(first) || Number.isNaN(second)) return Number(Number.isNaN(second)) - Number(Number.isNaN(first))
  return first - second
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']

function monthOf(text: string): number {
  return months.indexOf(text.trimStart().slice(0, 3).toUpperCase())
}

function partOf(line: string, key: SortKey, letters: string, separator: string | undefined): string {
  const start = placeOf(line, key.fromField, key.fromCharacter, separator, letters.includes('b'))
  if (key.toField === Number.POSITIVE_INFINITY) return line.slice(start)
  const end =
    key.toCharacter === 0
      ? endOfField(line, key.toField, separator)
      : placeOf(line, key.toField, key.toCharacter, separator, key.skipsBlanksAtEnd)
  return line.slice(start, Math.max(start, end))
}

function placeOf(
  line: string,
  field: number,
  character: number,
  separator: string | undefined,
  skipsBlanks: boolean,
): number {
  let at = startOfField(line, field, separator)
  if (skipsBlanks) while (at < line.length && isBlank(line[at])) at++
  return Math.min(line.length, at + character)
}

/** Without a separator a field begins with the blanks in front of it. */
function startOfField(line: string, field: number, separator: string | undefined): number {
  let at = 0
  for (let left = field; left > 0 && at < line.length; left--) {
    if (separator === undefined) at = endOfWord(line, at)
    else {
      const next = line.indexOf(separator, at)
      if (next < 0) return line.length
      at = next + 1
    }
  }
  return at
}

function endOfField(line: string, field: number, separator: string | undefined): number {
  const start = startOfField(line, field, separator)
  if (separator === undefined) return endOfWord(line, start)
  const end = line.indexOf(separator, start)
  return end < 0 ? line.length : end
}

function endOfWord(line: string, start: number): number {
  let at = start
  while (at < line.length && isBlank(line[at])) at++
  while (at < line.length && !isBlank(line[at])) at++
  return at
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\n'
}
