import { FileError } from '../fileError.ts'
import { openInputs, readInput } from '../inputs.ts'
import { FilterRunner, type JqRuntime } from '../jq/interpreter.ts'
import { JsonReader, JsonSyntaxError, type ReadValue } from '../jq/jsonReader.ts'
import { formatJson, type JsonStyle, jsonText } from '../jq/jsonText.ts'
import { parseFilter } from '../jq/parser.ts'
import { JqError, JqHalt, JqSyntaxError, type Json } from '../jq/syntax.ts'
import { isTrue } from '../jq/value.ts'
import { type Arguments, defineProgram, type OptionName } from '../options.ts'
import { Exit, type Process, UsageError } from '../program.ts'

const options = [
  { short: 'c', long: 'compact-output', help: 'compact instead of pretty-printed output' },
  { short: 'n', long: 'null-input', help: 'use `null` as the single input value' },
  { short: 'e', long: 'exit-status', help: 'set the exit status code based on the output' },
  { short: 's', long: 'slurp', help: 'read (slurp) all inputs into an array; apply filter to it' },
  { short: 'r', long: 'raw-output', help: 'output raw strings, not JSON texts' },
  { short: 'R', long: 'raw-input', help: 'read raw strings, not JSON texts' },
  { short: 'C', long: 'color-output', help: 'colorize JSON' },
  { short: 'M', long: 'monochrome-output', help: "monochrome (don't colorize JSON)" },
  { short: 'S', long: 'sort-keys', help: 'sort keys of objects on output' },
  { short: 'j', long: 'join-output', help: 'like -r, without a newline after each output' },
  { short: 'a', long: 'ascii-output', help: 'escape all non-ASCII characters' },
  { long: 'tab', help: 'use tabs for indentation' },
  { long: 'indent', value: 'n', help: 'use n spaces for indentation (at most 7)' },
  { long: 'unbuffered', help: 'flush output after each value' },
  { long: 'arg', value: 'a v', help: 'set variable $a to value <v>' },
  { long: 'argjson', value: 'a v', help: 'set variable $a to JSON value <v>' },
  { long: 'slurpfile', value: 'a f', help: 'set variable $a to an array of JSON texts read from <f>' },
  { long: 'rawfile', value: 'a f', help: 'set variable $a to a string consisting of the contents of <f>' },
  { long: 'args', help: 'remaining arguments are string arguments, not files' },
  { long: 'jsonargs', help: 'remaining arguments are JSON arguments, not files' },
  { short: 'f', long: 'from-file', help: 'read the filter from the first file' },
  { short: 'h', long: 'help', help: 'show this help' },
  { short: 'V', long: 'version', help: 'show the version' },
] as const

type JqArguments = Arguments<OptionName<typeof options>>

/** Takes JSON apart and puts it together anew. */
export const jq = defineProgram({
  name: 'jq',
  summary: 'commandline JSON processor [version 1.6]',
  usage: '[options] <jq filter> [file...]',
  options,
  notSimulated: '-L --stream --seq',
  usageStatus: 2,
  usageHint:
    'Use jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://stedolan.github.io/jq',
  prepare: words => prepared(words),
  async run(process, args) {
    if (args.has('version')) {
      await process.write('jq-1.6\n')
      return 0
    }
    const command = await commandOf(process, args)
    return new Run(process, args, command).run()
  },
})

/** Options with two values keep both in one word; what begins with `-.` or `-(` is a filter. */
function prepared(words: readonly string[]): string[] {
  const result: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (/^--(arg|argjson|slurpfile|rawfile)$/.test(word)) {
      if (i + 2 >= words.length) {
        const names = { '--arg': 'varname value', '--argjson': 'varname text' }[word] ?? 'varname filename'
        throw new UsageError(`${word} takes two parameters (e.g. ${word} ${names})\n${jq.usageHint}`, 2)
      }
      result.push(`${word}=${words[i + 1]}\0${words[i + 2]}`)
      i += 2
    } else if (/^-[^-a-zA-Z]/.test(word)) result.push(`\0${word}`)
    else if (/^--./.test(word) && !options.some(option => option.long === word.slice(2).split('=')[0])) {
      throw new UsageError(`Unknown option ${word}\n${jq.usageHint}`, 2)
    } else result.push(word)
  }
  return result
}

interface JqCommand {
  readonly source: string
  readonly files: readonly string[]
  readonly variables: ReadonlyMap<string, Json>
}

