import { compareNames } from './compareNames.ts'
import { entriesOf, type FileTree } from './fileTree.ts'
import type { DirectoryNode, Inode } from './inode.ts'
import { joinPath } from './path.ts'

/** What changed on top of the image, as plain JSON: a path's new state, or null where something was removed. */
export type LayerSnapshot = Record<string, NodeSnapshot | null>

/** One file of a snapshot. */
export interface NodeSnapshot {
  readonly kind: Inode['kind']
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly text?: string
  readonly target?: string
}

/** What differs between a tree and the image that it began with. */
export function layerSnapshot(tree: FileTree): LayerSnapshot {
  const changes: LayerSnapshot = {}
  const compare = (path: string, now: DirectoryNode, before: DirectoryNode | undefined): void => {
    if (now.layer !== tree.layer) return
    for (const [name, node] of [...entriesOf(now)].sort(([a], [b]) => compareNames(a, b))) {
      const old = before?.entries.get(name)
      if (node === old || node.layer !== tree.layer) continue
      const place = joinPath(path, name)
      if (node.kind !== 'directory' || old?.kind !== 'directory') changes[place] = snapshotOf(node)
      if (node.kind === 'directory') compare(place, node, old?.kind === 'directory' ? old : undefined)
    }
    for (const name of before?.entries.keys() ?? []) if (!now.entries.get(name)) changes[joinPath(path, name)] = null
  }
  compare('/', tree.root, tree.base)
  return changes
}

function snapshotOf(node: Inode): NodeSnapshot {
  const { kind, mode, uid, gid } = node
  const what = node.kind === 'file' && !node.generate ? { text: node.text } : {}
  return { kind, mode, uid, gid, ...what, ...(node.kind === 'link' ? { target: node.target } : {}) }
}
