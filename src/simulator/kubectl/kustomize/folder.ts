import { resolvePath } from '../../machine/path.ts'
import type { Process } from '../../machine/program.ts'
import { Failure } from '../failure.ts'

const fileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']

/** A folder with a kustomization: files are read in it and below it only. */
export class Folder {
  readonly root: string
  readonly #process: Process
  readonly #isOpen: boolean
  /** The folders that led here; none of them may be visited again. */
  readonly #visited: readonly string[]

  private constructor(process: Process, root: string, isOpen: boolean, visited: readonly string[]) {
    this.#process = process
    this.root = root
    this.#isOpen = isOpen
    this.#visited = visited
  }

  /** The folder of a build; `isOpen` lets it read files anywhere. */
  static at(process: Process, path: string, isOpen = false): Folder {
    return new Folder(process, demandFolder(process, path, process.path(path)), isOpen, [])
  }

  /** Another folder, named from this one. */
  open(path: string): Folder {
    if (isRemote(path)) throw new Failure(`remote bases are not simulated here: ${path}`)
    if (path === '') throw new Failure('new root cannot be empty')
    if (path.startsWith('/')) throw new Failure(`new root '${path}' cannot be absolute`)
    const full = resolvePath(this.root, path)
    const root = demandFolder(this.#process, full, full)
    for (const visited of [this.root, ...this.#visited]) {
      if (isIn(visited, root))
        throw new Failure(`cycle detected: candidate root '${root}' contains visited root '${visited}'`)
    }
    return new Folder(this.#process, root, this.#isOpen, [this.root, ...this.#visited])
  }

  /** The text of a file in the folder. */
  read(path: string): string {
    if (isRemote(path)) throw new Failure(`remote files are not simulated here: ${path}`)
    const full = resolvePath(this.root, path)
    const { files } = this.#process
    const real = realPath(this.#process, full)
    if (files.isDirectory(real)) throw new Failure(`'${full}' must resolve to a file`)
    if (!this.#isOpen && !isIn(real, this.root))
      throw new Failure(`security; file '${full}' is not in or below '${this.root}'`)
    return files.readText(real)
  }

  /** The kustomization file, under any of the names it may have. */
  kustomization(): { readonly name: string; readonly text: string } {
    const present = fileNames.filter(name => this.#process.files.exists(`${this.root}/${name}`))
    if (present.length > 1) throw new Failure(`Found multiple kustomization files under: ${this.root}\n`)
    const [name] = present
    if (name === undefined) {
      throw new Failure(
        `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${this.root}'`,
      )
    }
    return { name, text: this.read(name) }
  }
}

/** Whether a name leads out of this machine. */
function isRemote(path: string): boolean {
  return /^(\w+:\/\/|git@|git::|github\.com[/:])/.test(path)
}

function demandFolder(process: Process, path: string, full: string): string {
  let real: string
  try {
    real = realPath(process, full, path)
  } catch (error) {
    throw new Failure(`must build at directory: not a valid directory: ${(error as Error).message}`)
  }
  if (!process.files.isDirectory(real)) throw new Failure(`must build at directory: '${path}': file is not directory`)
  return real
}

/** The path without links; what is missing is named with the first part of the path that is not there. */
function realPath(process: Process, full: string, shown = full): string {
  const { files } = process
  if (files.exists(full)) return files.realPath(full)
  const parts = full.split('/')
  const at = parts.findIndex((_, i) => i > 0 && !files.exists(parts.slice(0, i + 1).join('/')))
  const missing = parts.slice(0, at + 1).join('/')
  throw new Failure(`evalsymlink failure on '${shown}' : lstat ${missing}: no such file or directory`)
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
}
