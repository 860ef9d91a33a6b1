import { FileError } from '../fileError.ts'
import type { Stat } from '../inode.ts'
import { type Arguments, defineProgram } from '../options.ts'
import { joinPath } from '../path.ts'
import type { Process } from '../program.ts'
import { isConfirmed } from '../question.ts'
import { quotedName } from '../quoting.ts'

/** Removes files and directories. */
export const rm = defineProgram({
  name: 'rm',
  summary: 'remove files or directories',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE]...',
  options: [
    { short: 'f', long: 'force', help: 'ignore nonexistent files and arguments, never prompt' },
    { short: 'i', help: 'prompt before every removal' },
    { short: 'I', help: 'prompt once before removing more than three files, or when removing recursively' },
    { long: 'interactive', value: '[WHEN]', help: 'prompt according to WHEN: never, once (-I), or always (-i)' },
    { long: 'one-file-system', help: 'skip directories on other file systems' },
    { long: 'no-preserve-root', help: "do not treat '/' specially" },
    { long: 'preserve-root', value: '[all]', help: "do not remove '/' (default)" },
    { short: 'r', long: 'recursive', help: 'remove directories and their contents recursively' },
    { short: 'R', help: 'same as -r' },
    { short: 'd', long: 'dir', help: 'remove empty directories' },
    { short: 'v', long: 'verbose', help: 'explain what is being done' },
  ],
  busybox: { usage: '[-irf] FILE...', options: 'firRv' },
  async run(process, args) {
    if (args.operands.length === 0 && args.has('force')) return 0
    args.demandOperands(1)
    const order = args.last('force', 'i', 'I', 'interactive')
    const recursive = args.has('recursive') || args.has('R')
    if (order === 'I' && (args.operands.length > 3 || recursive)) {
      const count = args.operands.length
      const question = `rm: remove ${count} argument${count === 1 ? '' : 's'}${recursive ? ' recursively' : ''}? `
      if (!(await isConfirmed(process, question))) return 0
    }
    const when = order === 'interactive' ? (args.get('interactive') ?? 'always') : undefined
    const asks = order === 'i' || when === 'always' || when === 'yes'
    const remover = new Remover(process, args, { asks, recursive, isForced: order === 'force' })
    for (const name of args.operands) await remover.remove(name)
    return remover.status
  },
})

class Remover {
  status = 0
  readonly #process: Process
  readonly #args: Arguments
  readonly #asks: boolean
  readonly #recursive: boolean
  readonly #isForced: boolean

  constructor(process: Process, args: Arguments, how: { asks: boolean; recursive: boolean; isForced: boolean }) {
    this.#process = process
    this.#args = args
    this.#asks = how.asks
    this.#recursive = how.recursive
    this.#isForced = how.isForced
  }

  async remove(name: string): Promise<void> {
    const path = this.#process.path(name)
    if (this.#recursive && path === '/' && !this.#args.has('no-preserve-root')) {
      await this.#fail(`it is dangerous to operate recursively on '/'`)
      await this.#fail('use --no-preserve-root to override this failsafe')
      return
    }
    if (/(^|\/)\.\.?\/*$/.test(name) && this.#recursive) {
      const words =
        this.#process.flavour === 'busybox'
          ? `can't remove '.' or '..'`
          : `refusing to remove '.' or '..' directory: skipping ${quotedName(name)}`
      return this.#fail(words)
    }
    try {
      await this.#removeOne(name, path)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      await this.#failed(name, error)
    }
  }

  async #removeOne(name: string, path: string): Promise<void> {
    const { files } = this.#process
    let stat: Stat
    try {
      stat = files.lstat(path)
    } catch (error) {
      if (error instanceof FileError && this.#isForced && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return
      throw error
    }
    if (stat.kind === 'directory') return this.#removeDirectory(name, path)
    if (!(await this.#mayRemove(name, path, stat))) return
    files.remove(path)
    await this.#tell('removed', name)
  }

  async #removeDirectory(name: string, path: string): Promise<void> {
    const { files } = this.#process
    if (!this.#recursive && !this.#args.has('dir')) {
      const isBusybox = this.#process.flavour === 'busybox'
      return isBusybox ? this.#fail(`'${name}' is a directory`) : this.#failed(name, new FileError('EISDIR', path))
    }
    if (this.#recursive) {
      const entries = files.list(path)
      if (entries.length > 0) {
        if (this.#asks && !(await isConfirmed(this.#process, `rm: descend into directory ${quotedName(name)}? `)))
          return
        for (const entry of entries) {
          const inner = joinPath(name.replace(/(.)\/+$/, '$1'), entry)
          try {
            await this.#removeOne(inner, joinPath(path, entry))
          } catch (error) {
            if (!(error instanceof FileError)) throw error
            await this.#failed(inner, error)
          }
        }
        if (files.list(path).length > 0) return
      }
    }
    if (this.#asks && !(await isConfirmed(this.#process, `rm: remove directory ${quotedName(name)}? `))) return
    files.removeDirectory(path)
    await this.#tell('removed directory', name)
  }

  async #mayRemove(name: string, path: string, stat: Stat): Promise<boolean> {
    const { files, stdin } = this.#process
    const isProtected =
      stat.kind !== 'link' && !files.may('write', path) && stdin.terminal !== undefined && !this.#isForced
    if (!this.#asks && !isProtected) return true
    const what = stat.kind === 'file' && stat.size === 0 ? 'regular empty file' : kindNames[stat.kind]
    const front = isProtected ? 'remove write-protected' : 'remove'
    return isConfirmed(this.#process, `rm: ${front} ${what} ${quotedName(name)}? `)
  }

  async #tell(what: string, name: string): Promise<void> {
    if (!this.#args.has('verbose')) return
    await this.#process.write(`${what} ${quotedName(name)}\n`)
  }

  #failed(name: string, error: FileError): Promise<void> {
    const words = this.#process.flavour === 'busybox' ? `can't remove '${name}'` : `cannot remove ${quotedName(name)}`
    return this.#fail(`${words}: ${error.text}`)
  }

  async #fail(message: string): Promise<void> {
    this.status = await this.#process.fail(message)
  }
}

const kindNames: Readonly<Record<Stat['kind'], string>> = {
  file: 'regular file',
  directory: 'directory',
  link: 'symbolic link',
  character: 'character special file',
  fifo: 'fifo',
  socket: 'socket',
}
