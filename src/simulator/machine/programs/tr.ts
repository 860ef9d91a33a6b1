import { bytesOf, textOf } from '../bytes.ts'
import { type Arguments, defineProgram } from '../options.ts'
import { type Process, UsageError } from '../program.ts'
import { quoted } from '../quoting.ts'

/** Replaces, squeezes or removes characters. */
export const tr = defineProgram({
  name: 'tr',
  summary: 'translate or delete characters',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... STRING1 [STRING2]',
  options: [
    { short: 'c', long: 'complement', help: 'use the complement of STRING1' },
    { short: 'C', help: 'same as -c' },
    { short: 'd', long: 'delete', help: 'delete characters in STRING1, do not translate' },
    { short: 's', long: 'squeeze-repeats', help: 'replace each sequence of a repeated character with one of it' },
    { short: 't', long: 'truncate-set1', help: 'first truncate STRING1 to length of STRING2' },
  ],
  operandsEndOptions: true,
  busybox: { usage: '[-cds] STRING1 [STRING2]', options: 'cCds' },
  async run(process, args) {
    checkOperands(process, args)
    const translate = translator(process, args)
    for (let piece = await process.stdin.read(); piece !== undefined; piece = await process.stdin.read()) {
      await process.write(textOf(translate(bytesOf(piece))))
    }
    return 0
  },
})

function checkOperands(process: Process, args: Arguments): void {
  const [deletes, squeezes] = [args.has('delete'), args.has('squeeze-repeats')]
  const least = deletes === squeezes ? 2 : 1
  const most = deletes && !squeezes ? 1 : 2
  const { operands } = args
  if (operands.length >= least && operands.length <= most) return
  if (operands.length === 0) throw args.misuse('missing operand')
  const word = quoted(process, operands[operands.length < least ? operands.length - 1 : most]!)
  if (operands.length < least) {
    const why = squeezes ? 'both deleting and squeezing repeats' : 'translating'
    throw args.misuse(`missing operand after ${word}\nTwo strings must be given when ${why}.`)
  }
  const why = most === 1 ? '\nOnly one string may be given when deleting without squeezing repeats.' : ''
  throw args.misuse(`extra operand ${word}${why}`)
}

// Works on bytes as GNU tr does: a Korean syllable is three of them.
function translator(process: Process, args: Arguments): (bytes: Uint8Array) => Uint8Array {
  const [deletes, squeezes] = [args.has('delete'), args.has('squeeze-repeats')]
  const isComplement = args.has('complement') || args.has('C')
  const [firstText = '', secondText] = args.operands
  const plain = expand(process, firstText, undefined)
  const first = isComplement ? complementOf(plain) : plain
  const translates = !deletes && secondText !== undefined
  const map = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  let second: number[] = secondText === undefined ? [] : expand(process, secondText, first.length)
  if (translates) {
    if (second.length === 0 && first.length > 0 && !args.has('truncate-set1')) {
      throw new UsageError('when not truncating set1, string2 must be non-empty')
    }
    const last = second.at(-1)
    if (last !== undefined && !args.has('truncate-set1')) {
      second = [...second, ...Array<number>(Math.max(0, first.length - second.length)).fill(last)]
    }
    first.forEach((byte, index) => {
      const target = second[index]
      if (target !== undefined) map[byte] = target
    })
  }
  const deleted = new Set(deletes ? first : [])
  const squeezed = new Set(squeezes ? (secondText === undefined ? first : second) : [])
  let previous = -1
  return bytes => {
    const result = new Uint8Array(bytes.length)
    let length = 0
    for (const byte of bytes) {
      if (deleted.has(byte)) continue
      const target = map[byte]!
      if (target === previous && squeezed.has(target)) continue
      result[length++] = target
      previous = target
    }
    return result.subarray(0, length)
  }
}

function complementOf(bytes: readonly number[]): number[] {
  const members = new Set(bytes)
  return Array.from({ length: 256 }, (_, byte) => byte).filter(byte => !members.has(byte))
}

