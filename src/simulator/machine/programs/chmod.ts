import { FileError } from '../fileError.ts'
import { parseMode } from '../fileMode.ts'
import { modeLetters, type Stat } from '../inode.ts'
import { type Arguments, parseOptions } from '../options.ts'
import { joinPath } from '../path.ts'
import { Exit, type Process, type Program } from '../program.ts'
import { quoted, quotedName } from '../quoting.ts'

/** Changes who may use files. */
export const chmod: Program = {
  name: 'chmod',
  summary: 'change file mode bits',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... MODE[,MODE]... FILE...',
  options: [
    { short: 'c', long: 'changes', help: 'like verbose but report only when a change is made' },
    { short: 'f', long: 'silent', help: 'suppress most error messages' },
    { long: 'quiet', help: 'same as --silent' },
    { short: 'v', long: 'verbose', help: 'output a diagnostic for every file processed' },
    { long: 'no-preserve-root', help: "do not treat '/' specially (the default)" },
    { long: 'preserve-root', help: "fail to operate recursively on '/'" },
    { long: 'reference', value: 'RFILE', help: "use RFILE's mode instead of MODE values" },
    { short: 'R', long: 'recursive', help: 'change files and directories recursively' },
  ],
  busybox: { usage: '[-Rcvf] MODE[,MODE]... FILE...', options: 'Rcvf' },
  async run(process) {
    const words = process.argv.slice(1)
    const operands = words.filter(word => !word.startsWith('-') || modeWord.test(word))
    const args = await parseOptions(process, chmod, [
      ...words.filter(word => !operands.includes(word)),
      '--',
      ...operands,
    ])
    const { mode, names } = await request(process, args)
    const changer = new ModeChanger(process, args, mode)
    for (const name of names) await changer.change(name)
    return changer.status
  },
}

/** `chmod -x FILE` takes away: what looks like an option is a mode. */
const modeWord = /^-[rwxXst]+(,|$)/

async function request(process: Process, args: Arguments): Promise<{ mode: string; names: readonly string[] }> {
  const reference = args.get('reference')
  if (reference !== undefined) {
    args.demandOperands(1)
    try {
      const { mode } = process.files.stat(process.path(reference))
      return { mode: `0${mode.toString(8).padStart(4, '0')}`, names: args.operands }
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      throw new Exit(await process.fail(`failed to get attributes of ${quotedName(reference)}: ${error.text}`))
    }
  }
  const [mode, ...names] = args.operands
  if (mode === undefined) throw args.misuse('missing operand')
  if (names.length === 0) throw args.misuse(`missing operand after ${quoted(process, mode)}`)
  if (parseMode(mode, 0, false, 0) === undefined) throw args.misuse(`invalid mode: ${quoted(process, mode)}`)
  return { mode, names }
}

class ModeChanger {
  status = 0
  readonly #process: Process
  readonly #args: Arguments
  readonly #mode: string

  constructor(process: Process, args: Arguments, mode: string) {
    this.#process = process
    this.#args = args
    this.#mode = mode
  }

  async change(name: string, isOperand = true): Promise<void> {
    const { files, umask, flavour } = this.#process
    const path = this.#process.path(name)
    const isBusybox = flavour === 'busybox'
    let stat: Stat
    try {
      stat = files.stat(path)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      const isDangling = !isOperand || error.code !== 'ENOENT' || this.#isLink(path)
      if (!isOperand && isDangling) return
      const words = isBusybox
        ? name
        : isDangling && this.#isLink(path)
          ? `cannot operate on dangling symlink ${quotedName(name)}`
          : undefined
      return this.#fail(
        words !== undefined && !isBusybox ? words : `${words ?? `cannot access ${quotedName(name)}`}: ${error.text}`,
      )
    }
    if (!isOperand && this.#isLink(path)) return
    const mode = parseMode(this.#mode, stat.mode, stat.kind === 'directory', umask)!
    try {
      files.chmod(path, mode)
      await this.#tell(name, stat, mode)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      const words = isBusybox ? name : `changing permissions of ${quotedName(name)}`
      await this.#fail(`${words}: ${error.text}`)
    }
    if (stat.kind !== 'directory' || !this.#args.has('recursive')) return
    for (const entry of files.list(path)) await this.change(joinPath(name.replace(/(.)\/+$/, '$1'), entry), false)
  }

  #isLink(path: string): boolean {
    try {
      return this.#process.files.lstat(path).kind === 'link'
    } catch {
      return false
    }
  }

  async #tell(name: string, stat: Stat, mode: number): Promise<void> {
    const isChanged = mode !== stat.mode
    if (!this.#args.has('verbose') && !(this.#args.has('changes') && isChanged)) return
    const [before, after] = [shown(stat, stat.mode), shown(stat, mode)]
    await this.#process.write(
      isChanged
        ? `mode of ${quotedName(name)} changed from ${before} to ${after}\n`
        : `mode of ${quotedName(name)} retained as ${before}\n`,
    )
  }

  async #fail(message: string): Promise<void> {
    this.status = 1
    if (!this.#args.has('silent') && !this.#args.has('quiet')) await this.#process.fail(message)
  }
}

function shown({ kind }: Stat, mode: number): string {
  return `${mode.toString(8).padStart(4, '0')} (${modeLetters({ kind, mode }).slice(1)})`
}
