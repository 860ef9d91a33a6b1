import { FileError, type FileErrorCode } from './fileError.ts'
import type { DirectoryNode, Entries, Inode } from './inode.ts'
import { joinPath, lastName, parentPath } from './path.ts'

/** Another tree, or a part of one, that appears at a path. */
export interface Mount {
  readonly path: string
  readonly tree: FileTree
  /** Where in the other tree it begins: a directory, or one file. */
  readonly root: string
  readonly isReadOnly: boolean
  /** What `mount` and /proc/mounts show. */
  readonly source: string
  readonly type: string
}

/** Where a path leads: the tree that holds it and the path inside that tree, free of links. */
export interface Place {
  readonly tree: FileTree
  readonly path: string
  /** The path as programs on the machine see it. */
  readonly shown: string
  readonly node: Inode | undefined
  readonly isReadOnly: boolean
}

/** Who asks: decides what may be read and written. */
export interface Credentials {
  readonly uid: number
  readonly gid: number
  readonly groups?: readonly number[]
}

const linkLimit = 40

/**
 * The files of one root: a tree of nodes whose unchanged part may be shared with other trees. A node is changed in
 * place when it belongs to this tree's own layer; otherwise it and the directories above are copied first.
 */
export class FileTree {
  layer = Symbol('layer')
  root: DirectoryNode
  /** The shared tree that this one began with, to tell what changed. */
  base: DirectoryNode | undefined
  readonly #mounts = new Map<string, Mount>()
  /** The last names of the paths at which something is mounted: a path whose name is none of them needs no look. */
  readonly #mountNames = new Set<string>()
  readonly now: () => number
  isReadOnly = false
  #nextNumber: number
  readonly #listeners = new Map<string, Set<() => void>>()

  constructor(now: () => number, base?: DirectoryNode) {
    this.now = now
    this.base = base
    this.#nextNumber = base ? base.number + 1 : 2
    this.root = base ?? this.directory(0o755, 0, 0)
  }

  /** Begins anew with a shared tree: what stood here before is gone. */
  beginWith(base: DirectoryNode): void {
    this.base = base
    this.root = base
    this.layer = Symbol('layer')
    this.#nextNumber = base.number + 1
  }

  /** A new directory that is not in the tree yet. */
  directory(mode: number, uid: number, gid: number, entries: Entries = new Map()): DirectoryNode {
    return { kind: 'directory', ...this.ownership(mode, uid, gid), entries }
  }

  /** The fields that every new node has. */
  ownership(mode: number, uid: number, gid: number) {
    return { layer: this.layer, number: this.#nextNumber++, mode, uid, gid, modified: this.now(), links: 1 }
  }

  /** Makes everything so far shareable and gives its root: other trees may begin with it. */
  freeze(): DirectoryNode {
    this.layer = Symbol('layer')
    this.root = { ...this.root, number: this.#nextNumber++ }
    return this.root
  }

  /** What is mounted here, by path. */
  get mounts(): ReadonlyMap<string, Mount> {
    return this.#mounts
  }

  mount(at: string, mount: Mount): void {
    this.#mounts.set(at, mount)
    this.#mountNames.add(lastName(at))
  }

  /** Takes a mount away; false when there is none. */
  unmount(at: string): boolean {
    return this.#mounts.delete(at)
  }

  #mountAt(path: string, name: string): Mount | undefined {
    return this.#mountNames.has(name) ? this.#mounts.get(path) : undefined
  }

  /** Follows a path name by name, through links and mounts. A missing last name gives a place without a node. */
  locate(path: string, who: Credentials, follow: boolean): Place {
    const found = this.walk(path, who, follow)
    if (typeof found === 'string') throw new FileError(found, path)
    return found
  }

  /** Like `locate`, with the failure as the answer: searching along PATH fails more often than not. */
  walk(path: string, who: Credentials, follow: boolean): Place | FileErrorCode {
    const root: Place = { tree: this, path: '/', shown: '/', node: this.root, isReadOnly: this.isReadOnly }
    const stack = [root]
    let parts = path.split('/')
    let links = 0
    for (let i = 0; i < parts.length; i++) {
      const name = parts[i]!
      const here = stack[stack.length - 1]!
      if (name === '' || name === '.') {
        if (i > 0 && here.node && here.node.kind !== 'directory') return 'ENOTDIR'
        continue
      }
      if (here.node === undefined) return 'ENOENT'
      if (here.node.kind !== 'directory') return 'ENOTDIR'
      if (name === '..') {
        if (stack.length > 1) stack.pop()
        continue
      }
      if (!mayUse(here.node, 1, who)) return 'EACCES'
      const next = this.#step(here, here.node, name)
      if (next.node?.kind === 'link' && (follow || !isLastName(parts, i))) {
        if (++links > linkLimit) return 'ELOOP'
        const target = next.node.target
        if (target.startsWith('/')) stack.length = 1
        parts = [...target.split('/'), ...parts.slice(i + 1)]
        i = -1
        continue
      }
      stack.push(next)
    }
    return stack[stack.length - 1]!
  }

  #step(here: Place, directory: DirectoryNode, name: string): Place {
    const shown = joinPath(here.shown, name)
    const path = here.shown === here.path ? shown : joinPath(here.path, name)
    const mount = this.#mountAt(shown, name) ?? (here.tree === this ? undefined : here.tree.#mountAt(path, name))
    if (mount) {
      return {
        tree: mount.tree,
        path: mount.root,
        shown,
        node: mount.tree.find(mount.root),
        isReadOnly: mount.isReadOnly || mount.tree.isReadOnly,
      }
    }
    return { tree: here.tree, path, shown, node: directory.entries.get(name), isReadOnly: here.isReadOnly }
  }

