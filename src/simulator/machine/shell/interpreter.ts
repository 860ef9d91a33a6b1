import type {
  AndOr,
  CommandExpansionPart,
  CommandNode,
  CompoundList,
  PipelineNode,
  ProcessSubstitutionPart,
  Statement,
  Word,
} from 'unbash'
import { defaultPath, findCommand } from '../executable.ts'
import type { Process } from '../program.ts'
import { Arithmetic } from './arithmetic.ts'
import { computeVariables, importEnvironment, specialParameter } from './builtinVariables.ts'
import { printCommand } from './commandPrinter.ts'
import { complainAbout, complaintStart, failSyntax, settle } from './complaints.ts'
import type { Dialect } from './dialect.ts'
import { runExec } from './exec.ts'
import { execute, executeList } from './execute.ts'
import { CommandFailure, ShellExit, SyntaxExit } from './failures.ts'
import type { FieldBuilder } from './fieldBuilder.ts'
import type { ShellFunction } from './functions.ts'
import { History } from './history.ts'
import { JobTable } from './jobs.ts'
import { withoutQuotes } from './quote.ts'
import { evaluate, keyOf } from './shellArithmetic.ts'
import { type InvokeOptions, invoke } from './simpleCommand.ts'
import { startProcessSubstitution, substituteCommand } from './substitution.ts'
import { lineOf, linesOfStatements, Parser } from './syntax.ts'
import { Traps } from './traps.ts'
import { Variables } from './variables.ts'
import { addWord, expandPattern, expandQuoted, expandText, type WordContext } from './words.ts'

/** Where the commands come from that run at the moment: decides how messages begin. */
export interface Source {
  /** `-c` text, a script or sourced file, standard input, or a person at a terminal. */
  readonly kind: 'command' | 'file' | 'input' | 'interactive'
  readonly text: string
  /** The number of its first line. */
  readonly firstLine: number
  /** The name that messages begin with: `bash`, `./script.sh`. */
  readonly name: string
  /** The text of an `eval`, which syntax errors mention. */
  readonly isEval?: boolean
}

/** Where a command was found, and how often it was run since. */
export interface HashedCommand {
  readonly file: string
  readonly hits: number
}

/** How an interpreter begins. */
export interface InterpreterOptions {
  readonly dialect?: Dialect
  /** `$0`. */
  readonly name?: string
  /** `$1` and so on. */
  readonly positional?: readonly string[]
  readonly isInteractive?: boolean
}

/** As many builtins run in a millisecond, so that an endless loop lets time pass. */
const builtinsPerMillisecond = 100

/** A shell: its variables, functions, options and jobs, and the running of commands in its process. */
export class Interpreter {
  process: Process
  readonly dialect: Dialect
  /** `$0`. */
  name: string
  positional: readonly string[]
  /** `$$`: the process of the shell that is no copy. */
  readonly pid: number
  /** `$?`. */
  status = 0
  pipeStatus: readonly number[] = [0]
  /** `$!`. */
  lastBackground: number | undefined
  /** `$_`. */
  lastArgument = ''
  /** `$-` and `set -o` names. */
  readonly options: Set<string>
  /** `shopt` names. */
  readonly shellOptions: Set<string>
  readonly variables: Variables
  readonly functions: Map<string, ShellFunction>
  readonly aliases: Map<string, string>
  /** `hash`: where commands were found. */
  readonly hashed: Map<string, HashedCommand>
  readonly traps: Traps
  readonly jobs: JobTable
  readonly history: History
  readonly parser: Parser
  readonly arithmetic: Arithmetic
  /** `pushd`: the directories under the current one. */
  directoryStack: string[] = []
  source: Source
  /** Where in the source the current command stands. */
  at = 0
  readonly isInteractive: boolean
  /** Each pipeline is a process group of its own and Ctrl-Z stops it. */
  hasJobControl: boolean
  /** How many shells above this one are copies of each other: BASH_SUBSHELL. */
  subshellDepth = 0
  loopDepth = 0
  /** It runs a script file, not a text or a terminal. */
  runsScript = false
  /** Names of the functions that run, the innermost first. */
  callers: readonly string[] = []
  sourceDepth = 0
  /** Failing commands are not the end here: conditions, `&&`, `!`. */
  conditionDepth = 0
  /** The command after which nothing follows: it may take over the process. */
  tail: object | undefined
  /** Aliases that are being expanded: they do not expand again. */
  readonly aliasesInUse = new Set<string>()
  /** The exit status of the last `$( )` of the command that runs. */
  substitutionStatus: number | undefined
  /** Descriptors of `<( )` and `>( )`, closed when the command is over. */
  substitutedDescriptors: number[] = []
  /** `exit` was called while jobs were stopped: the second time it works. */
  isLeaving = false
  /** The letters that `getopts` has not looked at yet. */
  optionRest = ''
  /** When the shell began, for SECONDS. */
  startedAt: number
  #spent = 0

