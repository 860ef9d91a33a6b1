import type { Interpreter } from './interpreter.ts'
import { lineCount, lineOf, lineText, type SyntaxFailure } from './syntax.ts'

/** What a shell prints about source that it can't read, in its own words. */
export function syntaxComplaint(shell: Interpreter, source: string, failure: SyntaxFailure): string {
  if (shell.dialect === 'bash') return bashComplaint(shell, source, failure)
  return shell.dialect === 'ash' ? ashComplaint(shell, failure) : dashComplaint(shell, source, failure)
}

function bashComplaint(shell: Interpreter, source: string, failure: SyntaxFailure): string {
  const { kind, firstLine, isEval } = shell.source
  const name = isEval ? `${shell.source.name}: eval` : shell.source.name
  const isAfterEnd = failure.kind === 'end' || (failure.kind === 'unclosed' && source.startsWith('$(', failure.at))
  const inText = isAfterEnd ? lineCount(source) + 1 : lineOf(source, failure.at)
  const line = firstLine + inText - 1
  const start =
    kind === 'interactive' ? `${name}: ` : `${name}: ${kind === 'command' && !isEval ? '-c: ' : ''}line ${line}: `
  if (failure.kind === 'unclosed') return `${start}unexpected EOF while looking for matching \`${failure.text}'\n`
  if (failure.kind === 'end') return `${start}syntax error: unexpected end of file\n`
  const shown = kind === 'interactive' ? '' : `${start}\`${lineText(source, inText)}'\n`
  if (failure.kind === 'token') return `${start}syntax error near unexpected token \`${failure.text}'\n${shown}`
  return `${start}${failure.text}\n`
}

function ashComplaint(shell: Interpreter, failure: SyntaxFailure): string {
  const start = shell.source.kind === 'file' ? `${shell.source.name}: line ${shell.line}: ` : `${shell.source.name}: `
  if (failure.kind === 'unclosed') {
    if (failure.text === ')') return `${start}syntax error: unexpected end of file (expecting ")")\n`
    return `${start}syntax error: unterminated quoted string\n`
  }
  if (failure.kind === 'end') return `${start}syntax error: unexpected end of file${expecting(failure.text)}\n`
  return `${start}syntax error: unexpected ${failure.text === 'newline' ? 'newline' : `"${failure.text}"`}\n`
}

function dashComplaint(shell: Interpreter, source: string, failure: SyntaxFailure): string {
  const line = failure.kind === 'token' ? lineOf(source, failure.at) : lineCount(source)
  const start = `${shell.source.name}: ${shell.source.firstLine + line - 1}: Syntax error: `
  if (failure.kind === 'unclosed') {
    if (failure.text === ')') return `${start}end of file unexpected (expecting ")")\n`
    return `${start}${failure.text === '`' ? 'EOF in backquote substitution' : 'Unterminated quoted string'}\n`
  }
  if (/(^|[\s;&|(])for\s*$/.test(source)) return `${start}Bad for loop variable\n`
  if (failure.kind === 'token' && failure.text === 'newline' && failure.at >= source.trimEnd().length) {
    return `${start}end of file unexpected\n`
  }
  if (failure.kind === 'end') return `${start}end of file unexpected${expecting(failure.text)}\n`
  return `${start}${failure.text === 'newline' ? 'newline' : `"${failure.text}"`} unexpected\n`
}

function expecting(closer: string): string {
  return closer === '' ? '' : ` (expecting "${closer}")`
}
