import type { Stat } from '../../inode.ts'

/** One name that `ls` shows, and what is known of it. */
export interface Entry {
  readonly name: string
  /** Of the link itself, unless links are followed. */
  readonly stat: Stat
  /** Where a link points, as it is written. */
  readonly target?: string
  /** What a link leads to; undefined when it leads nowhere. */
  readonly targetStat?: Stat | undefined
}

/** Disk space in blocks of 1024 bytes, as ext4 would need it. */
export function blocksOf({ kind, size }: Stat): number {
  if (kind === 'directory') return 4
  return kind === 'file' ? Math.ceil(size / 4096) * 4 : 0
}

/** The sign that -F puts behind a name. */
export function indicatorOf(stat: Stat, style: 'none' | 'slash' | 'file-type' | 'classify'): string {
  if (stat.kind === 'directory') return style === 'none' ? '' : '/'
  if (style === 'none' || style === 'slash') return ''
  if (stat.kind === 'link') return '@'
  if (stat.kind === 'fifo') return '|'
  if (stat.kind === 'socket') return '='
  return style === 'classify' && stat.kind === 'file' && (stat.mode & 0o111) !== 0 ? '*' : ''
}
