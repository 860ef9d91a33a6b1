import type { FileSystem } from '../../../machine/files.ts'
import type { Payload } from './payload.ts'

/**
 * Writes the files of a volume so that all of them change at once: they lie in a directory with a time in its name,
 * `..data` leads there, and each name leads through `..data` (k8s.io/kubernetes/pkg/volume/util/atomic_writer.go).
 */
export function writeAtomically(files: FileSystem, payload: Payload, now: number): void {
  const stamp = new Date(now)
    .toISOString()
    .replace(/^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)\.(\d+)Z$/, '$1_$2_$3_$4_$5_$6.$7')
  const directory = `/..${stamp}000000`
  const before = files.exists('/..data') ? files.readLink('/..data') : undefined
  files.mkdir(directory, { parents: true })
  for (const [path, { text, mode }] of payload) {
    const file = `${directory}/${path}`
    if (path.includes('/')) files.mkdir(file.slice(0, file.lastIndexOf('/')), { parents: true })
    files.writeText(file, text, mode)
  }
  if (before !== undefined) files.remove('/..data')
  files.symlink(directory.slice(1), '/..data')
  const wanted = new Set([...payload.keys()].map(path => path.split('/')[0]!))
  for (const name of wanted) if (!files.exists(`/${name}`)) files.symlink(`..data/${name}`, `/${name}`)
  for (const name of files.list('/')) if (!name.startsWith('..') && !wanted.has(name)) files.remove(`/${name}`)
  if (before !== undefined && before !== directory.slice(1)) files.removeTree(`/${before}`)
}

/** Whether two payloads hold the same. */
export function isSamePayload(one: Payload, other: Payload): boolean {
  if (one.size !== other.size) return false
  for (const [path, file] of one) {
    const twin = other.get(path)
    if (twin?.text !== file.text || twin.mode !== file.mode) return false
  }
  return true
}