async function commandOf(process: Process, args: JqArguments): Promise<JqCommand> {
  const operands = args.operands.map(word => word.replace(/^\0/, ''))
  const variables = new Map<string, Json>()
  const refuse = async (message: string) => new Exit(await process.fail(message, 2))
  for (const { name, value = '' } of args.given) {
    const [key = '', text = ''] = value.split('\0')
    if (name === 'arg') variables.set(key, text)
    if (name === 'argjson')
      variables.set(
        key,
        parseJson(text) ??
          (await Promise.reject(await refuse(`Invalid JSON text passed to --argjson\n${jq.usageHint}`))),
      )
    if (name === 'slurpfile' || name === 'rawfile')
      variables.set(key, await readFileFor(process, key, text, name === 'rawfile'))
  }
  const named = Object.fromEntries(variables)
  let source = operands.shift()
  if (source !== undefined && args.has('from-file')) {
    try {
      source = await readInput(process, source)
    } catch (error) {
      if (error instanceof FileError) throw await refuse(`error: Could not open ${source}: ${error.text}`)
      throw error
    }
  }
  // Without a filter jq prints what it reads, unless somebody sits at the keyboard.
  if (source === undefined && process.stdin.terminal && process.stdout.terminal) throw args.misuse('')
  const positional: Json[] = args.has('args')
    ? operands
    : args.has('jsonargs')
      ? operands.map(word => parseJson(word) ?? null)
      : []
  variables.set('ARGS', { positional, named })
  const files = args.has('args') || args.has('jsonargs') ? [] : operands
  return { source: source ?? '.', files, variables }
}

function parseJson(text: string): Json | undefined {
  const reader = new JsonReader()
  try {
    return [...reader.feed(text), ...reader.end()][0]?.value
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined
    throw error
  }
}

async function readFileFor(process: Process, name: string, file: string, isRaw: boolean): Promise<Json> {
  try {
    const text = await readInput(process, file)
    if (isRaw) return text
    const reader = new JsonReader()
    return [...reader.feed(text), ...reader.end()].map(({ value }) => value)
  } catch (error) {
    if (!(error instanceof FileError) && !(error instanceof JsonSyntaxError)) throw error
    const why = error instanceof FileError ? `Could not open ${file}: ${error.text}` : error.message
    throw new Exit(await process.fail(`Bad JSON in --${isRaw ? 'rawfile' : 'slurpfile'} ${name} ${file}: ${why}`, 2))
  }
}

/** Runs the filter over each input as it comes. */
class Run {
  readonly #process: Process
  readonly #args: JqArguments
  readonly #command: JqCommand
  readonly #style: JsonStyle
  #status = 0
  #last: Json | undefined
  #errors = ''
  /** Inputs that have been read and wait for their turn. */
  readonly #waiting: ReadValue[] = []
  #line = 0
  #fileName: string | undefined

