import { formatDate, type TimeZone } from '../../dateFormat.ts'
import { modeLetters, type Stat } from '../../inode.ts'
import type { Machine } from '../../machine.ts'
import { humanSize } from '../../sizes.ts'
import { blocksOf, type Entry } from './entry.ts'

/** What a long listing shows. */
export interface LongStyle {
  readonly flavour: 'gnu' | 'busybox'
  readonly showsOwner: boolean
  readonly showsGroup: boolean
  readonly isNumeric: boolean
  readonly showsInode: boolean
  readonly showsBlocks: boolean
  /** `-h` and `--si`. */
  readonly humanBase: 1000 | 1024 | undefined
  readonly timeStyle: string
  readonly zone: TimeZone
  readonly now: number
}

/** Half a year: older times show the year instead of the hour. */
const recent = 15_778_476_000

/** The lines of a long listing, without the names. */
export function longLines(entries: readonly Entry[], machine: Machine, style: LongStyle): string[] {
  const rows = entries.map(entry => fieldsOf(entry, machine, style))
  if (style.flavour === 'busybox') return rows.map((fields, index) => busyboxLine(fields, entries[index]!.stat, style))
  const width = (field: keyof Fields) => Math.max(0, ...rows.map(fields => fields[field].length))
  const widths = Object.fromEntries(columns.map(column => [column, width(column)])) as Record<keyof Fields, number>
  const devices = entries.some(({ stat }) => stat.kind === 'character')
  return rows.map((fields, index) => {
    const parts: string[] = []
    if (style.showsInode) parts.push(fields.inode.padStart(widths.inode))
    if (style.showsBlocks) parts.push(fields.blocks.padStart(widths.blocks))
    parts.push(fields.mode, fields.links.padStart(widths.links))
    if (style.showsOwner) parts.push(fields.owner.padEnd(widths.owner))
    if (style.showsGroup) parts.push(fields.group.padEnd(widths.group))
    parts.push(sizeField(fields.size, entries[index]!.stat, entries, widths.size, devices))
    parts.push(fields.time.padStart(widths.time))
    return parts.join(' ')
  })
}

/** What `total` says: the blocks of all entries together. */
export function totalOf(entries: readonly Entry[], humanBase: 1000 | 1024 | undefined): string {
  const blocks = entries.reduce((sum, { stat }) => sum + blocksOf(stat), 0)
  return humanBase === undefined ? String(blocks) : humanSize(blocks * 1024, humanBase)
}

interface Fields {
  readonly inode: string
  readonly blocks: string
  readonly mode: string
  readonly links: string
  readonly owner: string
  readonly group: string
  readonly size: string
  readonly time: string
}

const columns: readonly (keyof Fields)[] = ['inode', 'blocks', 'mode', 'links', 'owner', 'group', 'size', 'time']

function fieldsOf({ stat }: Entry, { users }: Machine, style: LongStyle): Fields {
  const size = (bytes: number) => (style.humanBase === undefined ? String(bytes) : humanSize(bytes, style.humanBase))
  return {
    inode: String(stat.number),
    blocks: style.humanBase === undefined ? String(blocksOf(stat)) : size(blocksOf(stat) * 1024),
    mode: modeLetters(stat),
    links: String(stat.links),
    owner: style.isNumeric ? String(stat.uid) : users.userName(stat.uid),
    group: style.isNumeric ? String(stat.gid) : users.groupName(stat.gid),
    size: stat.kind === 'character' ? `${stat.major}, ${stat.minor}` : size(stat.size),
    time: timeText(stat.modified, style),
  }
}

/** Major and minor numbers stand in columns of their own. */
function sizeField(size: string, stat: Stat, entries: readonly Entry[], width: number, devices: boolean): string {
  if (!devices) return size.padStart(width)
  const numbers = entries.filter(entry => entry.stat.kind === 'character').map(entry => entry.stat)
  const major = Math.max(...numbers.map(each => String(each.major).length))
  const minor = Math.max(...numbers.map(each => String(each.minor).length))
  const whole = Math.max(width, major + 2 + minor)
  if (stat.kind !== 'character') return size.padStart(whole)
  return `${String(stat.major).padStart(whole - 2 - minor)}, ${String(stat.minor).padStart(minor)}`
}

function busyboxLine(fields: Fields, stat: Stat, { showsInode, showsBlocks, showsOwner }: LongStyle): string {
  const parts: string[] = []
  if (showsInode) parts.push(fields.inode.padStart(7))
  if (showsBlocks) parts.push(fields.blocks.padStart(6))
  parts.push(fields.mode, fields.links.padStart(4))
  if (showsOwner) parts.push(fields.owner.padEnd(8))
  parts.push(fields.group.padEnd(8))
  const device = `${String(stat.major).padStart(4)}, ${String(stat.minor).padStart(3)}`
  parts.push(stat.kind === 'character' ? device : fields.size.padStart(9), fields.time)
  return parts.join(' ')
}

/** The time of last change in the style that is asked for. */
function timeText(time: number, { timeStyle, zone, now, flavour }: LongStyle): string {
  const isRecent = time <= now && now - time < recent
  switch (timeStyle) {
    case 'full-iso':
      return formatDate(flavour === 'busybox' ? '%Y-%m-%d %H:%M:%S %z' : '%Y-%m-%d %H:%M:%S.%N %z', time, zone)
    case 'long-iso':
      return formatDate('%Y-%m-%d %H:%M', time, zone)
    case 'iso':
      return formatDate(isRecent ? '%m-%d %H:%M' : '%Y-%m-%d ', time, zone)
    case 'locale':
      return formatDate(isRecent ? '%b %e %H:%M' : '%b %e  %Y', time, zone)
    default: {
      const [old = '', young = old] = timeStyle.replace(/^\+/, '').split('\n')
      return formatDate(isRecent ? young : old, time, zone)
    }
  }
}
