import type { Flavour, Process, Program } from './program.ts'
import type { Input, Output } from './streams.ts'

/** What every file has: who owns it, who may use it, when it changed. */
interface Ownership {
  /** The layer that may change it in place; others copy it first. */
  layer: symbol
  number: number
  mode: number
  uid: number
  gid: number
  /** Milliseconds since 1970. */
  modified: number
  links: number
}

/** A regular file: text, or text that is made when it is read, or a program. */
export interface FileNode extends Ownership {
  readonly kind: 'file'
  text: string
  /** Makes the text anew at each reading: /proc and its like. */
  readonly generate?: () => string
  /** What writing does, for files that are switches. */
  readonly accept?: (text: string) => void
  readonly program?: Program
  readonly flavour?: Flavour
  /** Bytes that `ls` shows for a program. */
  readonly size?: number
}

/** A directory: names and what they stand for. */
export interface DirectoryNode extends Ownership {
  readonly kind: 'directory'
  entries: Entries
}

/** A symbolic link. */
export interface LinkNode extends Ownership {
  readonly kind: 'link'
  /** A path, or what gives it: /proc/self. */
  readonly target: string
}

/** A device, or a named pipe or socket: opening it gives streams. */
export interface DeviceNode extends Ownership {
  readonly kind: 'character' | 'fifo' | 'socket'
  readonly major: number
  readonly minor: number
  readonly openInput?: (process: Process) => Input
  readonly openOutput?: (process: Process) => Output
}

/** Anything that has a name in a directory. */
export type Inode = FileNode | DirectoryNode | LinkNode | DeviceNode

/** The names in a directory: a Map, or something that makes them up. */
export interface Entries {
  get(name: string): Inode | undefined
  set(name: string, node: Inode): void
  delete(name: string): boolean
  keys(): Iterable<string>
  readonly size: number
}

/** What `stat` tells. */
export interface Stat {
  readonly kind: Inode['kind']
  readonly number: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  readonly modified: number
  readonly links: number
  readonly major: number
  readonly minor: number
}

export const fileTypes: Readonly<Record<Inode['kind'], string>> = {
  file: '-',
  directory: 'd',
  link: 'l',
  character: 'c',
  fifo: 'p',
  socket: 's',
}

/** Mode letters as `ls -l` shows them: `drwxr-xr-x`. */
export function modeLetters(stat: Pick<Stat, 'kind' | 'mode'>): string {
  const bits = (shift: number, special: boolean, letter: string) => {
    const three = (stat.mode >> shift) & 7
    const execute = special ? (three & 1 ? letter : letter.toUpperCase()) : three & 1 ? 'x' : '-'
    return (three & 4 ? 'r' : '-') + (three & 2 ? 'w' : '-') + execute
  }
  return (
    fileTypes[stat.kind] +
    bits(6, (stat.mode & 0o4000) !== 0, 's') +
    bits(3, (stat.mode & 0o2000) !== 0, 's') +
    bits(0, (stat.mode & 0o1000) !== 0, 't')
  )
}
