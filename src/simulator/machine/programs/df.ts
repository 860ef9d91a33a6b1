import { FileError } from '../fileError.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { shownName } from '../quoting.ts'
import { humanSize } from '../sizes.ts'

/** Shows how full file systems are. */
export const df = defineProgram({
  name: 'df',
  summary: 'report file system space usage',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE]...',
  options: [
    { short: 'a', long: 'all', help: 'include pseudo, duplicate, inaccessible file systems' },
    { short: 'h', long: 'human-readable', help: 'print sizes in powers of 1024 (e.g., 1023M)' },
    { short: 'H', long: 'si', help: 'print sizes in powers of 1000 (e.g., 1.1G)' },
    { short: 'i', long: 'inodes', help: 'list inode information instead of block usage' },
    { short: 'k', help: 'like --block-size=1K' },
    { short: 'm', help: 'like --block-size=1M' },
    { short: 'P', long: 'portability', help: 'use the POSIX output format' },
    { short: 't', long: 'type', value: 'TYPE', help: 'limit listing to file systems of type TYPE' },
    { short: 'T', long: 'print-type', help: 'print file system type' },
    { short: 'x', long: 'exclude-type', value: 'TYPE', help: 'limit listing to file systems not of type TYPE' },
  ],
  notSimulated: '-B --block-size -l --local --no-sync --output --sync --total',
  busybox: { usage: '[-PkmhTai] [-B SIZE] [-t TYPE] [FILESYSTEM]...', options: 'PkmhTait' },
  async run(process, args) {
    const all = volumesOf(process)
    let status = 0
    let shown: Volume[] = []
    for (const name of args.operands) {
      try {
        const path = process.files.realPath(process.path(name))
        process.files.stat(path)
        shown.push(all.findLast(({ place }) => place === '/' || `${path}/`.startsWith(`${place}/`))!)
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        status = await process.fail(`${shownName(name)}: ${error.text}`)
      }
    }
    if (args.operands.length === 0) shown = all.filter(volume => args.has('all') || volume.isReal)
    if (args.has('type')) shown = shown.filter(({ type }) => args.all('type').includes(type))
    shown = shown.filter(({ type }) => !args.all('exclude-type').includes(type))
    if (shown.length === 0) return status || (args.operands.length > 0 ? 1 : process.fail('no file systems processed'))
    const unit = args.has('m') ? 1_048_576 : 1024
    const base = args.last('human-readable', 'si')
    const size = (bytes: number) =>
      base ? humanSize(bytes, base === 'si' ? 1000 : 1024) : String(Math.ceil(bytes / unit))
    const rows = shown.map(volume => [
      volume.source,
      ...(args.has('print-type') ? [volume.type] : []),
      ...(args.has('inodes')
        ? inodeFields(volume)
        : [size(volume.size), size(volume.used), size(volume.free), percent(volume.used, volume.free)]),
      volume.place,
    ])
    const sizeTitle = base
      ? 'Size'
      : args.has('m')
        ? '1M-blocks'
        : args.has('portability')
          ? '1024-blocks'
          : '1K-blocks'
    const titles = args.has('inodes')
      ? ['Inodes', 'IUsed', 'IFree', 'IUse%']
      : [
          sizeTitle,
          'Used',
          base && process.flavour === 'gnu' ? 'Avail' : 'Available',
          args.has('portability') ? 'Capacity' : 'Use%',
        ]
    const head = ['Filesystem', ...(args.has('print-type') ? ['Type'] : []), ...titles, 'Mounted on']
    await process.write(
      process.flavour === 'busybox'
        ? busyboxTable([head, ...rows], args.has('print-type'))
        : table([head, ...rows], args.has('print-type')),
    )
    return status
  },
})

interface Volume {
  readonly source: string
  readonly type: string
  readonly place: string
  readonly size: number
  readonly used: number
  readonly free: number
  readonly isReal: boolean
}

// Simplified: every machine has one disk of 80 GiB that does not fill up; volumes lie on it or in memory.
const diskSize = 84_415_164_416
const diskUsed = 12_348_030_976
const memorySize = 67_108_864

function volumesOf(process: Process): Volume[] {
  const isContainer = process.machine.parent !== undefined
  const disk = { size: diskSize, used: diskUsed, free: diskSize - diskUsed - 4_294_967_296 }
  const memory = { size: memorySize, used: 0, free: memorySize }
  const root = isContainer
    ? { source: 'overlay', type: 'overlay', place: '/', ...disk, isReal: true }
    : { source: '/dev/sda1', type: 'ext4', place: '/', ...disk, isReal: true }
  const mounted = [...process.files.mounts].map(({ source, type, path }): Volume => {
    const inMemory = type === 'tmpfs'
    const isReal = inMemory || type === 'ext4' || type === 'overlay'
    const shown = type === 'ext4' && source === 'none' ? '/dev/sda1' : source
    return {
      source: inMemory ? 'tmpfs' : shown,
      type,
      place: path,
      ...(isReal ? (inMemory ? memory : disk) : nothing),
      isReal,
    }
  })
  return [root, ...mounted]
}

const nothing = { size: 0, used: 0, free: 0 }

function percent(used: number, free: number): string {
  return used + free === 0 ? '-' : `${Math.ceil((used * 100) / (used + free))}%`
}

function inodeFields({ size, used }: Volume): string[] {
  const [all, taken] = [Math.floor(size / 16_384), Math.floor(used / 65_536)]
  return [String(all), String(taken), String(all - taken), percent(taken, all - taken)]
}

function table(rows: readonly (readonly string[])[], hasType: boolean): string {
  const leftColumns = hasType ? 2 : 1
  const last = rows[0]!.length - 1
  const least = (column: number) => (column === 0 ? 14 : hasType && column === 1 ? 4 : column < last - 1 ? 5 : 4)
  const widths = rows[0]!.map((_cell, column) => Math.max(least(column), ...rows.map(row => row[column]!.length)))
  return rows
    .map(row => {
      const cells = row.map((cell, column) =>
        column === last ? cell : column < leftColumns ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      return `${cells.join(' ')}\n`
    })
    .join('')
}

function busyboxTable(rows: readonly (readonly string[])[], hasType: boolean): string {
  return rows
    .map(([source = '', ...others]) => {
      const type = hasType ? ` ${others.shift()!.padEnd(10)}` : ''
      const [size = '', used = '', free = '', share = '', place = ''] = others
      const name = source.length > 20 ? `${source}\n${' '.repeat(20)}` : source.padEnd(20)
      return `${name}${type} ${size.padStart(9)} ${used.padStart(9)} ${free.padStart(9)} ${share.padStart(4)} ${place}\n`
    })
    .join('')
}
