import { FileError } from '../fileError.ts'
import { openFile } from '../inputs.ts'
import { type Arguments, defineProgram } from '../options.ts'
import { Exit, type Process, type Readable, UsageError } from '../program.ts'
import { isConfirmed } from '../question.ts'
import { quoted, shownName } from '../quoting.ts'

/** Runs a command with arguments that it reads. */
export const xargs = defineProgram({
  name: 'xargs',
  summary: 'build and execute command lines from standard input',
  package: 'GNU findutils 4.9.0',
  usage: '[OPTION]... COMMAND [INITIAL-ARGS]...',
  options: [
    { short: '0', long: 'null', help: 'items are separated by a null, not whitespace' },
    { short: 'a', long: 'arg-file', value: 'FILE', help: 'read arguments from FILE, not standard input' },
    { short: 'd', long: 'delimiter', value: 'CHARACTER', help: 'items in input stream are separated by CHARACTER' },
    { short: 'E', value: 'END', help: 'set logical EOF string' },
    { short: 'I', value: 'R', help: 'replace R in INITIAL-ARGS with names read from standard input' },
    { short: 'i', long: 'replace', value: '[R]', help: 'likewise; R is {} when left out' },
    { short: 'L', value: 'MAX-LINES', help: 'use at most MAX-LINES non-blank input lines per command line' },
    { short: 'l', long: 'max-lines', value: '[MAX-LINES]', help: 'similar to -L but defaults to one' },
    { short: 'n', long: 'max-args', value: 'MAX-ARGS', help: 'use at most MAX-ARGS arguments per command line' },
    { short: 'o', long: 'open-tty', help: 'reopen stdin as /dev/tty in the child process' },
    { short: 'P', long: 'max-procs', value: 'MAX-PROCS', help: 'run at most MAX-PROCS processes at a time' },
    { short: 'p', long: 'interactive', help: 'prompt before running commands' },
    { short: 'r', long: 'no-run-if-empty', help: 'if there are no arguments, then do not run COMMAND' },
    { short: 's', long: 'max-chars', value: 'MAX-CHARS', help: 'limit length of command line to MAX-CHARS' },
    { short: 't', long: 'verbose', help: 'print commands before executing them' },
    { short: 'x', long: 'exit', help: 'exit if the size (see -s) is exceeded' },
  ],
  notSimulated: '-e --eof --show-limits --process-slot-var',
  operandsEndOptions: true,
  busybox: { usage: '[OPTIONS] [PROG ARGS]', options: '0adEInLoPprstx' },
  async run(process, args) {
    const input = openInput(process, args)
    const runner = new Runner(process, args)
    const items = new ItemReader(process, args, input)
    try {
      if (runner.placeholder !== undefined) await runEach(items, runner)
      else await runGroups(items, runner)
      await runner.finish()
    } finally {
      if (input !== process.stdin) input.close()
    }
    return runner.status
  },
})

function openInput(process: Process, args: Arguments): Readable {
  const name = args.get('arg-file')
  if (name === undefined || name === '-') return process.stdin
  try {
    return openFile(process, name)
  } catch (error) {
    if (error instanceof FileError) throw new FileError(error.code, `Cannot open input file ${quoted(process, name)}`)
    throw error
  }
}

async function runEach(items: ItemReader, runner: Runner): Promise<void> {
  for (let line = await items.line(); line !== undefined; line = await items.line()) {
    if (line !== '') await runner.run(runner.substituted(line))
  }
}

async function runGroups(items: ItemReader, runner: Runner): Promise<void> {
  let group: string[] = []
  let lines = 0
  let hasRun = false
  const flush = async () => {
    hasRun = true
    const words = group
    group = []
    lines = 0
    await runner.run([...runner.command, ...words])
  }
  for (let item = await items.next(); item !== undefined; item = await items.next()) {
    if (runner.isFull([...runner.command, ...group, item.text]) && group.length > 0) await flush()
    group.push(item.text)
    if (item.endsLine) lines++
    if (group.length >= runner.mostItems || lines >= runner.mostLines) await flush()
  }
  if (group.length > 0 || (!hasRun && !runner.skipsEmpty)) await flush()
}

