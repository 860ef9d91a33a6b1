import { type Command, type ParsedScript, parse, type Statement, type Word } from 'unbash'

/** What is wrong with a piece of shell source, before it is put into a shell's words. */
export interface SyntaxFailure {
  /** A quote or bracket that is never closed, an end that comes too soon, or a token that may not stand there. */
  readonly kind: 'unclosed' | 'end' | 'token' | 'condition'
  /** The closing character, the word that should close a block, the token, or the words about a condition. */
  readonly text: string
  /** Where in the source. */
  readonly at: number
}

/** Parsed source: what can be run before anything goes wrong, and what goes wrong. */
export interface Parsed {
  readonly source: string
  readonly statements: readonly Statement[]
  readonly failure: SyntaxFailure | undefined
}

const cacheSize = 500

/** Parses shell source and remembers what it has seen: loops and functions meet the same text again and again. */
export class Parser {
  readonly #scripts = new Map<string, Parsed>()
  readonly #words = new Map<string, Word>()

  script(source: string): Parsed {
    const known = this.#scripts.get(source)
    if (known) return known
    const parsed = judge(source, parse(source))
    if (this.#scripts.size >= cacheSize) this.#scripts.clear()
    this.#scripts.set(source, parsed)
    return parsed
  }

  /** A text as one word with its quotes and expansions. */
  word(text: string): Word {
    const known = this.#words.get(text)
    if (known) return known
    const command = parse(`: ${text}`).commands[0]?.command as Command | undefined
    const word = command?.args[0]
    const found: Word = word?.type === 'Word' ? word : { type: 'Word', text, value: text, pos: 0, end: text.length }
    if (this.#words.size >= cacheSize) this.#words.clear()
    this.#words.set(text, found)
    return found
  }
}

/** Whether the source goes on in the next line: an open quote, block or here-document, or a backslash at the end. */
export function isIncomplete(source: string): boolean {
  if (/(^|[^\\])(\\\\)*\\$/.test(source)) return true
  const script = parse(source)
  const failure = failureOf(source, script)
  if (failure) return failure.kind === 'unclosed' || failure.kind === 'end'
  return hasOpenHereDocument(script)
}

/** The script inside `$( )`, judged like any other. */
export function judge(source: string, script: ParsedScript): Parsed {
  const failure = failureOf(source, script)
  if (!failure) return { source, statements: script.commands, failure }
  return { source, statements: completeLines(source, script.commands, failure), failure }
}

/** Shells read line by line: what stands on the lines before the broken one still runs. */
function completeLines(source: string, statements: readonly Statement[], failure: SyntaxFailure): Statement[] {
  const complete: Statement[] = []
  let group: Statement[] = []
  for (const [index, statement] of statements.entries()) {
    if (statement.end > failure.at && failure.kind !== 'end') break
    group.push(statement)
    const limit = failure.kind === 'end' ? statement.end : failure.at
    const next = Math.min(statements[index + 1]?.pos ?? limit, failure.at)
    if (source.slice(statement.end, next).includes('\n')) {
      complete.push(...group)
      group = []
    }
  }
  return complete
}

const closers: Readonly<Record<string, string>> = {
  'double quote': '"',
  'single quote': "'",
  'ANSI-C quote': "'",
  backtick: '`',
  'parameter expansion': '}',
  'array subscript': ']',
}

function failureOf(source: string, script: ParsedScript): SyntaxFailure | undefined {
  const errors = script.errors
  if (!errors || errors.length === 0) return undefined
  const first = errors[0]!
  const unclosed = errors.filter(error => error.message.startsWith('unterminated')).at(-1)
  if (unclosed) {
    return { kind: 'unclosed', text: closers[unclosed.message.slice('unterminated '.length)] ?? ')', at: unclosed.pos }
  }
  const condition = conditionFailure(source, first)
  if (condition) return condition
  const isEmptyBlock = /^expected command in (brace group|subshell)$/.test(first.message)
  const at = isEmptyBlock ? first.pos + 1 : first.pos
  const token = tokenAt(source, at)
  const isAtEnd = token === undefined || (token === 'newline' && /^\s*$/.test(source.slice(at)))
  if (isAtEnd && !needsLine(source, first.message)) {
    const stray = /[;\n]\s*(done|fi|esac|\})\s*$/.exec(source)
    if (stray && /^expected '(do|then)'$/.test(first.message))
      return { kind: 'token', text: stray[1]!, at: stray.index + 1 }
    const isOpenCase = /(^|[\s;])case\s[^;]*\sin\s*$/.test(source)
    const expecting = isOpenCase
      ? ')'
      : errors.map(error => /^expected '([^']+)'/.exec(error.message)?.[1]).find(closer => closer)
    return { kind: 'end', text: expecting ?? '', at: source.length }
  }
  return { kind: 'token', text: strayWord(source, at, token) ?? token ?? 'newline', at }
}

