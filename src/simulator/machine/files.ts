import { compareNames } from './compareNames.ts'
import { FileError } from './fileError.ts'
import { type Credentials, FileTree, type Mount, mayUse, type Place } from './fileTree.ts'
import type { DeviceNode, DirectoryNode, Entries, FileNode, Inode, Stat } from './inode.ts'
import { type LayerSnapshot, layerSnapshot } from './layerSnapshot.ts'
import { FileStream } from './openFile.ts'
import { joinPath, parentPath, resolvePath } from './path.ts'
import type { Flavour, Program } from './program.ts'
import { statOf } from './stat.ts'

/** What opening a device gives streams by. */
export type Device = Omit<DeviceNode, keyof ReturnType<FileTree['ownership']>>

/** How a file is opened. */
export interface OpenOptions {
  readonly read?: boolean
  readonly write?: boolean
  readonly append?: boolean
  readonly create?: boolean
  readonly truncate?: boolean
  readonly exclusive?: boolean
  readonly mode?: number
}

/** A directory with this bit hands its group on to what is made in it. */
const setGroup = 0o2000
const root: Credentials = { uid: 0, gid: 0 }

/** The files that someone on a machine sees. All paths are absolute. What fails throws a `FileError`. */
export class FileSystem {
  readonly tree: FileTree
  readonly #who: Credentials

  /** `image` is the frozen root of another file system; `now` gives milliseconds since 1970. */
  constructor(options: { readonly now: () => number; readonly image?: DirectoryNode } | FileTree, who = root) {
    this.tree = options instanceof FileTree ? options : new FileTree(options.now, options.image)
    this.#who = who
  }

  /** The same files with somebody's rights. */
  as(who: Credentials): FileSystem {
    return new FileSystem(this.tree, who)
  }

  /** Whether something is there, after following links. */
  exists(path: string): boolean {
    return this.#find(path, true) !== undefined
  }

  /** What is there, after following links; undefined when nothing is. */
  find(path: string): Stat | undefined {
    const node = this.#find(path, true)
    return node && statOf(node)
  }

