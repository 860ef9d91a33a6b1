import { byteLength } from './bytes.ts'
import type { Inode, Stat } from './inode.ts'

/** What `stat` tells about a node. */
export function statOf(node: Inode): Stat {
  return {
    kind: node.kind,
    number: node.number,
    mode: node.mode,
    uid: node.uid,
    gid: node.gid,
    size: sizeOf(node),
    modified: node.modified,
    links: node.kind === 'directory' ? 2 : node.links,
    major: 'major' in node ? node.major : 0,
    minor: 'minor' in node ? node.minor : 0,
  }
}

function sizeOf(node: Inode): number {
  if (node.kind === 'directory') return 4096
  if (node.kind === 'link') return byteLength(node.target)
  if (node.kind === 'file') return node.size ?? (node.generate ? 0 : byteLength(node.text))
  return 0
}
