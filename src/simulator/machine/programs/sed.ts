import { FileError } from '../fileError.ts'
import { linesIn, openFile, readInput } from '../inputs.ts'
import { type Arguments, defineProgram } from '../options.ts'
import { joinPath, parentPath } from '../path.ts'
import { Exit, type Process, type Readable, type Writable } from '../program.ts'
import { type InputLine, runScript, type SedSettings, type SedWorld } from '../sed/executor.ts'
import { parseScript, type ScriptPiece } from '../sed/parser.ts'
import { type Command, SedSyntaxError } from '../sed/script.ts'

/** Edits text line by line. */
export const sed = defineProgram({
  name: 'sed',
  summary: 'stream editor for filtering and transforming text',
  package: 'GNU sed 4.9',
  usage: '[OPTION]... {script-only-if-no-other-script} [input-file]...',
  options: [
    { short: 'n', long: 'quiet', help: 'suppress automatic printing of pattern space' },
    { long: 'silent', help: 'same as --quiet' },
    { short: 'e', long: 'expression', value: 'SCRIPT', help: 'add the script to the commands to be executed' },
    { short: 'f', long: 'file', value: 'SCRIPT-FILE', help: 'add the contents of script-file to the commands' },
    { short: 'E', long: 'regexp-extended', help: 'use extended regular expressions in the script' },
    { short: 'r', help: 'same as -E' },
    { short: 'i', long: 'in-place', value: '[SUFFIX]', help: 'edit files in place (makes backup if SUFFIX supplied)' },
    { short: 'l', long: 'line-length', value: 'N', help: "specify the desired line-wrap length for the 'l' command" },
    { short: 's', long: 'separate', help: 'consider files as separate rather than as a single stream' },
    { short: 'u', long: 'unbuffered', help: 'load minimal amounts of data and flush output often' },
    { short: 'z', long: 'null-data', help: 'separate lines by NUL characters' },
  ],
  notSimulated: '-b --binary --debug --follow-symlinks --posix --sandbox',
  usageHint: 'help',
  busybox: { usage: '[-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...', options: 'nefErisz' },
  async run(process, args) {
    const { pieces, files } = await scriptOf(process, args)
    try {
      const script = parseScript(pieces, { isExtended: args.has('regexp-extended') || args.has('r') })
      const first = pieces[0]?.text ?? ''
      const settings: SedSettings = {
        isQuiet: args.has('quiet') || args.has('silent') || /^#n(\n|$)/.test(first),
        lineLength: Number(args.get('line-length') ?? 70),
        terminator: args.has('null-data') ? '\0' : '\n',
      }
      return await new Session(process, args, script, settings).run(files)
    } catch (error) {
      if (error instanceof SedSyntaxError) {
        const isLabel = error.message.startsWith("can't find label")
        return process.fail(shownError(process, error), isLabel && process.flavour === 'gnu' ? 4 : 1)
      }
      throw error
    }
  },
})