  /** The node at a path that is known to be free of links and mounts. */
  find(path: string): Inode | undefined {
    let node: Inode | undefined = this.root
    for (const name of path.split('/')) {
      if (name === '') continue
      if (node?.kind !== 'directory') return undefined
      node = node.entries.get(name)
    }
    return node
  }

  /** The node at such a path, copied into this tree's own layer where it is shared. */
  own(path: string): Inode {
    this.root = this.#owned(this.root)
    let node: Inode = this.root
    for (const name of path.split('/')) {
      if (name === '') continue
      if (node.kind !== 'directory') throw new FileError('ENOTDIR', path)
      const child: Inode | undefined = node.entries.get(name)
      if (!child) throw new FileError('ENOENT', path)
      const owned: Inode = this.#owned(child)
      if (owned !== child) node.entries.set(name, owned)
      node = owned
    }
    return node
  }

  /** The directory that holds a path, ready to be changed. */
  ownParent(path: string): DirectoryNode {
    const directory = this.own(parentPath(path))
    if (directory.kind !== 'directory') throw new FileError('ENOTDIR', path)
    return directory
  }

  /** Puts a node at a path, over what may be there. */
  put(path: string, node: Inode): void {
    const parent = this.ownParent(path)
    parent.entries.set(lastName(path), node)
    parent.modified = this.now()
    this.changed(path)
  }

  /** Takes a name away. */
  take(path: string): void {
    const parent = this.ownParent(path)
    parent.entries.delete(lastName(path))
    parent.modified = this.now()
    this.changed(path)
  }

  /** Tells those who watch a path that it is different now. */
  changed(path: string): void {
    const listeners = this.#listeners.get(path)
    if (listeners) for (const listener of [...listeners]) listener()
  }

  /** Calls back at each change of the file at a path; the answer ends that. */
  onChange(path: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(path) ?? new Set()
    this.#listeners.set(path, listeners)
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(path)
    }
  }

  #owned<T extends Inode>(node: T): T {
    if (node.layer === this.layer) return node
    if (node.kind === 'directory') return { ...node, layer: this.layer, entries: new Map(entriesOf(node)) }
    return { ...node, layer: this.layer }
  }
}

/** Whether someone may read (4), write (2) or execute and search (1) a node. */
export function mayUse(node: Inode, wanted: number, who: Credentials): boolean {
  if (who.uid === 0) return wanted !== 1 || node.kind === 'directory' || (node.mode & 0o111) !== 0
  if (node.uid === who.uid) return ((node.mode >> 6) & wanted) === wanted
  if (node.gid === who.gid || who.groups?.includes(node.gid)) return ((node.mode >> 3) & wanted) === wanted
  return (node.mode & wanted) === wanted
}

/** The names and nodes of a directory. */
export function* entriesOf(directory: DirectoryNode): Iterable<[string, Inode]> {
  for (const name of directory.entries.keys()) yield [name, directory.entries.get(name)!]
}

/** Whether only slashes and dots follow: `link/` still means the directory behind the link. */
function isLastName(parts: readonly string[], index: number): boolean {
  return index === parts.length - 1
}
