import { byteLength } from '../bytes.ts'
import { formatDate, zoneOf } from '../dateFormat.ts'
import { FileError } from '../fileError.ts'
import { modeLetters, type Stat } from '../inode.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { quotedName, shownName } from '../quoting.ts'

/** Tells what is known about files. */
export const stat = defineProgram({
  name: 'stat',
  summary: 'display file or file system status',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... FILE...',
  options: [
    { short: 'L', long: 'dereference', help: 'follow links' },
    {
      short: 'c',
      long: 'format',
      value: 'FORMAT',
      help: 'use the specified FORMAT; output a newline after each use of it',
    },
    {
      long: 'printf',
      value: 'FORMAT',
      help: 'like --format, but interpret backslash escapes, and do not add a newline',
    },
    { short: 't', long: 'terse', help: 'print the information in terse form' },
  ],
  notSimulated: '-f --file-system --cached',
  busybox: { usage: '[-ltf] [-c FMT] FILE...', options: 'Lct' },
  async run(process, args) {
    args.demandOperands(1)
    let status = 0
    const printf = args.get('printf')
    for (const name of args.operands) {
      const path = process.path(name)
      try {
        const isDereferenced = args.has('dereference')
        const found = isDereferenced ? process.files.stat(path) : process.files.lstat(path)
        const format = printf === undefined ? args.get('format') : withEscapes(printf)
        const text = format ?? (args.has('terse') ? terseFormat : usualFormat(process, found))
        await process.write(fill(process, text, name, path, found) + (printf === undefined ? '\n' : ''))
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        const words = process.flavour === 'busybox' ? `can't stat '${name}'` : `cannot statx ${quotedName(name)}`
        status = await process.fail(`${words}: ${error.text}`)
      }
    }
    return status
  },
})

const terseFormat = '%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o'

function usualFormat(process: Process, { kind }: Stat): string {
  const device = kind === 'character' ? '     Device type: %t,%T' : ''
  const links = kind === 'character' ? '%-5h' : '%h'
  return [
    `  File: ${process.flavour === 'gnu' ? '%_N' : '%N'}`,
    '  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F',
    `Device: %Hd,%Ld\tInode: %-10i  Links: ${links}${device}`,
    'Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)',
    'Access: %x',
    'Modify: %y',
    'Change: %z',
    ...(process.flavour === 'busybox' ? [] : [' Birth: %w']),
  ].join('\n')
}

function fill(process: Process, format: string, name: string, path: string, stat: Stat): string {
  return format.replace(
    /%([-+ 0#']*)(\d*)(?:\.(\d+))?([HL_]?[a-zA-Z%])/g,
    (all, flags: string, width: string, precision: string | undefined, letter: string) => {
      if (letter === '%') return '%'
      const value = fieldOf(process, letter, name, path, stat)
      if (value === undefined) return all
      const text = precision === undefined ? value : value.slice(0, Number(precision))
      if (flags.includes('-')) return text.padEnd(Number(width))
      return text.padStart(Number(width), flags.includes('0') ? '0' : ' ')
    },
  )
}

function fieldOf(process: Process, letter: string, name: string, path: string, stat: Stat): string | undefined {
  const { users, bootTime, epoch } = process.machine
  const zone = zoneOf(process.env.get('TZ'))
  const time = (at: number) => formatDate('%Y-%m-%d %H:%M:%S.%N %z', at, zone)
  switch (letter) {
    case 'n':
      return name
    case 'N':
      return nameWithTarget(process, name, path, stat, quotedName)
    case '_N':
      return nameWithTarget(process, name, path, stat, shownName)
    case 's':
      return String(stat.size)
    case 'b':
      return String(blocksOf(process, path, stat))
    case 'B':
      return '512'
    case 'o':
      return '4096'
    case 'f':
      return (typeBits[stat.kind] | stat.mode).toString(16)
    case 'F':
      return stat.kind === 'file' && stat.size === 0 ? 'regular empty file' : typeNames[stat.kind]
    case 'a':
      return stat.mode.toString(8)
    case 'A':
      return modeLetters(stat)
    case 'u':
      return String(stat.uid)
    case 'U':
      return users.userName(stat.uid)
    case 'g':
      return String(stat.gid)
    case 'G':
      return users.groupName(stat.gid)
    case 'h':
      return String(stat.links)
    case 'i':
      return String(stat.number)
    case 'd':
      return '56'
    case 'D':
      return '38'
    case 'Hd':
      return '0'
    case 'Ld':
      return '56'
    case 't':
    case 'Hr':
      return stat.major.toString(16)
    case 'T':
    case 'Lr':
      return stat.minor.toString(16)
    case 'm':
      return '/'
    // Simplified: only the time of the last change is kept; reading and birth show the same.
    case 'x':
    case 'y':
    case 'z':
      return time(stat.modified)
    case 'w':
      return time(Math.min(stat.modified, epoch + bootTime))
    case 'X':
    case 'Y':
    case 'Z':
      return String(Math.floor(stat.modified / 1000))
    case 'W':
      return String(Math.floor(Math.min(stat.modified, epoch + bootTime) / 1000))
    default:
      return undefined
  }
}

/** A link is shown with its target. */
function nameWithTarget(
  process: Process,
  name: string,
  path: string,
  { kind }: Stat,
  quote: (name: string) => string,
): string {
  return kind === 'link' ? `${quote(name)} -> ${quote(process.files.readLink(path))}` : quote(name)
}

function blocksOf(process: Process, path: string, stat: Stat): number {
  if (stat.kind === 'directory') return 8
  if (stat.kind === 'link') return byteLength(process.files.readLink(path)) < 60 ? 0 : 8
  return stat.kind === 'file' ? Math.ceil(stat.size / 4096) * 8 : 0
}

function withEscapes(text: string): string {
  return text.replace(/\\([\\nt"]|0?[0-7]{1,3})/g, (all, letter: string) => {
    const known: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\', '"': '"' }
    return known[letter] ?? (/^[0-7]/.test(letter) ? String.fromCharCode(Number.parseInt(letter, 8)) : all)
  })
}

const typeBits: Readonly<Record<Stat['kind'], number>> = {
  file: 0o100000,
  directory: 0o040000,
  link: 0o120000,
  character: 0o020000,
  fifo: 0o010000,
  socket: 0o140000,
}

const typeNames: Readonly<Record<Stat['kind'], string>> = {
  file: 'regular file',
  directory: 'directory',
  link: 'symbolic link',
  character: 'character special file',
  fifo: 'fifo',
  socket: 'socket',
}
