import { bytesOf, textOf } from './bytes.ts'

/** One member of a tar archive. */
export interface TarEntry {
  readonly name: string
  readonly kind: 'file' | 'directory' | 'link' | 'hardLink'
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly userName: string
  readonly groupName: string
  /** Seconds since 1970. */
  readonly modified: number
  readonly contents: Uint8Array
  /** Where a link points. */
  readonly target: string
}

/** An archive that is not one, or is cut off. */
export class TarError extends Error {}

const blockSize = 512
/** Archives are padded to whole records of twenty blocks. */
const recordSize = 20 * blockSize

const typeFlags = { file: '0', hardLink: '1', link: '2', directory: '5' } as const

/** The bytes of an archive in GNU's format (ustar, long names in members of their own). */
export function writeTar(entries: readonly TarEntry[]): Uint8Array {
  const blocks: Uint8Array[] = []
  for (const entry of entries) {
    for (const [text, type] of [
      [entry.target, 'K'],
      [entry.name, 'L'],
    ] as const) {
      if (bytesOf(text).length > 100) blocks.push(...member({ ...longName, contents: bytesOf(`${text}\0`) }, type))
    }
    blocks.push(...member(entry, typeFlags[entry.kind]))
  }
  const length = blocks.reduce((sum, block) => sum + block.length, 0) + 2 * blockSize
  const archive = new Uint8Array(Math.ceil(length / recordSize) * recordSize)
  let at = 0
  for (const block of blocks) {
    archive.set(block, at)
    at += block.length
  }
  return archive
}

const longName: TarEntry = {
  name: '././@LongLink',
  kind: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  userName: 'root',
  groupName: 'root',
  modified: 0,
  contents: new Uint8Array(0),
  target: '',
}

function member(entry: TarEntry, type: string): Uint8Array[] {
  const header = new Uint8Array(blockSize)
  const put = (text: string, at: number, length: number) => header.set(bytesOf(text).subarray(0, length), at)
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0')
  put(entry.name, 0, 100)
  put(octal(entry.mode, 7), 100, 8)
  put(octal(entry.uid, 7), 108, 8)
  put(octal(entry.gid, 7), 116, 8)
  put(octal(entry.contents.length, 11), 124, 12)
  put(octal(Math.floor(entry.modified), 11), 136, 12)
  put('        ', 148, 8)
  put(type, 156, 1)
  put(entry.target, 157, 100)
  put('ustar  ', 257, 8)
  put(entry.userName, 265, 31)
  put(entry.groupName, 297, 31)
  const sum = header.reduce((all, byte) => all + byte, 0)
  put(`${octal(sum, 6)}\0 `, 148, 8)
  if (entry.contents.length === 0) return [header]
  const padded = new Uint8Array(Math.ceil(entry.contents.length / blockSize) * blockSize)
  padded.set(entry.contents)
  return [header, padded]
}

/** The members of an archive. Throws `TarError`. */
export function readTar(archive: Uint8Array): TarEntry[] {
  const entries: TarEntry[] = []
  let name: string | undefined
  let target: string | undefined
  for (let at = 0; at + blockSize <= archive.length; ) {
    const header = archive.subarray(at, at + blockSize)
    if (header.every(byte => byte === 0)) return entries
    if (!hasValidSum(header))
      throw new TarError(at === 0 ? 'This does not look like a tar archive' : 'Skipping to next header')
    const size = number(header, 124, 12)
    const contents = archive.slice(at + blockSize, at + blockSize + size)
    if (contents.length < size) throw new TarError('Unexpected EOF in archive')
    at += blockSize + Math.ceil(size / blockSize) * blockSize
    const type = String.fromCharCode(header[156]!)
    if (type === 'L') name = field(contents, 0, size)
    else if (type === 'K') target = field(contents, 0, size)
    else if (type === 'x' || type === 'g') {
      const records = paxRecords(contents)
      name = records.get('path') ?? name
      target = records.get('linkpath') ?? target
    } else {
      entries.push(entryOf(header, type, contents, name, target))
      name = undefined
      target = undefined
    }
  }
  return entries
}

function entryOf(
  header: Uint8Array,
  type: string,
  contents: Uint8Array,
  name: string | undefined,
  target: string | undefined,
): TarEntry {
  const prefix = field(header, 257, 6) === 'ustar' && header[263] === 48 ? field(header, 345, 155) : ''
  const short = field(header, 0, 100)
  const whole = name ?? (prefix === '' ? short : `${prefix}/${short}`)
  const kinds: Readonly<Record<string, TarEntry['kind']>> = { '5': 'directory', '2': 'link', '1': 'hardLink' }
  return {
    name: whole,
    kind: kinds[type] ?? (whole.endsWith('/') ? 'directory' : 'file'),
    mode: number(header, 100, 8) & 0o7777,
    uid: number(header, 108, 8),
    gid: number(header, 116, 8),
    userName: field(header, 265, 32),
    groupName: field(header, 297, 32),
    modified: number(header, 136, 12),
    contents,
    target: target ?? field(header, 157, 100),
  }
}

function field(bytes: Uint8Array, at: number, length: number): string {
  const part = bytes.subarray(at, at + length)
  const end = part.indexOf(0)
  return textOf(end < 0 ? part : part.subarray(0, end))
}

function number(bytes: Uint8Array, at: number, length: number): number {
  return Number.parseInt(field(bytes, at, length).trim() || '0', 8)
}

function hasValidSum(header: Uint8Array): boolean {
  const sum = header.reduce((all, byte, index) => all + (index >= 148 && index < 156 ? 32 : byte), 0)
  return sum === number(header, 148, 8)
}

/** `27 path=a/long/name\n` and the like. */
function paxRecords(contents: Uint8Array): Map<string, string> {
  const records = new Map<string, string>()
  for (const match of textOf(contents).matchAll(/^\d+ ([^=]+)=(.*)$/gm)) records.set(match[1]!, match[2]!)
  return records
}
