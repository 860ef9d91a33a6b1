import { bytesOf, textOf } from '../../machine/bytes.ts'
import { joinPath, lastName, parentPath, resolvePath } from '../../machine/path.ts'
import type { Process } from '../../machine/program.ts'
import { type TarEntry, writeTar } from '../../machine/tarArchive.ts'
import { Failure } from '../failure.ts'

/** The archive of a file or a folder; in it, the file is called `name`. */
export function archiveOf(process: Process, path: string, name: string): Uint8Array {
  const entries: TarEntry[] = []
  addTo(entries, process, process.path(path), name.replace(/^\/+/, ''))
  return writeTar(entries)
}

function addTo(entries: TarEntry[], process: Process, path: string, name: string): void {
  const { files } = process
  const found = files.lstat(path)
  const member = {
    name,
    mode: found.mode & 0o7777,
    uid: found.uid,
    gid: found.gid,
    userName: '',
    groupName: '',
    modified: Math.floor(found.modified / 1000),
    contents: new Uint8Array(0),
    target: '',
  }
  if (found.kind === 'directory') {
    const names = files.list(path)
    // Folders come by themselves with what is in them.
    if (names.length === 0) entries.push({ ...member, kind: 'directory', name: `${name}/` })
    for (const each of names) addTo(entries, process, joinPath(path, each), `${name}/${each}`)
  } else if (found.kind === 'link') entries.push({ ...member, kind: 'link', target: files.readLink(path) })
  else entries.push({ ...member, kind: 'file', contents: bytesOf(files.readText(path)) })
}

/** Puts the members of an archive where `destination` says; gives warnings about those that are left out. */
export function unpack(
  process: Process,
  entries: readonly TarEntry[],
  prefix: string,
  destination: string,
): readonly string[] {
  const { files } = process
  const warnings: string[] = []
  const base = process.path(destination)
  for (const { name, kind, contents, target } of entries) {
    if (!name.startsWith(prefix)) throw new Failure('tar contents corrupted')
    const rest = name.slice(prefix.length)
    const path = rest === '' ? base : resolvePath(base, `./${rest}`)
    if (path !== base && !path.startsWith(base === '/' ? '/' : `${base}/`)) {
      warnings.push(`warning: file ${JSON.stringify(path)} is outside target destination, skipping`)
      continue
    }
    makeFolder(process, parentPath(path))
    if (kind === 'directory') makeFolder(process, path)
    else if (kind === 'link')
      warnings.push(`warning: skipping symlink: ${JSON.stringify(path)} -> ${JSON.stringify(target)}`)
    else files.writeText(path, textOf(contents))
  }
  return warnings
}

function makeFolder({ files }: Process, path: string): void {
  if (!files.isDirectory(path)) files.mkdir(path, { parents: true })
}

/** The last part of a path, `/` and `.` aside. */
export function baseName(path: string): string {
  return lastName(path.replace(/\/+$/, '')) || '.'
}
