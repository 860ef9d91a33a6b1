import { zoneOf } from '../dateFormat.ts'
import { FileError } from '../fileError.ts'
import { type Arguments, defineProgram, type OptionName } from '../options.ts'
import { joinPath } from '../path.ts'
import type { Process } from '../program.ts'
import { needsQuoting, quoted, quotedName } from '../quoting.ts'
import { compareTexts } from '../textOrder.ts'
import { compareVersions } from '../versionOrder.ts'
import { matchesGlob } from '../wildcard.ts'
import { paintEntry } from './ls/color.ts'
import { blocksOf, type Entry, indicatorOf } from './ls/entry.ts'
import { type Cell, cellOf, inColumns, withCommas } from './ls/layout.ts'
import { type LongStyle, longLines, totalOf } from './ls/longFormat.ts'

const options = [
  { short: 'a', long: 'all', help: 'do not ignore entries starting with .' },
  { short: 'A', long: 'almost-all', help: 'do not list implied . and ..' },
  { short: 'B', long: 'ignore-backups', help: 'do not list implied entries ending with ~' },
  { short: 'c', help: 'with -lt: sort by, and show, time of last change' },
  { short: 'C', help: 'list entries by columns' },
  { long: 'color', value: '[WHEN]', help: "colorize the output; WHEN can be 'always' (default), 'auto', or 'never'" },
  { short: 'd', long: 'directory', help: 'list directories themselves, not their contents' },
  { short: 'f', help: 'do not sort, enable -aU, disable -ls --color' },
  { short: 'F', long: 'classify', value: '[WHEN]', help: 'append indicator (one of */=>@|) to entries' },
  { long: 'file-type', help: "likewise, except do not append '*'" },
  { long: 'format', value: 'WORD', help: 'across -x, commas -m, long -l, single-column -1, verbose -l, vertical -C' },
  { long: 'full-time', help: 'like -l --time-style=full-iso' },
  { short: 'g', help: 'like -l, but do not list owner' },
  { long: 'group-directories-first', help: 'group directories before files' },
  { short: 'G', long: 'no-group', help: "in a long listing, don't print group names" },
  { short: 'h', long: 'human-readable', help: 'with -l and -s, print sizes like 1K 234M 2G etc.' },
  { long: 'si', help: 'likewise, but use powers of 1000 not 1024' },
  { short: 'H', long: 'dereference-command-line', help: 'follow symbolic links listed on the command line' },
  { long: 'hide', value: 'PATTERN', help: 'do not list implied entries matching shell PATTERN' },
  { short: 'i', long: 'inode', help: 'print the index number of each file' },
  { short: 'I', long: 'ignore', value: 'PATTERN', help: 'do not list implied entries matching shell PATTERN' },
  { short: 'k', long: 'kibibytes', help: 'default to 1024-byte blocks for file system usage' },
  { short: 'l', help: 'use a long listing format' },
  { short: 'L', long: 'dereference', help: 'show information for the file a link references' },
  { short: 'm', help: 'fill width with a comma separated list of entries' },
  { short: 'n', long: 'numeric-uid-gid', help: 'like -l, but list numeric user and group IDs' },
  { short: 'N', long: 'literal', help: 'print entry names without quoting' },
  { short: 'o', help: 'like -l, but do not list group information' },
  { short: 'p', help: 'append / indicator to directories' },
  { short: 'q', long: 'hide-control-chars', help: 'print ? instead of nongraphic characters' },
  { short: 'Q', long: 'quote-name', help: 'enclose entry names in double quotes' },
  { short: 'r', long: 'reverse', help: 'reverse order while sorting' },
  { short: 'R', long: 'recursive', help: 'list subdirectories recursively' },
  { short: 's', long: 'size', help: 'print the allocated size of each file, in blocks' },
  { short: 'S', help: 'sort by file size, largest first' },
  { long: 'sort', value: 'WORD', help: 'sort by WORD: none (-U), size (-S), time (-t), version (-v), extension (-X)' },
  {
    long: 'time-style',
    value: 'TIME_STYLE',
    help: 'time/date format with -l: full-iso, long-iso, iso, locale, or +FORMAT',
  },
  { short: 't', help: 'sort by time, newest first' },
  { short: 'T', long: 'tabsize', value: 'COLS', help: 'assume tab stops at each COLS instead of 8' },
  { short: 'u', help: 'with -lt: sort by, and show, access time' },
  { short: 'U', help: 'do not sort; list entries in directory order' },
  { short: 'v', help: 'natural sort of (version) numbers within text' },
  { short: 'w', long: 'width', value: 'COLS', help: 'set output width to COLS.  0 means no limit' },
  { short: 'x', help: 'list entries by lines instead of by columns' },
  { short: 'X', help: 'sort alphabetically by entry extension' },
  { short: '1', help: 'list one file per line' },
] as const

