import { bytesOf, textOf } from '../bytes.ts'
import { FileError } from '../fileError.ts'
import { readInput, reportFile } from '../inputs.ts'
import { defineProgram } from '../options.ts'
import { quoted } from '../quoting.ts'

/** Encodes and decodes base64. */
export const base64 = defineProgram({
  name: 'base64',
  summary: 'base64 encode or decode data and print to standard output',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE]',
  options: [
    { short: 'd', long: 'decode', help: 'decode data' },
    { short: 'i', long: 'ignore-garbage', help: 'when decoding, ignore non-alphabet characters' },
    {
      short: 'w',
      long: 'wrap',
      value: 'COLS',
      help: 'wrap encoded lines after COLS character (default 76); 0 for none',
    },
  ],
  busybox: { usage: '[-d] [-w COL] [FILE]', options: 'dw' },
  async run(process, args) {
    args.demandOperands(0, 1)
    const width = args.get('wrap') ?? '76'
    if (!/^\d+$/.test(width)) return process.fail(`invalid wrap size: ${quoted(process, width)}`)
    let text: string
    try {
      text = await readInput(process, args.operands[0] ?? '-')
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      if (error.code === 'EISDIR') return process.fail(`read error: ${error.text}`)
      return reportFile(process, error, args.operands[0]!)
    }
    if (!args.has('decode')) {
      await process.write(wrapped(encode(bytesOf(text)), Number(width)))
      return 0
    }
    const letters = args.has('ignore-garbage') ? text.replace(/[^A-Za-z0-9+/=]/g, '') : text.replaceAll('\n', '')
    const { bytes, isWhole } = decode(letters)
    await process.write(textOf(bytes))
    if (isWhole) return 0
    return process.fail(process.flavour === 'busybox' ? 'truncated input' : 'invalid input')
  },
})

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function encode(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    const left = bytes.length - i
    text += alphabet[group >> 18]! + alphabet[(group >> 12) & 63]!
    text += (left > 1 ? alphabet[(group >> 6) & 63]! : '=') + (left > 2 ? alphabet[group & 63]! : '=')
  }
  return text
}

function wrapped(text: string, width: number): string {
  if (width === 0) return text
  let result = ''
  for (let i = 0; i < text.length; i += width) result += `${text.slice(i, i + width)}\n`
  return result
}

/** Everything up to the first character that does not belong. */
function decode(text: string): { bytes: Uint8Array; isWhole: boolean } {
  const bytes: number[] = []
  let i = 0
  for (; i < text.length; i += 4) {
    const group = /^(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)/.exec(text.slice(i, i + 4))?.[0]
    if (group === undefined) {
      const start = /^[A-Za-z0-9+/]*/.exec(text.slice(i, i + 4))![0]
      bytes.push(...groupBytes(start))
      break
    }
    bytes.push(...groupBytes(group.replaceAll('=', '')))
  }
  return { bytes: Uint8Array.from(bytes), isWhole: i >= text.length }
}

function groupBytes(letters: string): number[] {
  let value = 0
  for (const letter of letters.padEnd(4, 'A')) value = (value << 6) | alphabet.indexOf(letter)
  return [value >> 16, (value >> 8) & 255, value & 255].slice(0, Math.max(0, letters.length - 1))
}
