import { type CopyOptions, copyFile, isThere, keepAttributes } from '../copy.ts'
import { destinations } from '../destination.ts'
import { FileError } from '../fileError.ts'
import type { Stat } from '../inode.ts'
import { type Arguments, defineProgram } from '../options.ts'
import { joinPath } from '../path.ts'
import type { Process } from '../program.ts'
import { isConfirmed } from '../question.ts'
import { quotedName } from '../quoting.ts'

/** Copies files and directories. */
export const cp = defineProgram({
  name: 'cp',
  summary: 'copy files and directories',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... SOURCE... DEST',
  options: [
    { short: 'a', long: 'archive', help: 'same as -dR --preserve=all' },
    { short: 'd', help: 'same as --no-dereference --preserve=links' },
    { short: 'f', long: 'force', help: 'if an existing destination file cannot be opened, remove it and try again' },
    { short: 'i', long: 'interactive', help: 'prompt before overwrite' },
    { short: 'H', help: 'follow command-line symbolic links in SOURCE' },
    { short: 'l', long: 'link', help: 'hard link files instead of copying' },
    { short: 'L', long: 'dereference', help: 'always follow symbolic links in SOURCE' },
    { short: 'n', long: 'no-clobber', help: 'do not overwrite an existing file' },
    { short: 'P', long: 'no-dereference', help: 'never follow symbolic links in SOURCE' },
    { short: 'p', help: 'same as --preserve=mode,ownership,timestamps' },
    { long: 'preserve', value: '[ATTR_LIST]', help: 'preserve the specified attributes' },
    { long: 'parents', help: 'use full source file name under DIRECTORY' },
    { short: 'R', long: 'recursive', help: 'copy directories recursively' },
    { short: 'r', help: 'same as -R' },
    { short: 's', long: 'symbolic-link', help: 'make symbolic links instead of copying' },
    { short: 't', long: 'target-directory', value: 'DIRECTORY', help: 'copy all SOURCE arguments into DIRECTORY' },
    { short: 'T', long: 'no-target-directory', help: 'treat DEST as a normal file' },
    { short: 'u', long: 'update', help: 'copy only when the SOURCE file is newer than the destination file' },
    { short: 'v', long: 'verbose', help: 'explain what is being done' },
    { short: 'x', long: 'one-file-system', help: 'stay on this file system' },
  ],
  notSimulated:
    '-b --backup -S --suffix -Z --context --attributes-only --copy-contents --no-preserve --reflink --remove-destination --sparse --strip-trailing-slashes',
  busybox: { usage: '[-arPLHpfinlsTu] SOURCE DEST', options: 'arRdPLHpfinlsTtuv' },
  async run(process, args) {
    const copier = new Copier(process, args)
    const pairs = await destinations(process, args)
    for (const { source, target } of pairs)
      await copier.copy(source, args.has('parents') ? parentsTarget(args, source) : target)
    return copier.status
  },
})

function parentsTarget(args: Arguments, source: string): string {
  return joinPath(args.get('target-directory') ?? args.operands.at(-1)!, source.replace(/^\/+/, ''))
}

class Copier {
  status = 0
  readonly #process: Process
  readonly #args: Arguments
  readonly #options: CopyOptions
  readonly #recursive: boolean