type LsArguments = Arguments<OptionName<typeof options>>

/** Lists directories. */
export const ls = defineProgram({
  name: 'ls',
  summary: 'list directory contents',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE]...',
  options,
  notSimulated:
    '-b --escape --author --block-size -D --dired --dereference-command-line-symlink-to-dir --hyperlink --indicator-style --quoting-style --show-control-chars --time --zero -Z --context',
  usageStatus: 2,
  busybox: {
    usage: '[-1AaCxdLHRFplinshrSXvctu] [-w WIDTH] [FILE]...',
    options: '1AaCxdLHRFplinshrSXvctuwgT color full-time group-directories-first',
  },
  async run(process, args) {
    const listing = new Listing(process, args)
    await listing.show(args.operands.length > 0 ? args.operands : ['.'])
    return listing.status
  },
})

type Format = 'long' | 'single' | 'columns' | 'across' | 'commas'

const formatWords: Readonly<Record<string, Format>> = {
  across: 'across',
  horizontal: 'across',
  commas: 'commas',
  long: 'long',
  verbose: 'long',
  'single-column': 'single',
  vertical: 'columns',
}

class Listing {
  status = 0
  readonly #process: Process
  readonly #args: LsArguments
  readonly #format: Format
  readonly #style: LongStyle
  readonly #hasColor: boolean
  readonly #indicators: 'none' | 'slash' | 'file-type' | 'classify'
  #hasPrinted = false
  #hasPainted = false

