import { complete } from './completion.ts'
import { Interrupted } from './failures.ts'
import { expandHistory, HistoryError } from './history.ts'
import type { Interpreter } from './interpreter.ts'
import { stateOf } from './jobs.ts'
import { LineEditor } from './lineEditor.ts'
import { expandPrompt } from './prompt.ts'
import { isIncomplete } from './syntax.ts'

/** Signals that an interactive shell does not die of. */
const handledSignals = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU']

/** Reads and runs lines from a terminal until `exit` or Ctrl-D; gives the exit status. */
export async function converse(shell: Interpreter): Promise<number> {
  const { process } = shell
  const terminal = process.terminal!
  const editor = new LineEditor(process, terminal)
  for (const name of handledSignals) shell.traps.handleAsInteractive(name)
  let lineNumber = 1
  while (process.state !== 'ended') {
    await beforePrompt(shell)
    const read = await readCommand(shell, editor)
    if (read.kind === 'interrupt') {
      shell.status = 130
      continue
    }
    const { text } = read
    if (read.kind === 'end') {
      if (text !== '') await runLine(shell, text, lineNumber)
      await process.stderr.write(shell.dialect === 'bash' ? 'exit\n' : '\n')
      if (!(await mayLeave(shell))) continue
      return shell.leave()
    }
    if (text.trim() === '') continue
    shell.isLeaving = shell.isLeaving && /^\s*exit\b/.test(text)
    const isOver = await runLine(shell, text, lineNumber)
    lineNumber += text.split('\n').length
    if (isOver) return shell.leave()
  }
  return shell.status
}

async function beforePrompt(shell: Interpreter): Promise<void> {
  await shell.traps.runPending().catch(async error => {
    if (!(error instanceof Interrupted)) throw error
  })
  for (const line of shell.jobs.news()) await shell.process.stderr.write(`${line}\n`)
  const command = shell.variables.get('PROMPT_COMMAND')
  if (command && shell.dialect === 'bash') {
    const { status } = shell
    await runLine(shell, command, 1)
    shell.status = status
  }
}

/** What was typed: a command, what there was of one when the input ended, or Ctrl-C. */
type ReadCommand = { readonly kind: 'command' | 'end'; readonly text: string } | { readonly kind: 'interrupt' }

/** Reads a whole command, over as many lines as it takes. */
async function readCommand(shell: Interpreter, editor: LineEditor): Promise<ReadCommand> {
  let text = ''
  let isContinued = false
  for (;;) {
    const result = await editor.read({
      prompt: await promptText(shell, isContinued ? 'PS2' : 'PS1'),
      history: shell.history,
      marksPaste: shell.dialect === 'bash' && shell.variables.get('TERM') !== 'dumb',
      complete: typed => complete(shell, typed),
    })
    if (result.kind === 'interrupt') return result
    if (result.kind === 'end') return { kind: 'end', text }
    const line = await withHistory(shell, result.text, isContinued)
    if (line === undefined) return { kind: 'command', text: '' }
    text = isContinued ? `${text}\n${line}` : line
    remember(shell, text, line, isContinued)
    if (!isIncomplete(text)) return { kind: 'command', text }
    isContinued = true
  }
}

async function promptText(shell: Interpreter, name: 'PS1' | 'PS2'): Promise<string> {
  const text = expandPrompt(shell, shell.variables.get(name) ?? '')
  if (!/[$`]/.test(text.replace(/\$ $/, ''))) return text
  const { status } = shell
  const expanded = await shell.quotedText(text.replace(/\$ $/, '\\$ '))
  shell.status = status
  return expanded
}

/** Expands `!!` and its kin and shows the result, as bash does; undefined after a message. */
async function withHistory(shell: Interpreter, line: string, isContinued: boolean): Promise<string | undefined> {
  if (shell.dialect !== 'bash' || isContinued || !/[!^]/.test(line)) return line
  try {
    const expanded = expandHistory(shell.history, line)
    if (expanded === undefined) return line
    await shell.process.stderr.write(`${expanded}\n`)
    return expanded
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error
    await shell.complain(error.message)
    return undefined
  }
}

function remember(shell: Interpreter, text: string, line: string, isContinued: boolean): void {
  const { history } = shell
  if (shell.dialect !== 'bash' || !isContinued) history.add(line, shell.variables.get('HISTCONTROL') ?? '')
  else if (history.lines.length > 0) history.replaceLast(inOneLine(text))
}

/** A command of several lines as the history keeps it (`cmdhist`). */
function inOneLine(text: string): string {
  if (text.includes('<<') || /'[^']*\n|"[^"]*\n/.test(text)) return text
  return text
    .replace(/\\\n/g, '')
    .split('\n')
    .map(line => line.trim())
    .reduce(
      (joined, line) => joined + (/(^|[\s;])(do|then|else|\{|\(|in|&&|\|\||\|)$/.test(joined) ? ' ' : '; ') + line,
    )
}

/** Runs a line; true when the shell is to end. */
async function runLine(shell: Interpreter, text: string, firstLine: number): Promise<boolean> {
  const { process } = shell
  try {
    await shell.runText(text, { kind: 'interactive', text, firstLine, name: shell.name })
    return false
  } catch (error) {
    shell.status = await shell.settle(error)
    if (error instanceof Interrupted) {
      shell.traps.clearInterrupt()
      await process.stderr.write('\n')
      return false
    }
    return shell.isEnding(error)
  }
}

async function mayLeave(shell: Interpreter): Promise<boolean> {
  if (shell.isLeaving || !shell.jobs.all.some(job => stateOf(job) === 'stopped')) return true
  shell.isLeaving = true
  await shell.process.stderr.write('There are stopped jobs.\n')
  return false
}
