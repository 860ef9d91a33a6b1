import { bytesOf, textOf } from '../bytes.ts'
import { FileError } from '../fileError.ts'
import { readInput } from '../inputs.ts'
import { type Arguments, defineProgram } from '../options.ts'

/** Makes a hex dump, or undoes one. */
export const xxd = defineProgram({
  name: 'xxd',
  summary: 'make a hexdump or do the reverse',
  package: 'xxd 2022-01-14',
  usage: '[options] [infile [outfile]]',
  options: [
    { short: 'b', help: 'binary digit dump' },
    { short: 'c', value: 'COLS', help: 'format <cols> octets per line. Default 16' },
    { short: 'g', value: 'BYTES', help: 'number of octets per group in normal output. Default 2' },
    { short: 'i', help: 'output in C include file style' },
    { short: 'l', value: 'LEN', help: 'stop after <len> octets' },
    { short: 'p', help: 'output in postscript plain hexdump style' },
    { short: 'r', help: 'reverse operation: convert hexdump into binary' },
    { short: 's', value: 'SEEK', help: 'start at <seek> bytes' },
    { short: 'u', help: 'use upper case hex letters' },
  ],
  notSimulated: '-a -C -d -E -e -n -o -v',
  busybox: { usage: '[-pri] [-g N] [-c N] [-l LEN] [-s OFS] [-o OFS] [FILE]', options: 'priglcsu' },
  async run(process, args) {
    const name = args.operands[0] ?? '-'
    let text: string
    try {
      text = await readInput(process, name)
    } catch (error) {
      if (error instanceof FileError) return process.fail(`${name}: ${error.text}`, 2)
      throw error
    }
    const output = args.has('r') ? textOf(undump(text, args.has('p'))) : dump(text, args)
    if (args.operands[1] === undefined) await process.write(output)
    else {
      const file = process.openWrite(args.operands[1])
      await file.write(output)
      file.close()
    }
    return 0
  },
})

function dump(text: string, args: Arguments): string {
  const start = Number(args.get('s') ?? 0)
  const bytes = bytesOf(text).subarray(start, start + Number(args.get('l') ?? Number.POSITIVE_INFINITY))
  const hex = (byte: number) => {
    const digits = byte.toString(16).padStart(2, '0')
    return args.has('u') ? digits.toUpperCase() : digits
  }
  const width = Number(args.get('c') ?? (args.has('p') ? 30 : args.has('i') ? 12 : args.has('b') ? 6 : 16))
  const lines: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += width) lines.push(bytes.subarray(at, at + width))
  if (args.has('p')) return lines.map(line => `${Array.from(line, hex).join('')}\n`).join('')
  if (args.has('i'))
    return `${lines.map(line => `  ${Array.from(line, byte => `0x${hex(byte)}`).join(', ')}`).join(',\n')}\n`
  const group = Number(args.get('g') ?? (args.has('b') ? 1 : 2)) || width
  const digits = args.has('b') ? (byte: number) => byte.toString(2).padStart(8, '0') : hex
  const size = digits(0).length
  const fieldWidth = width * size + Math.ceil(width / group)
  return lines
    .map((line, index) => {
      let fields = ''
      line.forEach((byte, at) => {
        fields += digits(byte) + ((at + 1) % group === 0 ? ' ' : '')
      })
      const shown = Array.from(line, byte => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('')
      const address = (start + index * width).toString(16).padStart(8, '0')
      return `${address}: ${fields.padEnd(fieldWidth)} ${shown}\n`
    })
    .join('')
}

function undump(text: string, isPlain: boolean): Uint8Array {
  const digits = text
    .split('\n')
    .map(line => (isPlain ? line : (/^[0-9a-fA-F]+: ?((?:[0-9a-fA-F]+ ?)+?)(?: {1,2}|$)/.exec(line)?.[1] ?? '')))
    .join('')
    .replace(/[^0-9a-fA-F]/g, '')
  return Uint8Array.from(digits.match(/../g) ?? [], pair => Number.parseInt(pair, 16))
}