class Runner {
  status = 0
  readonly command: readonly string[]
  readonly placeholder: string | undefined
  readonly mostItems: number
  readonly mostLines: number
  readonly skipsEmpty: boolean
  readonly #process: Process
  readonly #args: Arguments
  readonly #mostCharacters: number
  readonly #mostProcesses: number
  readonly #running = new Set<{ readonly status: number | undefined; onExit(react: () => void): () => void }>()

  constructor(process: Process, args: Arguments) {
    this.#process = process
    this.#args = args
    this.command = args.operands.length > 0 ? args.operands : ['echo']
    const last = args.last('I', 'replace', 'L', 'max-lines', 'max-args')
    const number = (name: string) => numberOf(process, args, name)
    this.placeholder =
      last === 'I' || last === 'replace'
        ? (args.get(last) ?? '{}')
        : last === 'max-args' && number('max-args') === 1
          ? (args.get('I') ?? (args.has('replace') ? '{}' : undefined))
          : undefined
    this.mostItems = last === 'max-args' ? number('max-args')! : Number.POSITIVE_INFINITY
    this.mostLines =
      last === 'L' ? number('L')! : last === 'max-lines' ? (number('max-lines') ?? 1) : Number.POSITIVE_INFINITY
    this.#mostCharacters = number('max-chars') ?? 131_072
    const processes = args.get('max-procs')
    this.#mostProcesses = processes === undefined ? 1 : Number(processes) || Number.POSITIVE_INFINITY
    // BusyBox does not run the command without input unless there is a reason; GNU runs it once.
    this.skipsEmpty = args.has('no-run-if-empty')
  }

  substituted(text: string): string[] {
    return this.command.map(word => word.replaceAll(this.placeholder!, () => text))
  }

  isFull(words: readonly string[]): boolean {
    return words.reduce((sum, word) => sum + word.length + 1, 0) > this.#mostCharacters
  }