/** Errors for which the end of the line is a token like any other: `echo >`, `for`, `function`. */
function needsLine(source: string, message: string): boolean {
  return message === 'expected redirect target' || /(^|[\s;&|(])(for|select|function|case)\s*$/.test(source)
}

/** What is wrong inside `[[ ]]`. */
function conditionFailure(source: string, error: { message: string; pos: number }): SyntaxFailure | undefined {
  const start = source.lastIndexOf('[[', error.pos)
  if (start < 0 || source.slice(start, error.pos).includes(']]')) return undefined
  if (error.message === 'expected operand after unary test operator') {
    const token = /\S+?(?=[\s;&|)]|$)/.exec(source.slice(error.pos))?.[0]
    return { kind: 'condition', text: `unexpected argument \`${token}' to conditional unary operator`, at: error.pos }
  }
  if (!error.message.startsWith('unexpected token')) return undefined
  const isComplete = /\s(=|==|!=|=~|<|>|-[a-z]{2})\s+\S+\s*$/.test(source.slice(start, error.pos))
  const text = isComplete ? 'syntax error in conditional expression' : 'conditional binary operator expected'
  return { kind: 'condition', text, at: error.pos }
}

/** For `echo (a)` bash blames the word after the bracket. */
function strayWord(source: string, at: number, token: string | undefined): string | undefined {
  if (token !== ')') return undefined
  const match = /[^\s;&|(]\s+\(\s*([^\s;&|<>()]+)\s*$/.exec(source.slice(0, at))
  return match?.[1]
}

/** The token that begins at or after a place; undefined at the end of the source. */
function tokenAt(source: string, at: number): string | undefined {
  const match = /^[ \t]*(\n|;;&|;;|;&|&&|\|\||\|&|&>>|&>|>>|<<<|<<-|<<|>&|<&|<>|>\||[;&|<>()]|[^\s;&|<>()]+)/.exec(
    source.slice(at),
  )
  if (!match) return undefined
  return match[1] === '\n' ? 'newline' : match[1]
}

function hasOpenHereDocument(script: ParsedScript): boolean {
  const isOpen = (node: unknown): boolean => {
    if (typeof node !== 'object' || node === null) return false
    if (Array.isArray(node)) return node.some(isOpen)
    if ('type' in node && node.type === 'HereDoc') return !('closing' in node && node.closing)
    return Object.entries(node).some(([key, value]) => key !== 'parts' && isOpen(value))
  }
  return isOpen(script.commands)
}

/** Statements by the line that they end on: a shell reads, and gives up, line by line. */
export function linesOfStatements(source: string, statements: readonly Statement[]): Statement[][] {
  const lines: Statement[][] = []
  for (const [index, statement] of statements.entries()) {
    const before = statements[index - 1]
    const isSameLine = before !== undefined && !source.slice(before.end, statement.pos).includes('\n')
    if (isSameLine) lines[lines.length - 1]!.push(statement)
    else lines.push([statement])
  }
  return lines
}

/** The number of the line that a place stands on, counted from one. */
export function lineOf(source: string, at: number): number {
  let line = 1
  for (let i = source.indexOf('\n'); i >= 0 && i < at; i = source.indexOf('\n', i + 1)) line++
  return line
}

/** The text of a line, counted from one. */
export function lineText(source: string, line: number): string {
  return source.split('\n')[line - 1] ?? ''
}

/** How many lines a source has. */
export function lineCount(source: string): number {
  return source.replace(/\n$/, '').split('\n').length
}