  constructor(process: Process, options: InterpreterOptions = {}, parent?: Interpreter) {
    this.process = process
    this.dialect = parent?.dialect ?? options.dialect ?? 'bash'
    this.pid = parent?.pid ?? process.pid
    this.name = parent?.name ?? options.name ?? this.dialect
    this.positional = parent?.positional ?? options.positional ?? []
    this.isInteractive = parent ? false : (options.isInteractive ?? false)
    this.hasJobControl = this.isInteractive
    this.options = new Set(parent?.options)
    this.shellOptions = new Set(parent?.shellOptions ?? defaultShellOptions)
    this.variables = parent ? parent.variables.fork() : new Variables()
    this.functions = new Map(parent?.functions)
    this.aliases = new Map(parent?.aliases)
    this.hashed = new Map(parent?.hashed)
    this.traps = parent ? parent.traps.fork(this) : new Traps(this)
    this.jobs = new JobTable(this)
    this.history = parent?.history ?? new History()
    this.parser = parent?.parser ?? new Parser()
    this.arithmetic = parent?.arithmetic ?? new Arithmetic()
    this.startedAt = parent?.startedAt ?? process.kernel.clock.now
    const kind = this.isInteractive ? 'interactive' : 'command'
    this.source = parent?.source ?? { kind, text: '', firstLine: 1, name: this.name }
    computeVariables(this)
    if (!parent) importEnvironment(this)
  }

  /** A copy for a subshell; `process` is set when it begins to run. */
  fork(): Interpreter {
    const copy = new Interpreter(this.process, {}, this)
    copy.status = this.status
    copy.runsScript = this.runsScript
    copy.pipeStatus = this.pipeStatus
    copy.lastBackground = this.lastBackground
    copy.lastArgument = this.lastArgument
    copy.directoryStack = [...this.directoryStack]
    copy.at = this.at
    copy.callers = this.callers
    copy.sourceDepth = this.sourceDepth
    copy.loopDepth = this.loopDepth
    copy.conditionDepth = this.conditionDepth
    copy.subshellDepth = this.subshellDepth + 1
    copy.jobs.inherit(this.jobs)
    return copy
  }

  /** Runs a text as `bash -c` would, but keeps variables, directory and jobs for the next one. */
  async run(text: string): Promise<number> {
    const source: Source = { kind: 'command', text, firstLine: 1, name: this.name }
    try {
      await this.runText(text, source)
    } catch (error) {
      this.status = await this.settle(error)
    }
    return this.status
  }

  /** Runs a text to its end: `-c`, `eval`, a sourced file, a line that was typed. */
  async runText(text: string, source: Source = { ...this.source, text }): Promise<number> {
    const parsed = this.parser.script(text)
    const outer = { source: this.source, at: this.at }
    this.source = source
    try {
      for (const line of linesOfStatements(text, parsed.statements)) await this.#runLine(line)
      if (parsed.failure) await failSyntax(this, parsed)
      return this.status
    } finally {
      if (this.source === source) {
        this.source = outer.source
        this.at = outer.at
      }
    }
  }