  constructor(process: Process, args: JqArguments, command: JqCommand) {
    this.#process = process
    this.#args = args
    this.#command = command
    const color = args.last('color-output', 'monochrome-output')
    const usual = process.stdout.terminal !== undefined && !process.env.get('NO_COLOR')
    this.#style = {
      indent: args.has('compact-output') ? 0 : args.has('tab') ? '\t' : Number(args.get('indent') ?? 2),
      sortsKeys: args.has('sort-keys'),
      isAscii: args.has('ascii-output'),
      hasColor: color === undefined ? usual : color === 'color-output',
    }
  }

  async run(): Promise<number> {
    const { source } = this.#command
    let runner: FilterRunner
    try {
      runner = new FilterRunner(parseFilter(source), this.#command.variables, this.#runtime())
    } catch (error) {
      if (!(error instanceof JqSyntaxError)) throw error
      const hint = error.message.startsWith('syntax error') ? ' (Unix shell quoting issues?)' : ''
      await this.#process.stderr.write(
        `jq: error: ${error.message}${hint} at <top-level>, line ${source.slice(0, error.at).split('\n').length}:\n${source}${' '.repeat(error.at)}\njq: 1 compile error\n`,
      )
      return 3
    }
    try {
      await this.#runOver(runner, /\binputs?\b/.test(source))
    } catch (error) {
      if (error instanceof JqHalt) return this.#halt(error)
      throw error
    }
    if (this.#status === 0 && this.#args.has('exit-status')) {
      return this.#last === undefined ? 4 : isTrue(this.#last) ? 0 : 1
    }
    return this.#status
  }

  async #runOver(runner: FilterRunner, asksForInputs: boolean): Promise<void> {
    if (this.#args.has('slurp') || this.#args.has('null-input') || asksForInputs) {
      for await (const input of this.#inputs()) this.#waiting.push(input)
      if (this.#args.has('null-input')) return this.#apply(runner, null)
      if (this.#args.has('slurp')) {
        const values = this.#waiting.splice(0).map(({ value }) => value)
        return this.#apply(runner, this.#args.has('raw-input') ? values.join('') : values)
      }
      for (let input = this.#waiting.shift(); input; input = this.#waiting.shift()) {
        this.#line = input.line
        await this.#apply(runner, input.value)
      }
      return
    }
    for await (const { value, line } of this.#inputs()) {
      this.#line = line
      await this.#apply(runner, value)
    }
  }

  async *#inputs(): AsyncIterable<ReadValue> {
    if (this.#args.has('null-input') && this.#command.files.length === 0 && !/\binputs?\b/.test(this.#command.source))
      return
    const report = async (error: FileError, name: string) => {
      const action = error.code === 'EISDIR' ? 'Input error' : 'Could not open file'
      await this.#process.stderr.write(
        `jq: error: ${error.code === 'EISDIR' ? 'Could not open' : action} ${name}: ${error.text}\n`,
      )
      this.#status = 2
    }
    const reader = new JsonReader()
    let rest = ''
    let lines = 0
    for await (const { stream, isStdin, name } of openInputs(this.#process, this.#command.files, report)) {
      this.#fileName = isStdin ? undefined : name
      for (let piece = await stream.read(); piece !== undefined; piece = await stream.read()) {
        if (!this.#args.has('raw-input')) {
          if (!(yield* this.#parsed(() => reader.feed(piece!)))) return
          continue
        }
        const pieces = (rest + piece).split('\n')
        rest = pieces.pop()!
        for (const text of pieces) yield { value: this.#args.has('slurp') ? `${text}\n` : text, line: ++lines }
      }
    }
    if (rest !== '') yield { value: rest, line: lines }
    if (!this.#args.has('raw-input')) yield* this.#parsed(() => reader.end())
  }

  /** Values up to the first mistake, which ends everything; tells whether there was none. */
  async *#parsed(read: () => Generator<ReadValue>): AsyncGenerator<ReadValue, boolean> {
    const values = read()
    for (;;) {
      let next: IteratorResult<ReadValue>
      try {
        next = values.next()
      } catch (error) {
        if (!(error instanceof JsonSyntaxError)) throw error
        await this.#process.stderr.write(`parse error: ${error.message}\n`)
        this.#status = 4
        return false
      }
      if (next.done) return true
      yield next.value
    }
  }

  async #apply(runner: FilterRunner, input: Json): Promise<void> {
    const isRaw = this.#args.has('raw-output') || this.#args.has('join-output')
    const end = this.#args.has('join-output') ? '' : '\n'
    let output = ''
    let failure: JqError | undefined
    try {
      for (const value of runner.run(input)) {
        this.#last = value
        output += (isRaw && typeof value === 'string' ? value : formatJson(value, this.#style)) + end
        if (output.length > 16_384) {
          await this.#process.write(output)
          output = ''
        }
      }
    } catch (error) {
      if (!(error instanceof JqError)) {
        await this.#process.write(output)
        throw error
      }
      failure = error
    }
    if (output !== '') await this.#process.write(output)
    await this.#flushErrors()
    if (!failure) return
    this.#status = 5
    const place = this.#args.has('null-input') ? '<unknown>' : `${this.#fileName ?? '<stdin>'}:${this.#line}`
    const isText = typeof failure.value === 'string'
    await this.#process.stderr.write(`jq: error (at ${place})${isText ? '' : ' (not a string)'}: ${failure.message}\n`)
  }

  async #flushErrors(): Promise<void> {
    if (this.#errors === '') return
    const text = this.#errors
    this.#errors = ''
    await this.#process.stderr.write(text)
  }

  async #halt({ status, value }: JqHalt): Promise<number> {
    await this.#flushErrors()
    if (value !== undefined)
      await this.#process.stderr.write(typeof value === 'string' ? value : `${jsonText(value)}\n`)
    return status
  }

  #runtime(): JqRuntime {
    const run = this
    return {
      nextInput() {
        const input = run.#waiting.shift()
        if (input) run.#line = input.line
        return input?.value
      },
      get inputLine() {
        return run.#line
      },
      get inputName() {
        return run.#fileName
      },
      get now() {
        return run.#process.machine.now() / 1000
      },
      environment: Object.fromEntries(run.#process.env),
      writeError(text) {
        run.#errors += text
      },
    }
  }
}