function shownError({ flavour }: Process, { message }: SedSyntaxError): string {
  if (flavour === 'gnu') return message
  return message
    .replace(/^(-e expression #\d+, char \d+|file .* line \d+): /, '')
    .replace(/^unterminated `(.)' command$/, "unmatched '/'")
    .replace(/^unknown command: `(.)'$/, 'unsupported command $1')
    .replace(/^unknown option to `s'$/, 'unknown option to s command')
}

async function scriptOf(
  process: Process,
  args: Arguments,
): Promise<{ pieces: ScriptPiece[]; files: readonly string[] }> {
  const pieces: ScriptPiece[] = []
  for (const { name, value = '' } of args.given) {
    if (name === 'expression') {
      const number = pieces.filter(({ origin }) => origin.kind === 'expression').length + 1
      pieces.push({ text: value, origin: { kind: 'expression', number } })
    }
    if (name === 'file') {
      try {
        pieces.push({ text: await readInput(process, value), origin: { kind: 'file', name: value } })
      } catch (error) {
        if (error instanceof FileError)
          throw new Exit(await process.fail(`couldn't open file ${value}: ${error.text}`, 4))
        throw error
      }
    }
  }
  if (pieces.length > 0) return { pieces, files: args.operands }
  const [text, ...files] = args.operands
  if (text === undefined) {
    throw args.misuse('')
  }
  return { pieces: [{ text, origin: { kind: 'expression', number: 1 } }], files }
}

/** Opens one input after another and runs the script over them, all together or each by itself. */
class Session {
  #status = 0
  readonly #process: Process
  readonly #args: Arguments
  readonly #script: readonly Command[]
  readonly #settings: SedSettings
  readonly #outputs = new Map<string, Writable>()
  readonly #readers = new Map<string, string[]>()
  /** Whether the output so far ends without a newline, because its input did. */
  readonly #newline = { isMissing: false }

  constructor(process: Process, args: Arguments, script: readonly Command[], settings: SedSettings) {
    this.#process = process
    this.#args = args
    this.#script = script
    this.#settings = settings
  }

  async run(files: readonly string[]): Promise<number> {
    await this.#openOutputs()
    const isInPlace = this.#args.has('in-place')
    try {
      if (isInPlace) {
        for (const name of files) {
          const status = await this.#editInPlace(name)
          if (status !== undefined && status !== 0) return status
        }
      } else if (this.#args.has('separate')) {
        for (const name of files.length > 0 ? files : ['-']) {
          const status = await this.#runOver([name])
          if (status !== 0) return status
        }
      } else {
        const status = await this.#runOver(files.length > 0 ? files : ['-'])
        if (status !== 0) return status
      }
    } finally {
      for (const output of this.#outputs.values()) output.close()
    }
    return this.#status
  }

  async #runOver(names: readonly string[]): Promise<number> {
    const input = new Input(this.#process, names, this.#settings.terminator, message => this.#fail(message))
    const status = await runScript(
      this.#script,
      this.#worldOf(input, text => void input.output.push(text), this.#newline),
      this.#settings,
    )
    await input.flush()
    input.close()
    return status
  }

  async #editInPlace(name: string): Promise<number | undefined> {
    const { files } = this.#process
    const path = this.#process.path(name)
    const stat = files.find(path)
    if (!stat) {
      await this.#fail(`can't read ${name}: No such file or directory`)
      return undefined
    }
    if (stat.kind !== 'file') {
      this.#status = await this.#process.fail(`couldn't edit ${name}: not a regular file`, 4)
      return undefined
    }
    let output = ''
    const input = new Input(this.#process, [name], this.#settings.terminator, message => this.#fail(message))
    const add = (text: string) => {
      output += text
    }
    const world = this.#worldOf(input, add, { isMissing: false })
    const status = await runScript(this.#script, world, this.#settings)
    input.close()
    try {
      const real = files.realPath(path)
      const suffix = this.#args.get('in-place')
      if (suffix) files.writeText(backupPath(real, suffix), files.readText(real), stat.mode)
      if (!files.may('write', parentPath(real)))
        throw new FileError('EACCES', `couldn't open temporary file ${parentPath(real)}/sedXXXXXX`)
      files.remove(real)
      files.writeText(real, output, stat.mode)
      files.chown(real, stat.uid, stat.gid)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      throw new Exit(
        await this.#process.fail(
          error.path.startsWith("couldn't") ? error.message : `cannot rename ${name}: ${error.text}`,
          4,
        ),
      )
    }
    return status
  }

  #worldOf(input: Input, add: (text: string) => void, newline: { isMissing: boolean }): SedWorld {
    const session = this
    const write = (text: string, lacksNewline = false) => {
      add(newline.isMissing ? `\n${text}` : text)
      newline.isMissing = lacksNewline
    }
    return {
      nextLine: () => input.nextLine(),
      isLast: () => input.isLast(),
      get fileName() {
        return input.name
      },
      write,
      writeFile: async (name, text) => {
        if (name === '/dev/stdout') write(text)
        else await session.#outputs.get(name)!.write(text)
      },
      readFile: name => session.#readFile(name),
      async readLine(name) {
        let lines = session.#readers.get(name)
        if (!lines) {
          lines = linesIn(await session.#readFile(name))
          session.#readers.set(name, lines)
        }
        return lines.shift()
      },
    }
  }

  async #readFile(name: string): Promise<string> {
    try {
      return await readInput(this.#process, name === '/dev/stdin' ? '-' : name)
    } catch (error) {
      if (error instanceof FileError) return ''
      throw error
    }
  }

  /** The files of w are emptied before the first line is read. */
  async #openOutputs(): Promise<void> {
    for (const { name, text, substitution } of this.#script) {
      const file = name === 'w' || name === 'W' ? text : substitution?.file
      if (file === undefined || file === '/dev/stdout' || this.#outputs.has(file)) continue
      try {
        this.#outputs.set(file, file === '/dev/stderr' ? this.#process.stderr : this.#process.openWrite(file))
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        throw new Exit(await this.#process.fail(`couldn't open file ${file}: ${error.text}`, 4))
      }
    }
  }

  async #fail(message: string): Promise<void> {
    await this.#process.fail(this.#process.flavour === 'busybox' ? message.replace(/^can't read /, '') : message)
    this.#status = this.#process.flavour === 'busybox' ? 1 : 2
  }
}

function backupPath(path: string, suffix: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const backup = suffix.includes('*') ? suffix.replaceAll('*', name) : name + suffix
  return backup.includes('/') ? backup : joinPath(parentPath(path), backup)
}

/** The lines of several files as one stream, read no further than needed; output waits until there is nothing to read. */
class Input {
  readonly output: string[] = []
  name = '-'
  readonly #process: Process
  readonly #names: string[]
  readonly #terminator: string
  readonly #complain: (message: string) => Promise<void>
  #stream: Readable | undefined
  #buffer = ''
  #isAtEnd = true
  #number = 0

  constructor(
    process: Process,
    names: readonly string[],
    terminator: string,
    complain: (message: string) => Promise<void>,
  ) {
    this.#process = process
    this.#names = [...names]
    this.#terminator = terminator
    this.#complain = complain
  }

  async nextLine(): Promise<InputLine | undefined> {
    for (;;) {
      const end = this.#buffer.indexOf(this.#terminator)
      if (end >= 0) {
        const text = this.#buffer.slice(0, end)
        this.#buffer = this.#buffer.slice(end + 1)
        return { text, isTerminated: true, number: ++this.#number }
      }
      if (!this.#isAtEnd) await this.#more()
      else if (this.#buffer !== '') {
        const text = this.#buffer
        this.#buffer = ''
        // Only the very last line goes out without a newline.
        return { text, isTerminated: !(await this.isLast()), number: ++this.#number }
      } else if (!(await this.#open())) return undefined
    }
  }

  async isLast(): Promise<boolean> {
    for (;;) {
      if (this.#buffer !== '') return false
      if (!this.#isAtEnd) await this.#more()
      else if (!(await this.#open())) return true
    }
  }

  async flush(): Promise<void> {
    if (this.output.length === 0) return
    await this.#process.write(this.output.splice(0).join(''))
  }

  close(): void {
    if (this.#stream && this.#stream !== this.#process.stdin) this.#stream.close()
    this.#stream = undefined
  }

  async #more(): Promise<void> {
    await this.flush()
    const piece = await this.#stream!.read()
    if (piece === undefined) this.#isAtEnd = true
    else this.#buffer += piece
  }

  async #open(): Promise<boolean> {
    for (;;) {
      this.close()
      const name = this.#names.shift()
      if (name === undefined) return false
      try {
        this.#stream = name === '-' ? this.#process.stdin : openFile(this.#process, name)
        this.name = name
        this.#isAtEnd = false
        return true
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        await this.flush()
        if (error.code === 'EISDIR') throw new Exit(await this.#process.fail(`read error on ${name}: ${error.text}`, 4))
        await this.#complain(`can't read ${name}: ${error.text}`)
      }
    }
  }
}