  async run(argv: readonly string[]): Promise<void> {
    const isInteractive = this.#args.has('interactive')
    if (isInteractive || this.#args.has('verbose')) {
      const line = argv.map(shownName).join(' ')
      if (!isInteractive) await this.#process.stderr.write(`${line}\n`)
      else if (!(await isConfirmed(this.#process, `${line} ?...`))) return
    }
    try {
      const stdin = this.#args.has('open-tty')
        ? this.#process.openRead('/dev/tty')
        : this.#process.openRead('/dev/null')
      const child = this.#process.spawn({ argv, stdin })
      stdin.close()
      this.#running.add(child)
      while (this.#running.size >= this.#mostProcesses) await this.#reap()
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      const text = error.code === 'EISDIR' ? 'Permission denied' : error.text
      throw new Exit(await this.#process.fail(`${argv[0]}: ${text}`, error.code === 'ENOENT' ? 127 : 126))
    }
  }

  async finish(): Promise<void> {
    while (this.#running.size > 0) await this.#reap()
  }

  /** Waits for a command to end; 255 from it ends everything. */
  async #reap(): Promise<void> {
    const ended = [...this.#running].find(child => child.status !== undefined)
    if (!ended) {
      await this.#process.wait<void>(wake => {
        for (const child of this.#running) child.onExit(wake)
      })
      return
    }
    this.#running.delete(ended)
    const status = ended.status!
    if (status === 255) {
      throw new Exit(await this.#process.fail(`${this.command[0]}: exited with status 255; aborting`, 124))
    }
    if (status > 128) {
      throw new Exit(await this.#process.fail(`${this.command[0]}: terminated by signal ${status - 128}`, 125))
    }
    if (status !== 0) this.status = 123
  }
}

function numberOf(process: Process, args: Arguments, name: string): number | undefined {
  const text = args.get(name)
  if (text === undefined) return undefined
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text)
  const { spelling } = args.given.find(each => each.name === name)!
  if (process.flavour === 'busybox') throw args.misuse(`invalid number '${text}'`)
  const letter = spelling.replace(/^-+/, '')
  if (/^\d+$/.test(text)) throw args.misuse(`value ${text} for -${letter} option should be >= 1`)
  throw args.misuse(`invalid number "${text}" for -${letter} option`)
}

interface Item {
  readonly text: string
  /** Whether it is the last one on its line; a blank at the end of a line joins the next one to it. */
  readonly endsLine: boolean
}

/** Takes the input apart into items as they come. */
class ItemReader {
  readonly #process: Process
  readonly #input: Readable
  readonly #separator: string | undefined
  readonly #end: string | undefined
  #text = ''
  #isOver = false

  constructor(process: Process, args: Arguments, input: Readable) {
    this.#process = process
    this.#input = input
    const delimiter = args.get('delimiter')
    this.#separator = args.has('null') ? '\0' : delimiter === undefined ? undefined : unescaped(delimiter)
    this.#end = args.get('E')
  }

  /** For -I: a whole line without the blanks in front. */
  async line(): Promise<string | undefined> {
    if (this.#separator !== undefined) return (await this.next())?.text
    const line = await this.#until('\n')
    if (line === undefined) return undefined
    const text = line.replace(/^[ \t]+/, '')
    const { words } = splitWords(this.#process, text, true)
    return words[0] ?? ''
  }

  async next(): Promise<Item | undefined> {
    if (this.#separator !== undefined) {
      const text = await this.#until(this.#separator)
      return text === undefined ? undefined : { text, endsLine: true }
    }
    for (;;) {
      const found = /^(?:[ \t\n]*)((?:[^ \t\n"'\\]|"[^"\n]*"|'[^'\n]*'|\\[\s\S])+)([ \t]*)(\n|[\s\S])/.exec(this.#text)
      if (found || this.#isOver) return this.#item(found)
      await this.#more()
    }
  }

  #item(found: RegExpExecArray | null): Item | undefined {
    const match = found ?? /^[ \t\n]*((?:[^ \t\n"'\\]|"[^"\n]*"|'[^'\n]*'|\\[\s\S])+)/.exec(this.#text)
    if (!match) {
      if (/["']/.test(this.#text)) splitWords(this.#process, this.#text, false)
      return undefined
    }
    const [all, word = '', blanks = '', after = ''] = match
    const endsLine = after === '' || (after === '\n' && blanks === '')
    this.#text = this.#text.slice(all.length - (after === '\n' ? 0 : after.length))
    const text = splitWords(this.#process, word, true).words[0] ?? ''
    if (text === this.#end) {
      this.#text = ''
      this.#isOver = true
      return undefined
    }
    return { text, endsLine }
  }

  async #until(separator: string): Promise<string | undefined> {
    for (;;) {
      const end = this.#text.indexOf(separator)
      if (end >= 0) {
        const text = this.#text.slice(0, end)
        this.#text = this.#text.slice(end + separator.length)
        return text
      }
      if (this.#isOver) {
        const rest = this.#text
        this.#text = ''
        return rest === '' ? undefined : rest
      }
      await this.#more()
    }
  }

  async #more(): Promise<void> {
    const piece = await this.#input.read()
    if (piece === undefined) this.#isOver = true
    else this.#text += piece
  }
}

/** Removes quotes and backslashes; as one word where blanks count as text. */
function splitWords(process: Process, text: string, isOneWord: boolean): { words: string[] } {
  let word = ''
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!
    if (character === '\\' && i + 1 < text.length) word += text[++i]
    else if (character === '"' || character === "'") {
      const end = text.indexOf(character, i + 1)
      if (end < 0 || text.slice(i + 1, end).includes('\n')) {
        const kind = character === '"' ? 'double' : 'single'
        const words = `unmatched ${kind} quote; by default quotes are special to xargs unless you use the -0 option`
        throw new UsageError(process.flavour === 'busybox' ? `unmatched ${kind} quote` : words)
      }
      word += text.slice(i + 1, end)
      i = end
    } else word += character
  }
  return { words: isOneWord || word !== '' ? [word] : [] }
}

/** `\n`, `\0`, `\x2c` and the like as the character they stand for. */
function unescaped(text: string): string {
  const known: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', '\\': '\\' }
  if (!text.startsWith('\\')) return text
  if (text[1] === 'x') return String.fromCharCode(Number.parseInt(text.slice(2), 16))
  return known[text[1] ?? ''] ?? String.fromCharCode(Number.parseInt(text.slice(1), 8))
}