const classes: Readonly<Record<string, (byte: number) => boolean>> = {
  alpha: byte => isBetween(byte, 'a', 'z') || isBetween(byte, 'A', 'Z'),
  upper: byte => isBetween(byte, 'A', 'Z'),
  lower: byte => isBetween(byte, 'a', 'z'),
  digit: byte => isBetween(byte, '0', '9'),
  alnum: byte => isBetween(byte, 'a', 'z') || isBetween(byte, 'A', 'Z') || isBetween(byte, '0', '9'),
  space: byte => byte === 32 || (byte >= 9 && byte <= 13),
  blank: byte => byte === 32 || byte === 9,
  punct: byte => byte > 32 && byte < 127 && !/[a-zA-Z0-9]/.test(String.fromCharCode(byte)),
  print: byte => byte >= 32 && byte < 127,
  graph: byte => byte > 32 && byte < 127,
  cntrl: byte => byte < 32 || byte === 127,
  xdigit: byte => isBetween(byte, '0', '9') || isBetween(byte, 'a', 'f') || isBetween(byte, 'A', 'F'),
}

function isBetween(byte: number, first: string, last: string): boolean {
  return byte >= first.charCodeAt(0) && byte <= last.charCodeAt(0)
}

const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 }

/** The bytes that a set names: ranges, classes, escapes and `[x*n]`; `fill` is how long `[x*]` makes it. */
function expand(process: Process, text: string, fill: number | undefined): number[] {
  const bytes: number[] = []
  let rest = text
  while (rest !== '') {
    const named = /^\[:(\w+):\]/.exec(rest)
    const isMember = named ? classes[named[1]!] : undefined
    if (named && !isMember) throw new UsageError(`invalid character class ${quoted(process, named[1]!)}`)
    if (named && isMember) {
      bytes.push(...Array.from({ length: 256 }, (_, byte) => byte).filter(isMember))
      rest = rest.slice(named[0].length)
      continue
    }
    const repeated = /^\[(\\?.)\*(\d*)\]/su.exec(rest)
    if (repeated && fill !== undefined) {
      const [byte = 0] = expand(process, repeated[1]!, undefined)
      const digits = repeated[2]!
      const asked = digits.startsWith('0') ? Number.parseInt(digits, 8) : Number(digits)
      bytes.push(...Array<number>(asked || Math.max(0, fill - bytes.length)).fill(byte))
      rest = rest.slice(repeated[0].length)
      continue
    }
    const equivalent = /^\[=(.)=\]/s.exec(rest)
    if (equivalent) {
      bytes.push(...bytesOf(equivalent[1]!))
      rest = rest.slice(equivalent[0].length)
      continue
    }
    const [from, length] = oneAt(rest)
    rest = rest.slice(length)
    if (rest.startsWith('-') && rest.length > 1 && from.length === 1) {
      const [to, used] = oneAt(rest.slice(1))
      if (to.length === 1) {
        if (to[0]! < from[0]!) {
          const range = `${text.slice(text.length - rest.length - length, text.length - rest.length)}${rest.slice(0, 1 + used)}`
          throw new UsageError(`range-endpoints of '${range}' are in reverse collating sequence order`)
        }
        for (let byte = from[0]!; byte <= to[0]!; byte++) bytes.push(byte)
        rest = rest.slice(1 + used)
        continue
      }
    }
    bytes.push(...from)
  }
  return bytes
}

/** The bytes of the character that a text begins with, and how long it is written. */
function oneAt(text: string): [bytes: readonly number[], length: number] {
  if (text[0] === '\\' && text.length > 1) {
    const octal = /^\\([0-7]{1,3})/.exec(text)
    if (octal) return [[Number.parseInt(octal[1]!, 8) & 255], octal[0].length]
    const known = escapes[text[1]!]
    if (known !== undefined) return [[known], 2]
    const [bytes, length] = oneAt(text.slice(1))
    return [bytes, length + 1]
  }
  const character = String.fromCodePoint(text.codePointAt(0)!)
  return [[...bytesOf(character)], character.length]
}
