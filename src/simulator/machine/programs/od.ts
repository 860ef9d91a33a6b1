import { bytesOf } from '../bytes.ts'
import { FileError } from '../fileError.ts'
import { readInput, reportFile } from '../inputs.ts'
import { type Arguments, defineProgram } from '../options.ts'
import { quoted } from '../quoting.ts'

/** Shows the bytes of files as numbers or characters. */
export const od = defineProgram({
  name: 'od',
  summary: 'dump files in octal and other formats',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE]...',
  options: [
    {
      short: 'A',
      long: 'address-radix',
      value: 'RADIX',
      help: 'output format for file offsets: d, o, x, or n for none',
    },
    { short: 'j', long: 'skip-bytes', value: 'BYTES', help: 'skip BYTES input bytes first' },
    { short: 'N', long: 'read-bytes', value: 'BYTES', help: 'limit dump to BYTES input bytes' },
    {
      short: 't',
      long: 'format',
      value: 'TYPE',
      help: 'select output format: a, c, d, o, u or x, with a size behind it',
    },
    { short: 'v', long: 'output-duplicates', help: 'do not use * to mark line suppression' },
    { short: 'w', long: 'width', value: '[BYTES]', help: 'output BYTES bytes per output line' },
    { short: 'a', help: 'same as -t a, select named characters' },
    { short: 'b', help: 'same as -t o1, select octal bytes' },
    { short: 'c', help: 'same as -t c, select printable characters or backslash escapes' },
    { short: 'd', help: 'same as -t u2, select unsigned decimal 2-byte units' },
    { short: 'o', help: 'same as -t o2, select octal 2-byte units' },
    { short: 's', help: 'same as -t d2, select decimal 2-byte units' },
    { short: 'x', help: 'same as -t x2, select hexadecimal 2-byte units' },
  ],
  notSimulated: '-f -i -l -e -S --strings --endian --traditional',
  busybox: { usage: '[-aBbcDdeFfHhIiLlOovXx] [FILE]...', options: 'AjNtvwabcdosx' },
  async run(process, args) {
    let text = ''
    let status = 0
    for (const name of args.operands.length > 0 ? args.operands : ['-']) {
      try {
        text += await readInput(process, name)
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        status = await reportFile(process, error, name)
      }
    }
    const formats = formatsOf(args)
    if (typeof formats === 'string') {
      const type = quoted(process, args.get('format') ?? '')
      return process.fail(`invalid character '${formats}' in type string ${type}`)
    }
    const skip = Number(args.get('skip-bytes') ?? 0)
    const limit = Number(args.get('read-bytes') ?? Number.POSITIVE_INFINITY)
    const bytes = bytesOf(text).subarray(skip, skip + limit)
    if (bytes.length === 0 && status !== 0) return status
    await process.write(dump(bytes, skip, formats, args))
    return status
  },
})

interface Format {
  readonly kind: 'a' | 'c' | 'd' | 'o' | 'u' | 'x'
  readonly size: 1 | 2 | 4 | 8
  readonly showsText: boolean
}

const letters: Readonly<Record<string, string>> = { a: 'a', b: 'o1', c: 'c', d: 'u2', o: 'o2', s: 'd2', x: 'x2' }

/** The formats that are asked for, or the letter that is none. */
function formatsOf(args: Arguments): Format[] | string {
  const formats: Format[] = []
  for (const { name, value } of args.given) {
    const text = name === 'format' ? value! : letters[name]
    if (text === undefined) continue
    for (const match of text.matchAll(/([acdoux])([1248CSIL]?)(z?)|(.)/g)) {
      if (match[4] !== undefined) return match[4]
      const kind = match[1] as Format['kind']
      const size =
        kind === 'a' || kind === 'c'
          ? 1
          : (({ C: 1, S: 2, I: 4, L: 8 }[match[2]!] ?? (Number(match[2]) || 4)) as Format['size'])
      formats.push({ kind, size, showsText: match[3] === 'z' })
    }
  }
  return formats.length > 0 ? formats : [{ kind: 'o', size: 2, showsText: false }]
}

function dump(bytes: Uint8Array, skip: number, formats: readonly Format[], args: Arguments): string {
  const width = args.has('width') ? Number(args.get('width') ?? 32) : 16
  const radix = args.get('address-radix') ?? 'o'
  const address = (offset: number) => {
    if (radix === 'n') return ''
    const base = { d: 10, x: 16 }[radix] ?? 8
    return offset.toString(base).padStart(radix === 'x' ? 6 : 7, '0')
  }
  // Several formats share the column of the widest one.
  const perByte = Math.max(...formats.map(format => (fieldWidth(format) + 1) / format.size))
  let text = ''
  let previous = ''
  let isRepeating = false
  for (let start = 0; start < bytes.length; start += width) {
    const line = bytes.subarray(start, start + width)
    const key = line.length === width ? line.join() : ''
    if (key !== '' && key === previous && !args.has('output-duplicates')) {
      if (!isRepeating) text += '*\n'
      isRepeating = true
      continue
    }
    isRepeating = false
    previous = key
    formats.forEach((format, index) => {
      const front = index === 0 ? address(start + skip) : radix === 'n' ? '' : ' '.repeat(address(0).length)
      const fields = fieldsOf(line, format).map(field => field.padStart(perByte * format.size))
      const missing = format.showsText ? ' '.repeat((width - line.length) * perByte) : ''
      const shown = format.showsText ? `${missing}  >${printable(line)}<` : ''
      text += `${front}${fields.join('')}${shown}\n`
    })
  }
  return radix === 'n' ? text : `${text}${address(bytes.length + skip)}\n`
}

function fieldWidth({ kind, size }: Format): number {
  switch (kind) {
    case 'a':
    case 'c':
      return 3
    case 'x':
      return size * 2
    case 'o':
      return { 1: 3, 2: 6, 4: 11, 8: 22 }[size]
    case 'u':
      return { 1: 3, 2: 5, 4: 10, 8: 20 }[size]
    case 'd':
      return { 1: 4, 2: 6, 4: 11, 8: 20 }[size]
  }
}

function fieldsOf(line: Uint8Array, { kind, size }: Format): string[] {
  const fields: string[] = []
  for (let at = 0; at < line.length; at += size) {
    if (kind === 'a' || kind === 'c') {
      fields.push(kind === 'c' ? characterName(line[at]!) : asciiName(line[at]! & 127))
      continue
    }
    let value = 0n
    for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(line[at + i] ?? 0)
    if (kind === 'd') fields.push(BigInt.asIntN(size * 8, value).toString())
    else if (kind === 'u') fields.push(value.toString())
    else fields.push(value.toString(kind === 'x' ? 16 : 8).padStart(fieldWidth({ kind, size, showsText: false }), '0'))
  }
  return fields
}

const escapes: Readonly<Record<number, string>> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
}

function characterName(byte: number): string {
  if (byte >= 32 && byte < 127) return String.fromCharCode(byte)
  return escapes[byte] ?? byte.toString(8).padStart(3, '0')
}

const controlNames =
  'nul soh stx etx eot enq ack bel bs ht nl vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us sp'.split(
    ' ',
  )

function asciiName(byte: number): string {
  return byte === 127 ? 'del' : (controlNames[byte] ?? String.fromCharCode(byte))
}

function printable(line: Uint8Array): string {
  return Array.from(line, byte => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('')
}
