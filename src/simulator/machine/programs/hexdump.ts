import { bytesOf } from '../bytes.ts'
import { FileError } from '../fileError.ts'
import { readInput, reportFile } from '../inputs.ts'
import { type Arguments, defineProgram, type OptionName } from '../options.ts'
import type { Process } from '../program.ts'

const options = [
  { short: 'b', long: 'one-byte-octal', help: 'one-byte octal display' },
  { short: 'c', long: 'one-byte-char', help: 'one-byte character display' },
  { short: 'C', long: 'canonical', help: 'canonical hex+ASCII display' },
  { short: 'd', long: 'two-bytes-decimal', help: 'two-byte decimal display' },
  { short: 'o', long: 'two-bytes-octal', help: 'two-byte octal display' },
  { short: 'x', long: 'two-bytes-hex', help: 'two-byte hexadecimal display' },
  { short: 'n', long: 'length', value: 'LENGTH', help: 'interpret only length bytes of input' },
  { short: 's', long: 'skip', value: 'OFFSET', help: 'skip offset bytes from the beginning' },
  { short: 'v', long: 'no-squeezing', help: 'output identical lines' },
] as const

const declaration = {
  summary: 'display file contents in hexadecimal, decimal, octal, or ascii',
  package: 'util-linux 2.38.1',
  usage: '[options] <file>...',
  options,
  notSimulated: '-e --format -f --format-file -L --color',
  busybox: { usage: '[-bcCdefnosvxR] [FILE]...', options: 'bcCdonsvx' },
} as const

/** Shows the bytes of files. */
export const hexdump = defineProgram({
  ...declaration,
  name: 'hexdump',
  run: (process, args) => show(process, args, false),
})

/** `hexdump -C`. */
export const hd = defineProgram({ ...declaration, name: 'hd', run: (process, args) => show(process, args, true) })

async function show(
  process: Process,
  args: Arguments<OptionName<typeof options>>,
  isCanonical: boolean,
): Promise<number> {
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
  const skip = Number(args.get('skip') ?? 0)
  const length = Number(args.get('length') ?? Number.POSITIVE_INFINITY)
  const bytes = bytesOf(text).subarray(skip, skip + length)
  const format = args.last(
    'one-byte-octal',
    'one-byte-char',
    'canonical',
    'two-bytes-decimal',
    'two-bytes-octal',
    'two-bytes-hex',
  )
  const row = rows[format ?? (isCanonical ? 'canonical' : 'plain')]!
  const isWide = format === 'canonical' || (isCanonical && format === undefined)
  const address = (offset: number) => offset.toString(16).padStart(isWide ? 8 : 7, '0')
  let output = ''
  let previous = ''
  let isRepeating = false
  for (let start = 0; start < bytes.length; start += 16) {
    const line = bytes.subarray(start, start + 16)
    const key = line.length === 16 ? line.join() : ''
    if (key !== '' && key === previous && !args.has('no-squeezing')) {
      if (!isRepeating) output += '*\n'
      isRepeating = true
      continue
    }
    isRepeating = false
    previous = key
    output += `${address(start + skip)}${row(line)}\n`
  }
  if (bytes.length > 0) output += `${address(bytes.length + skip)}\n`
  await process.write(output)
  return status
}

/** How a line of sixteen bytes is shown. */
const rows: Readonly<Record<string, (line: Uint8Array) => string>> = {
  canonical: line => {
    const fields = Array.from({ length: 16 }, (_, i) => (i < line.length ? hex(line[i]!, 2) : '  '))
    const shown = Array.from(line, byte => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('')
    return `  ${fields.slice(0, 8).join(' ')}  ${fields.slice(8).join(' ')}  |${shown}|`
  },
  plain: line =>
    padded(
      pairs(line).map(pair => ` ${hex(pair, 4)}`),
      5,
    ),
  'two-bytes-hex': line =>
    padded(
      pairs(line).map(pair => `    ${hex(pair, 4)}`),
      8,
    ),
  'two-bytes-decimal': line =>
    padded(
      pairs(line).map(pair => `   ${String(pair).padStart(5, '0')}`),
      8,
    ),
  'two-bytes-octal': line =>
    padded(
      pairs(line).map(pair => `  ${pair.toString(8).padStart(6, '0')}`),
      8,
    ),
  'one-byte-octal': line =>
    Array.from({ length: 16 }, (_, i) => (i < line.length ? ` ${line[i]!.toString(8).padStart(3, '0')}` : '    ')).join(
      '',
    ),
  'one-byte-char': line =>
    Array.from({ length: 16 }, (_, i) => (i < line.length ? ` ${character(line[i]!).padStart(3)}` : '    ')).join(''),
}

function padded(fields: readonly string[], width: number): string {
  return fields.join('') + ' '.repeat((8 - fields.length) * width)
}

function pairs(line: Uint8Array): number[] {
  return Array.from({ length: Math.ceil(line.length / 2) }, (_, i) => line[2 * i]! | ((line[2 * i + 1] ?? 0) << 8))
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0')
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

function character(byte: number): string {
  if (byte >= 32 && byte < 127) return String.fromCharCode(byte)
  return escapes[byte] ?? byte.toString(8).padStart(3, '0')
}