  /** Runs what stands on one line; a failure gives up the rest of it. */
  async #runLine(statements: readonly Statement[]): Promise<void> {
    try {
      await executeList(this, statements)
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error
      error.start ??= complaintStart(this)
      const isFatal = error.isFatal || this.dialect !== 'bash'
      if (this.subshellDepth > 0 || (isFatal && !this.isInteractive)) throw error
      await complainAbout(this, error)
      this.status = this.dialect === 'bash' ? error.status : 2
    }
  }

  /** A command written out, as `jobs` shows it. */
  textOf(node: PipelineNode | AndOr | CommandNode | CompoundList): string {
    return printCommand(this.source.text, node)
  }

  /** Runs one command of any kind and sets `$?`. */
  execute(node: PipelineNode | AndOr | CommandNode | CompoundList): Promise<void> {
    return execute(this, node)
  }

  /** Runs statements one after the other. */
  executeList(statements: readonly Statement[]): Promise<void> {
    return executeList(this, statements)
  }

  /** Runs the body of a subshell in its process, with everything that can end it. */
  async runForked(body: () => Promise<unknown>): Promise<number> {
    try {
      await body()
    } catch (error) {
      this.status = await this.settle(error)
    }
    return this.leave()
  }

  /** Runs the EXIT trap; the exit status of the shell. */
  async leave(): Promise<number> {
    const status = this.status
    const action = this.traps.take('EXIT')
    if (action === undefined) return status
    try {
      await this.runText(action)
      this.status = status
    } catch (error) {
      this.status = await this.settle(error)
    }
    return this.status
  }

  /** Runs a command whose words are known: function, builtin or program. */
  invoke(args: readonly string[], options?: InvokeOptions): Promise<number> {
    return invoke(this, args, options)
  }

  /** `exec`, called by way of `command` or `builtin`. */
  exec(args: readonly string[]): Promise<number> {
    return runExec(this, args, this.variables.environment(), [])
  }

  /** Runs a script file in a process of its own that is a copy of this shell. */
  runScriptIn(process: Process, file: string, args: readonly string[]): Promise<number> {
    const shell = new Interpreter(process, { dialect: this.dialect, name: args[0]!, positional: args.slice(1) })
    shell.runsScript = true
    const text = process.files.readText(file)
    return shell.runForked(() => shell.runText(text, { kind: 'file', text, firstLine: 1, name: args[0]! }))
  }

  /** The file that a command name stands for. */
  findCommand(name: string): string | undefined {
    const { files, cwd } = this.process
    const known = this.hashed.get(name)?.file
    return known !== undefined && files.exists(known) ? known : findCommand(files, this.path, cwd, name)
  }

  /** What a failure on its way out means here: its status, after its message is printed. */
  settle(error: unknown): Promise<number> {
    return settle(this, error)
  }

  /** Whether a failure on its way out ends an interactive shell. */
  isEnding(error: unknown): boolean {
    return error instanceof ShellExit && !(error instanceof SyntaxExit)
  }

  /** Prints a message on standard error, beginning as this shell's messages do. */
  async complain(message: string): Promise<void> {
    await this.process.stderr.write(`${complaintStart(this)}${message}\n`)
  }

  /** The number of the line that the current command stands on. */
  get line(): number {
    return this.source.firstLine + lineOf(this.source.text, this.at) - 1
  }

  /** Lets time pass and runs traps that wait; undefined when there is nothing to do. */
  checkpoint(): Promise<void> | undefined {
    if (++this.#spent >= builtinsPerMillisecond) {
      this.#spent = 0
      return this.process.work(1).then(() => this.traps.runPending())
    }
    return this.traps.hasPending ? this.traps.runPending() : undefined
  }

  /** `$?`, `$#` and their kin; null when the name is an ordinary variable's. */
  special(name: string): string | undefined | null {
    return specialParameter(this, name)
  }

  /** The characters at which expansions are split. */
  get separators(): string {
    return this.variables.get('IFS') ?? ' \t\n'
  }

  get path(): string {
    return this.variables.get('PATH') ?? defaultPath
  }

  /** Sets a variable as an assignment does: an integer variable calculates. */
  assign(name: string, text: string): void {
    const variable = this.variables.find(name)
    this.variables.set(name, variable?.isInteger ? String(this.evaluate(text)) : text)
    if (name === 'PATH') this.hashed.clear()
    if (this.options.has('allexport')) this.variables.declare(name).isExported = true
  }

  /** Sets one element of a list or table. */
  async assignElement(name: string, index: string, text: string): Promise<void> {
    const variable = this.variables.find(name)
    const value = variable?.isInteger ? String(this.evaluate(text)) : text
    this.variables.setElement(name, await keyOf(this, name, index), value)
  }

  /** The element that a subscript means. */
  async elementAt(name: string, index: Word): Promise<string | undefined> {
    return this.variables.element(name, await keyOf(this, name, index.text))
  }

  /** The value of an arithmetic text whose `$` expansions are still to be done. */
  async calculate(text: string): Promise<bigint> {
    return this.evaluate(await this.quotedText(text))
  }

  /** The value of an arithmetic text. */
  evaluate(text: string): bigint {
    return evaluate(this, text)
  }

  /** A text with its `$` expansions done as between double quotes, and quotes taken away. */
  async quotedText(text: string): Promise<string> {
    if (!/[$`"'\\]/.test(text)) return text
    const word = this.parser.word(`"${withoutQuotes(text)}"`)
    return expandQuoted(this, word.parts ?? [])
  }

  /** Adds what a word gives to a field builder. */
  addWord(word: Word, builder: FieldBuilder, context: WordContext): Promise<void> {
    return addWord(this, word, builder, context)
  }

  /** The text of a word where nothing is split or looked up. */
  expandText(word: Word): Promise<string> {
    return expandText(this, word)
  }

  /** The pattern that a word stands for. */
  expandPattern(word: Word): Promise<string> {
    return expandPattern(this, word)
  }

  substitute(part: CommandExpansionPart): Promise<string> {
    return substituteCommand(this, part)
  }

  substituteProcess(part: ProcessSubstitutionPart): string {
    return startProcessSubstitution(this, part)
  }

  /** The name for messages and `$0` when it is not given: what the program was called by. */
  static nameOf(process: Process): string {
    return (process.argv[0] ?? 'sh').replace(/^-/, '')
  }
}

const defaultShellOptions = [
  'cmdhist',
  'complete_fullquote',
  'extquote',
  'force_fignore',
  'globasciiranges',
  'hostcomplete',
  'interactive_comments',
  'patsub_replacement',
  'progcomp',
  'promptvars',
  'sourcepath',
]