  constructor(process: Process, args: Arguments) {
    this.#process = process
    this.#args = args
    const keeps = (args.get('preserve') ?? 'mode,ownership,timestamps').split(',')
    const preserves = (what: string) =>
      args.has('archive') || args.has('p') || (args.has('preserve') && (keeps.includes(what) || keeps.includes('all')))
    this.#recursive = args.has('archive') || args.has('recursive') || args.has('r')
    const links = args.last('dereference', 'no-dereference', 'd', 'archive', 'H')
    this.#options = {
      preservesMode: preserves('mode'),
      preservesOwner: preserves('ownership'),
      preservesTime: preserves('timestamps'),
      keepsLinks: links === undefined ? this.#recursive : links !== 'dereference' && links !== 'H',
    }
  }

  async copy(source: string, target: string): Promise<void> {
    const { files } = this.#process
    const from = this.#process.path(source)
    let stat: Stat
    try {
      stat = this.#options.keepsLinks ? files.lstat(from) : files.stat(from)
    } catch (error) {
      if (error instanceof FileError) return this.#fail(`${this.#words('stat', source)}: ${error.text}`)
      throw error
    }
    if (this.#args.has('parents'))
      files.mkdir(this.#process.path(target.slice(0, target.lastIndexOf('/'))), { parents: true })
    if (stat.kind !== 'directory') return this.#copyFile(source, target, stat)
    if (!this.#recursive) {
      const isBusybox = this.#process.flavour === 'busybox'
      return this.#fail(
        isBusybox ? `omitting directory '${source}'` : `-r not specified; omitting directory ${quotedName(source)}`,
      )
    }
    await this.#copyDirectory(source, target, stat)
  }

  async #copyDirectory(source: string, target: string, stat: Stat): Promise<void> {
    const { files } = this.#process
    const [from, to] = [this.#process.path(source), this.#process.path(target)]
    if (`${to}/`.startsWith(`${from}/`)) {
      if (to === from) return this.#fail(`${quotedName(source)} and ${quotedName(target)} are the same file`)
      return this.#fail(`cannot copy a directory, ${quotedName(source)}, into itself, ${quotedName(target)}`)
    }
    const existing = isThere(this.#process, to) ? files.find(to) : undefined
    if (existing && existing.kind !== 'directory') {
      return this.#fail(`cannot overwrite non-directory ${quotedName(target)} with directory ${quotedName(source)}`)
    }
    try {
      const entries = files.list(from)
      if (!existing) {
        files.mkdir(to, { mode: (stat.mode & ~this.#process.umask) | 0o700 })
        if (this.#args.has('verbose')) await this.#tell(source, target)
      }
      for (const entry of entries) await this.copy(joined(source, entry), joined(target, entry))
      keepAttributes(this.#process, stat, to, this.#options)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      await this.#fail(`${this.#words(existing ? 'access' : 'create directory', target)}: ${error.text}`)
    }
  }

  async #copyFile(source: string, target: string, stat: Stat): Promise<void> {
    const { files } = this.#process
    const [from, to] = [this.#process.path(source), this.#process.path(target)]
    const existing = files.find(to)
    if (existing) {
      if (files.realPath(from) === files.realPath(to)) {
        return this.#fail(`${quotedName(source)} and ${quotedName(target)} are the same file`)
      }
      if (existing.kind === 'directory') {
        return this.#fail(`cannot overwrite directory ${quotedName(target)} with non-directory`)
      }
      if (this.#args.has('update') && existing.modified >= stat.modified) return
      const order = this.#args.last('no-clobber', 'interactive', 'force')
      if (order === 'no-clobber') return
      if (this.#args.has('interactive') && !(await isConfirmed(this.#process, `cp: overwrite ${quotedName(target)}? `)))
        return
    }
    if (target.endsWith('/')) return this.#fail(`${this.#words('create regular file', target)}: Not a directory`)
    try {
      await this.#make(source, target, stat)
      if (this.#args.has('verbose')) await this.#tell(source, target)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      const isSource = error.path === from && error.code === 'EACCES'
      const what = isSource
        ? `cannot open ${quotedName(source)} for reading`
        : `cannot create regular file ${quotedName(target)}`
      const words = error.code === 'EISDIR' && target.endsWith('/') ? 'Not a directory' : error.text
      const isBusybox = this.#process.flavour === 'busybox'
      await this.#fail(
        isBusybox
          ? `can't ${isSource ? 'open' : 'create'} '${isSource ? source : target}': ${words}`
          : `${what}: ${words}`,
      )
    }
  }

  async #make(source: string, target: string, stat: Stat): Promise<void> {
    const { files } = this.#process
    const [from, to] = [this.#process.path(source), this.#process.path(target)]
    const replaces = this.#args.has('symbolic-link') || this.#args.has('link')
    if (replaces && isThere(this.#process, to)) files.remove(to)
    if (this.#args.has('symbolic-link')) files.symlink(source, to)
    else if (this.#args.has('link')) files.link(from, to)
    else {
      if (this.#args.has('force') && files.exists(to) && !files.may('write', to)) files.remove(to)
      if (stat.kind === 'file' && !files.may('read', from)) throw new FileError('EACCES', from)
      await copyFile(this.#process, from, to, this.#options)
    }
  }

  #tell(source: string, target: string): Promise<void> {
    return this.#process.write(`${quotedName(source)} -> ${quotedName(target)}\n`)
  }

  #words(action: string, name: string): string {
    return this.#process.flavour === 'busybox' ? `can't ${action} '${name}'` : `cannot ${action} ${quotedName(name)}`
  }

  async #fail(message: string): Promise<void> {
    this.status = await this.#process.fail(message)
  }
}

function joined(directory: string, name: string): string {
  return joinPath(directory.replace(/(.)\/+$/, '$1'), name)
}