  stat(path: string): Stat {
    return statOf(this.#existing(path, true).node)
  }

  /** Like `stat`, of a link itself. */
  lstat(path: string): Stat {
    return statOf(this.#existing(path, false).node)
  }

  isDirectory(path: string): boolean {
    return this.#find(path, true)?.kind === 'directory'
  }

  /** The path without links. The last name need not exist. */
  realPath(path: string): string {
    return this.#locate(path, true).shown
  }

  /** Whether the viewer may `read`, `write` or `execute` what is at a path. */
  may(use: 'read' | 'write' | 'execute', path: string): boolean {
    const place = this.#tryLocate(path, true)
    if (!place?.node || (use === 'write' && place.isReadOnly)) return false
    return mayUse(place.node, uses[use], this.#who)
  }

  /** The whole text of a file. */
  readText(path: string): string {
    const { node } = this.#existing(path, true)
    if (node.kind === 'directory') throw new FileError('EISDIR', path)
    this.#demand(node, 4, path)
    if (node.kind === 'file') return textOfFile(node)
    if (node.kind === 'character' && node.major === 1 && node.minor === 3) return ''
    // Simplified: devices and named pipes give streams (`Process.openRead`), not a whole text.
    throw new FileError('EINVAL', path)
  }

  /** The program and flavour that a file holds, if it holds one. */
  program(path: string): { readonly program: Program; readonly flavour: Flavour } | undefined {
    const node = this.#find(path, true)
    return node?.kind === 'file' && node.program ? { program: node.program, flavour: node.flavour! } : undefined
  }

  /** The names in a directory, sorted. */
  list(path: string): string[] {
    const { node } = this.#existing(path, true)
    if (node.kind !== 'directory') throw new FileError('ENOTDIR', path)
    this.#demand(node, 4, path)
    return [...node.entries.keys()].sort(compareNames)
  }

  readLink(path: string): string {
    const { node } = this.#existing(path, false)
    if (node.kind !== 'link') throw new FileError('EINVAL', path)
    return node.target
  }

  /** Makes or replaces the text of a file. */
  writeText(path: string, text: string, mode = 0o644): void {
    const stream = this.open(path, { write: true, create: true, truncate: true, mode })
    if (stream instanceof FileStream) stream.put(text)
  }

  /** Adds to the end of a file, making it when it is missing. */
  append(path: string, text: string): void {
    const stream = this.open(path, { write: true, append: true, create: true })
    if (stream instanceof FileStream) stream.put(text)
  }

  /** Opens a file: gives its stream, or the device that is there. */
  open(path: string, options: OpenOptions): FileStream | Device {
    let place = this.#locate(path, true)
    const wanted = (options.read ? 4 : 0) | (options.write ? 2 : 0)
    if (!place.node) {
      if (!options.create) throw new FileError('ENOENT', path)
      if (path.endsWith('/')) throw new FileError('EISDIR', path)
      place = this.#create(place, path, () => ({
        kind: 'file',
        ...place.tree.ownership(options.mode ?? 0o644, this.#who.uid, this.#who.gid),
        text: '',
      }))
    } else {
      if (options.exclusive) throw new FileError('EEXIST', path)
      if (place.node.kind === 'directory' && options.write) throw new FileError('EISDIR', path)
      this.#demand(place.node, wanted, path)
    }
    const node = place.node!
    if (node.kind === 'directory') return unreadable
    if (node.kind !== 'file') {
      if (node.kind === 'link' || node.kind === 'socket') throw new FileError('ENXIO', path)
      return node
    }
    if (options.write && place.isReadOnly) throw new FileError('EROFS', path)
    const file = options.write ? (place.tree.own(place.path) as FileNode) : node
    const stream = new FileStream(place.tree, place.path, file, options.append ?? false)
    if (options.truncate) stream.truncate()
    return stream
  }

  /** Sets the time of last change, making an empty file when there is none. */
  touch(path: string, time = this.tree.now()): void {
    const place = this.#locate(path, true)
    if (!place.node) this.open(path, { write: true, create: true })
    else this.#demand(place.node, 2, path)
    this.#change(path, node => {
      node.modified = time
    })
  }

  /** Makes a directory; with `parents` also those above, and none is no error. */
  mkdir(path: string, options: { readonly parents?: boolean; readonly mode?: number } = {}): void {
    if (options.parents) {
      const parent = parentPath(resolvePath('/', path))
      if (!this.exists(parent)) this.mkdir(parent, { parents: true })
      if (this.isDirectory(path)) return
    }
    const place = this.#locate(path, false)
    if (place.node) throw new FileError('EEXIST', path)
    this.#create(place, path, () => place.tree.directory(options.mode ?? 0o755, this.#who.uid, this.#who.gid))
  }

  /** Removes a name that is not a directory. */
  remove(path: string): void {
    const place = this.#existing(path, false)
    if (place.node.kind === 'directory') throw new FileError('EISDIR', path)
    this.#demandRemoval(place, path)
    place.tree.take(place.path)
    place.node.links--
  }

  /** Removes an empty directory. */
  removeDirectory(path: string): void {
    const place = this.#existing(path, false)
    if (place.node.kind !== 'directory') throw new FileError('ENOTDIR', path)
    if (place.node.entries.size > 0) throw new FileError('ENOTEMPTY', path)
    this.#demandRemoval(place, path)
    place.tree.take(place.path)
  }

  /** Removes whatever is there, with all it contains. */
  removeTree(path: string): void {
    const place = this.#tryLocate(path, false)
    if (!place?.node) return
    if (place.node.kind === 'directory' && place.node.entries.size > 0) {
      for (const name of this.list(path)) this.removeTree(joinPath(path, name))
    }
    if (place.node.kind === 'directory') this.removeDirectory(path)
    else this.remove(path)
  }

  /** Gives something another name, over a file that may be there. */
  rename(from: string, to: string): void {
    const source = this.#existing(from, false)
    const target = this.#locate(to, false)
    this.#demandRemoval(source, from)
    if (target.tree !== source.tree) throw new FileError('EXDEV', to)
    if (target.node === source.node) return
    if (target.node?.kind === 'directory') {
      if (source.node.kind !== 'directory') throw new FileError('EISDIR', to)
      if (target.node.entries.size > 0) throw new FileError('ENOTEMPTY', to)
    } else if (target.node && source.node.kind === 'directory') throw new FileError('ENOTDIR', to)
    if (`${target.path}/`.startsWith(`${source.path}/`)) throw new FileError('EINVAL', to)
    this.#demandNewName(target, to)
    source.tree.take(source.path)
    target.tree.put(target.path, source.node)
  }

  /** Makes a symbolic link at `path`. */
  symlink(target: string, path: string): void {
    const place = this.#locate(path, false)
    if (place.node) throw new FileError('EEXIST', path)
    this.#create(place, path, () => ({
      kind: 'link',
      ...place.tree.ownership(0o777, this.#who.uid, this.#who.gid),
      target,
    }))
  }

  /** Gives a file a second name. */
  link(existing: string, path: string): void {
    const source = this.#existing(existing, false)
    if (source.node.kind === 'directory') throw new FileError('EPERM', path)
    const place = this.#locate(path, false)
    if (place.node) throw new FileError('EEXIST', path)
    if (place.tree !== source.tree) throw new FileError('EXDEV', path)
    const node = source.tree.own(source.path)
    this.#create(place, path, () => node)
    node.links++
  }

  chmod(path: string, mode: number): void {
    this.#change(path, node => {
      if (this.#who.uid !== 0 && this.#who.uid !== node.uid) throw new FileError('EPERM', path)
      node.mode = mode & 0o7777
    })
  }

  chown(path: string, uid: number, gid: number): void {
    this.#change(path, node => {
      if (this.#who.uid !== 0 && (uid !== node.uid || this.#who.uid !== uid)) throw new FileError('EPERM', path)
      node.uid = uid
      node.gid = gid
    })
  }

  /** Puts a program into a file, and the directories above it where they are missing. */
  install(path: string, program: Program, options: { flavour?: Flavour; mode?: number; size?: number } = {}): void {
    this.#make(path, tree => ({
      kind: 'file',
      ...tree.ownership(options.mode ?? 0o755, 0, 0),
      text: '\x7fELF\x02\x01\x01\0',
      program,
      flavour: options.flavour ?? 'gnu',
      ...(options.size === undefined ? {} : { size: options.size }),
    }))
  }

  /** Puts a file whose text is made at each reading, as in /proc. */
  generate(
    path: string,
    generate: () => string,
    options: { mode?: number; accept?: (text: string) => void } = {},
  ): void {
    this.#make(path, tree => ({
      kind: 'file',
      ...tree.ownership(options.mode ?? (options.accept ? 0o644 : 0o444), 0, 0),
      text: '',
      generate,
      ...(options.accept ? { accept: options.accept } : {}),
    }))
  }

  /** Puts a directory whose names are made up when asked. */
  generateDirectory(path: string, entries: (tree: FileTree) => Entries): void {
    this.#make(path, tree => tree.directory(0o555, 0, 0, entries(tree)))
  }

  /** Puts a device, named pipe or socket. */
  makeDevice(path: string, device: Device, mode = 0o666): void {
    this.#make(path, tree => ({ ...tree.ownership(mode, this.#who.uid, this.#who.gid), ...device }))
  }

  /** Makes another file system, or a directory or file of one, appear at a path that exists. */
  mount(
    path: string,
    files: FileSystem,
    options: { root?: string; isReadOnly?: boolean; source?: string; type?: string } = {},
  ): void {
    const at = this.realPath(path)
    const start = files.#locate(options.root ?? '/', true)
    this.tree.mount(at, {
      path: at,
      tree: start.tree,
      root: start.path,
      isReadOnly: options.isReadOnly ?? start.isReadOnly,
      source: options.source ?? 'none',
      type: options.type ?? 'ext4',
    })
  }

  unmount(path: string): void {
    const at = this.realPath(path)
    if (!this.tree.unmount(at)) throw new FileError('EINVAL', path)
  }

  get mounts(): Iterable<Mount> {
    return this.tree.mounts.values()
  }

  /** Calls back at each change of the file at a path; the answer ends that. */
  onChange(path: string, listener: () => void): () => void {
    const place = this.#locate(path, true)
    return place.tree.onChange(place.path, listener)
  }

  /** Makes all files so far an image that other file systems may begin with. */
  freeze(): DirectoryNode {
    return this.tree.freeze()
  }

  /** Begins anew with an image: what stood here before is gone. */
  beginWith(image: DirectoryNode): void {
    this.tree.beginWith(image)
  }

  /** What differs from the image. */
  snapshot(): LayerSnapshot {
    return layerSnapshot(this.tree)
  }

  #make(path: string, node: (tree: FileTree) => Inode): void {
    this.mkdir(parentPath(path), { parents: true })
    const place = this.#locate(path, false)
    place.tree.put(place.path, node(place.tree))
  }

  #create(place: Place, path: string, node: () => Inode): Place {
    this.#demandNewName(place, path)
    const made = node()
    const parent = place.tree.find(parentPath(place.path))
    if (parent && parent.mode & setGroup) {
      made.gid = parent.gid
      if (made.kind === 'directory') made.mode |= setGroup
    }
    place.tree.put(place.path, made)
    return { ...place, node: made }
  }

  #change(path: string, change: (node: Inode) => void): void {
    const place = this.#existing(path, true)
    if (place.isReadOnly) throw new FileError('EROFS', path)
    change(place.tree.own(place.path))
    place.tree.changed(place.path)
  }

  #demandNewName(place: Place, path: string): void {
    const parent = place.tree.find(parentPath(place.path))
    if (parent?.kind !== 'directory') throw new FileError('ENOENT', path)
    if (place.isReadOnly) throw new FileError('EROFS', path)
    this.#demand(parent, 3, path)
  }

  #demandRemoval(place: Place & { node: Inode }, path: string): void {
    if (place.path === '/' || this.tree.mounts.has(place.shown)) throw new FileError('EBUSY', path)
    this.#demandNewName(place, path)
    const parent = place.tree.find(parentPath(place.path))!
    const isSticky = (parent.mode & 0o1000) !== 0
    if (isSticky && this.#who.uid !== 0 && ![parent.uid, place.node.uid].includes(this.#who.uid)) {
      throw new FileError('EPERM', path)
    }
  }

  #demand(node: Inode, wanted: number, path: string): void {
    if (!mayUse(node, wanted, this.#who)) throw new FileError('EACCES', path)
  }

  #existing(path: string, follow: boolean): Place & { node: Inode } {
    const place = this.#locate(path, follow)
    if (!place.node) throw new FileError('ENOENT', path)
    return place as Place & { node: Inode }
  }

  #find(path: string, follow: boolean): Inode | undefined {
    return this.#tryLocate(path, follow)?.node
  }

  #tryLocate(path: string, follow: boolean): Place | undefined {
    const found = path === '' ? 'ENOENT' : this.tree.walk(path, this.#who, follow)
    return typeof found === 'string' ? undefined : found
  }

  #locate(path: string, follow: boolean): Place {
    if (path === '') throw new FileError('ENOENT', path)
    return this.tree.locate(path, this.#who, follow)
  }
}

/** A directory can be opened, but reading from it fails. */
const unreadable: Device = {
  kind: 'character',
  major: 0,
  minor: 0,
  openInput: () => ({
    take() {
      throw new FileError('EISDIR', '-')
    },
    whenReady: wake => wake(),
    unread() {},
    retain() {},
    release() {},
  }),
}

const uses = { read: 4, write: 2, execute: 1 } as const

function textOfFile(node: FileNode): string {
  return node.generate ? node.generate() : node.text
}
