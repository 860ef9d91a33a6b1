import { FileError } from './fileError.ts'
import type { Stat } from './inode.ts'
import { joinPath, lastName } from './path.ts'
import type { Process } from './program.ts'

/** What a copy takes over besides the contents. */
export interface CopyOptions {
  readonly preservesMode?: boolean
  readonly preservesOwner?: boolean
  readonly preservesTime?: boolean
  /** Links are copied as links, not what they point at. */
  readonly keepsLinks?: boolean
}

/** Copies one thing that is not a directory, over what may be there. Paths are absolute. Throws `FileError`. */
export async function copyFile(process: Process, from: string, to: string, options: CopyOptions): Promise<void> {
  const { files } = process
  const stat = options.keepsLinks ? files.lstat(from) : files.stat(from)
  if (stat.kind === 'link') {
    if (isThere(process, to)) files.remove(to)
    files.symlink(files.readLink(from), to)
    return
  }
  const isNew = !files.exists(to)
  const program = files.program(from)
  if (program) {
    files.writeText(to, '', stat.mode & 0o777)
    files.install(to, program.program, { flavour: program.flavour, mode: stat.mode, size: stat.size })
    files.chown(to, process.user.uid, process.user.gid)
  } else {
    const text = stat.kind === 'file' ? files.readText(from) : await readDevice(process, from)
    files.writeText(to, text, stat.mode & 0o777 & ~process.umask)
  }
  keepAttributes(process, stat, to, isNew ? options : { ...options })
}

/** Gives a copied directory or file the owner, mode and time of its original. */
export function keepAttributes(process: Process, stat: Stat, to: string, options: CopyOptions): void {
  const { files } = process
  if (options.preservesOwner) {
    try {
      files.chown(to, stat.uid, stat.gid)
    } catch (error) {
      // Only root may give files away; a copy then belongs to who made it.
      if (!(error instanceof FileError)) throw error
    }
  }
  if (options.preservesMode) files.chmod(to, stat.mode)
  if (options.preservesTime) files.touch(to, stat.modified)
}

/** Where something goes that is put at a place: into it when that is a directory. */
export function insideOf(process: Process, target: string, source: string): string {
  const name = lastName(source.replace(/\/+$/, ''))
  return process.files.isDirectory(process.path(target)) ? joinPath(target.replace(/(.)\/+$/, '$1'), name) : target
}

/** Whether a name exists, even as a link that leads nowhere. */
export function isThere(process: Process, path: string): boolean {
  try {
    process.files.lstat(path)
    return true
  } catch (error) {
    if (error instanceof FileError) return false
    throw error
  }
}

async function readDevice(process: Process, path: string): Promise<string> {
  const stream = process.openRead(path)
  let text = ''
  for (let piece = await stream.read(); piece !== undefined; piece = await stream.read()) text += piece
  stream.close()
  return text
}