  constructor(process: Process, args: LsArguments) {
    this.#process = process
    this.#args = args
    const isTerminal = process.stdout.terminal !== undefined
    this.#format = this.#formatOf(isTerminal)
    const isBusybox = process.flavour === 'busybox'
    const when = args.has('color') ? (args.get('color') ?? 'always') : isBusybox ? 'auto' : 'never'
    const isWanted = when === 'always' || when === 'yes' || when === 'force' || (when === 'auto' && isTerminal)
    this.#hasColor = isWanted && (isBusybox || hasColors(process))
    const sign = args.last('classify', 'file-type', 'p')
    const signs = { classify: 'classify', 'file-type': 'file-type', p: 'slash' } as const
    this.#indicators = sign ? signs[sign] : 'none'
    this.#style = {
      flavour: process.flavour,
      showsOwner: !args.has('g'),
      showsGroup: !args.has('o') && !args.has('no-group'),
      isNumeric: args.has('numeric-uid-gid'),
      showsInode: args.has('inode'),
      showsBlocks: args.has('size'),
      humanBase: args.has('human-readable') ? 1024 : args.has('si') ? 1000 : undefined,
      timeStyle: args.has('full-time')
        ? 'full-iso'
        : (args.get('time-style') ?? process.env.get('TIME_STYLE') ?? 'locale'),
      zone: zoneOf(process.env.get('TZ')),
      now: process.machine.now(),
    }
  }

  async show(names: readonly string[]): Promise<void> {
    const style = this.#args.get('time-style')
    if (style !== undefined && !/^\+|^(posix-)?(full-iso|long-iso|iso|locale)$/.test(style)) {
      throw this.#args.misuse(
        `invalid argument ${quoted(this.#process, style)} for ${quoted(this.#process, 'time style')}`,
      )
    }
    const follows = !this.#args.has('directory') && this.#format !== 'long' && !this.#args.has('classify')
    const follow = this.#args.has('dereference-command-line') || this.#args.has('dereference') || follows
    const files: Entry[] = []
    const directories: Entry[] = []
    for (const name of names) {
      const entry = await this.#entry(name, name, follow)
      if (!entry) continue
      const isDirectory = entry.stat.kind === 'directory' && !this.#args.has('directory')
      ;(isDirectory ? directories : files).push(entry)
    }
    if (files.length > 0) {
      await this.#process.write(this.#text(this.#sorted(files), false))
      this.#hasPrinted = true
    }
    const hasHeaders = names.length > 1 || this.#args.has('recursive')
    for (const { name } of this.#sorted(directories)) await this.#showDirectory(name, hasHeaders)
  }

  async #showDirectory(name: string, hasHeader: boolean): Promise<void> {
    const path = this.#process.path(name)
    let names: string[]
    try {
      names = this.#process.files.list(path)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      const isBusybox = this.#process.flavour === 'busybox'
      const words = isBusybox ? `can't open '${name}'` : `cannot open directory ${quotedName(name)}`
      return this.#fail(`${words}: ${error.text}`, isBusybox ? 1 : 2)
    }
    const entries: Entry[] = []
    if (this.#args.has('all') || this.#args.has('f')) {
      for (const dot of ['.', '..'])
        entries.push(...[await this.#entry(dot, joinPath(path, dot), true)].flatMap(e => e ?? []))
    }
    for (const each of names) {
      if (this.#isHidden(each)) continue
      const entry = await this.#entry(each, joinPath(path, each), this.#args.has('dereference'))
      if (entry) entries.push(entry)
    }
    const sorted = this.#sorted(entries)
    if (hasHeader) await this.#process.write(`${this.#hasPrinted ? '\n' : ''}${this.#quote(name)}:\n`)
    this.#hasPrinted = true
    await this.#process.write(this.#text(sorted, true))
    if (!this.#args.has('recursive')) return
    for (const entry of sorted) {
      if (entry.stat.kind !== 'directory' || entry.name === '.' || entry.name === '..') continue
      await this.#showDirectory(joinPath(name.replace(/(.)\/+$/, '$1'), entry.name), true)
    }
  }

  #isHidden(name: string): boolean {
    const showsAll = this.#args.has('all') || this.#args.has('f')
    const showsDots = showsAll || this.#args.has('almost-all')
    if (name.startsWith('.') && !showsDots) return true
    if (this.#args.has('ignore-backups') && name.endsWith('~')) return true
    if (this.#args.all('ignore').some(pattern => matchesGlob(pattern, name))) return true
    return !showsDots && this.#args.all('hide').some(pattern => matchesGlob(pattern, name))
  }

  async #entry(name: string, path: string, follow: boolean): Promise<Entry | undefined> {
    const { files } = this.#process
    const place = this.#process.path(path)
    const isDirectoryName = path.endsWith('/') && path !== '/'
    try {
      const own = files.lstat(place)
      if (own.kind !== 'link') {
        if (isDirectoryName && own.kind !== 'directory') throw new FileError('ENOTDIR', path)
        return { name, stat: own }
      }
      const target = files.find(place)
      if (
        (follow || isDirectoryName) &&
        target &&
        (this.#args.has('dereference') || target.kind === 'directory' || isDirectoryName)
      ) {
        return { name, stat: target }
      }
      return { name, stat: own, target: files.readLink(place), targetStat: target }
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      const isBusybox = this.#process.flavour === 'busybox'
      await this.#fail(`${isBusybox ? path : `cannot access ${quotedName(path)}`}: ${error.text}`, isBusybox ? 1 : 2)
      return undefined
    }
  }

  #sorted(entries: readonly Entry[]): Entry[] {
    const args = this.#args
    const word = { none: 'U', size: 'S', time: 't', version: 'v', extension: 'X' }[args.get('sort') ?? '']
    const by = args.has('f') ? 'U' : (args.last('U', 'S', 't', 'v', 'X') ?? word)
    if (by === 'U') return [...entries]
    const compare = (a: Entry, b: Entry): number => {
      if (by === 'S' && a.stat.size !== b.stat.size) return b.stat.size - a.stat.size
      if (by === 't' && a.stat.modified !== b.stat.modified) return b.stat.modified - a.stat.modified
      if (by === 'v') return compareVersions(a.name, b.name) || compareTexts(a.name, b.name)
      if (by === 'X') return compareTexts(extension(a.name), extension(b.name)) || compareTexts(a.name, b.name)
      return compareTexts(a.name, b.name)
    }
    const sign = args.has('reverse') ? -1 : 1
    const result = entries.toSorted((a, b) => sign * compare(a, b))
    if (!args.has('group-directories-first')) return result
    const isDirectory = ({ stat, targetStat }: Entry) => (targetStat ?? stat).kind === 'directory'
    return [...result.filter(isDirectory), ...result.filter(entry => !isDirectory(entry))]
  }

  #text(entries: readonly Entry[], isDirectory: boolean): string {
    const total = isDirectory && (this.#format === 'long' || this.#style.showsBlocks)
    const head = total ? `total ${totalOf(entries, this.#style.humanBase)}\n` : ''
    const areQuoted =
      !this.#args.has('literal') && this.#process.stdout.terminal !== undefined && this.#process.flavour === 'gnu'
    // A name in quotation marks moves the others by one column.
    const isMoved = areQuoted && entries.some(({ name }) => needsQuoting(name))
    const names = entries.map(entry => this.#cell(entry, isMoved))
    if (this.#format === 'long') {
      const lines = longLines(entries, this.#process.machine, this.#style)
      return (
        head + lines.map((line, index) => `${line} ${names[index]!.text}${this.#arrow(entries[index]!)}\n`).join('')
      )
    }
    const cells = this.#withNumbers(entries, names)
    const width = this.#width()
    if (this.#format === 'single') return head + cells.map(cell => `${cell.text}\n`).join('')
    if (this.#format === 'commas') return head + withCommas(cells, width)
    const usesTabs = this.#process.flavour === 'gnu' && this.#args.get('tabsize') !== '0' && !this.#hasColor
    return head + inColumns(cells, width, { isAcross: this.#format === 'across', usesTabs })
  }

  #cell(entry: Entry, isMoved: boolean): Cell {
    const shown = this.#quote(entry.name)
    const lead = isMoved && shown === entry.name ? ' ' : ''
    const sign = this.#format === 'long' && entry.target !== undefined ? '' : indicatorOf(entry.stat, this.#indicators)
    const painted = this.#paint(shown, entry)
    return cellOf(lead + shown + sign, lead + painted + sign)
  }

  #arrow(entry: Entry): string {
    if (entry.target === undefined) return ''
    const { targetStat, target } = entry
    const painted = targetStat ? this.#paint(target, { name: target, stat: targetStat }) : target
    return ` -> ${painted}${targetStat ? indicatorOf(targetStat, this.#indicators) : ''}`
  }

  /** GNU ls resets the colours before the first one. */
  #paint(text: string, entry: Entry): string {
    if (!this.#hasColor) return text
    const painted = paintEntry(text, entry, this.#process.flavour)
    if (this.#hasPainted || painted === text || this.#process.flavour === 'busybox') return painted
    this.#hasPainted = true
    return `\x1b[0m${painted}`
  }

  #withNumbers(entries: readonly Entry[], cells: readonly Cell[]): readonly Cell[] {
    const { showsInode, showsBlocks } = this.#style
    if (!showsInode && !showsBlocks) return cells
    const inodes = entries.map(({ stat }) => String(stat.number))
    const blocks = entries.map(({ stat }) => String(blocksOf(stat)))
    const isBusybox = this.#process.flavour === 'busybox'
    const inodeWidth = Math.max(isBusybox ? 7 : 0, ...inodes.map(text => text.length))
    const blockWidth = Math.max(isBusybox ? 6 : 0, ...blocks.map(text => text.length))
    return cells.map((cell, index) => {
      const inode = showsInode ? `${inodes[index]!.padStart(inodeWidth)} ` : ''
      const block = showsBlocks ? `${blocks[index]!.padStart(blockWidth)} ` : ''
      return { text: inode + block + cell.text, width: inode.length + block.length + cell.width }
    })
  }

  #quote(name: string): string {
    if (this.#args.has('quote-name')) return `"${name.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`
    const isTerminal = this.#process.stdout.terminal !== undefined
    if (this.#args.has('literal') || !isTerminal || this.#process.flavour === 'busybox') {
      return this.#args.has('hide-control-chars') || isTerminal ? name.replace(/[\x00-\x1f\x7f]/g, '?') : name
    }
    return needsQuoting(name) ? quotedName(name) : name
  }

  #width(): number {
    const asked = this.#args.get('width')
    if (asked !== undefined) return Number(asked) || Number.POSITIVE_INFINITY
    return Number(this.#process.env.get('COLUMNS')) || (this.#process.stdout.terminal?.columns ?? 80)
  }

  #formatOf(isTerminal: boolean): Format {
    const args = this.#args
    const last = args.last('l', 'g', 'o', 'numeric-uid-gid', 'full-time', '1', 'C', 'x', 'm', 'format')
    switch (last) {
      case undefined:
        return isTerminal ? 'columns' : 'single'
      case '1':
        // -l stays when -1 comes after it.
        return args.has('l') || args.has('g') || args.has('o') || args.has('numeric-uid-gid') ? 'long' : 'single'
      case 'C':
        return 'columns'
      case 'x':
        return 'across'
      case 'm':
        return 'commas'
      case 'format':
        return formatWords[args.get('format') ?? ''] ?? 'long'
      default:
        return 'long'
    }
  }

  async #fail(message: string, status: number): Promise<void> {
    await this.#process.fail(message)
    this.status = Math.max(this.status, status)
  }
}

/** Without LS_COLORS there are colours only on terminals that dircolors(1) knows. */
function hasColors({ env }: Process): boolean {
  if (env.has('LS_COLORS') || env.has('COLORTERM')) return true
  return /^(ansi|linux|screen|tmux|vt100|vt220|xterm|rxvt|konsole|eterm)|color/i.test(env.get('TERM') ?? '')
}

function extension(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot <= 0 ? '' : name.slice(dot)
}
