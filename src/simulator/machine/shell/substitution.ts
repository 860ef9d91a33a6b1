import type { Command, CommandExpansionPart, ProcessSubstitutionPart, Statement } from 'unbash'
import { closeDescriptor, setDescriptor } from '../descriptors.ts'
import { Pipe, readThrough, TextSink } from '../streams.ts'
import type { Interpreter } from './interpreter.ts'
import { startFork } from './pipeline.ts'
import { redirect } from './redirections.ts'

/** Runs `$( … )` and gives what it printed, without the newlines at the end. */
export async function substituteCommand(shell: Interpreter, part: CommandExpansionPart): Promise<string> {
  const text = scriptText(part)
  const file = readFileOnly(shell.parser.script(text).statements)
  const output = file ? await readFile(shell, file) : await outputOf(shell, text)
  return output.replaceAll('\0', '').replace(/\n+$/, '')
}

/** Starts `<( … )` or `>( … )` and gives the path of the pipe to it. */
export function startProcessSubstitution(shell: Interpreter, part: ProcessSubstitutionPart): string {
  const { process } = shell
  const pipe = new Pipe(process.kernel)
  const text = part.text.slice(2, -1)
  const run = (copy: Interpreter) => copy.runText(text, { ...copy.source, text, firstLine: copy.line })
  const isInput = part.operator === '<'
  startFork(shell, run, isInput ? { stdout: pipe.writer } : { stdin: pipe.reader })
  let number = 63
  while (process.descriptors.has(number)) number--
  setDescriptor(process, number, isInput ? pipe.reader : pipe.writer)
  pipe.reader.close()
  pipe.writer.close()
  shell.substitutedDescriptors.push(number)
  return `/dev/fd/${number}`
}

/** Lets go of the pipes of `<( )` and `>( )` when the command that used them is over. */
export function closeSubstitutions(shell: Interpreter, first: number): void {
  for (const number of shell.substitutedDescriptors.splice(first)) closeDescriptor(shell.process, number)
}

async function outputOf(shell: Interpreter, text: string): Promise<string> {
  let output = ''
  let isClosed = false
  let whenClosed = () => {}
  const sink = new TextSink(
    piece => {
      output += piece
    },
    () => {
      isClosed = true
      whenClosed()
    },
  )
  const { line } = shell
  const run = (copy: Interpreter) => {
    const [only, second] = copy.parser.script(text).statements
    if (only && !second && !only.background) copy.tail = only.command
    return copy.runText(text, { ...copy.source, text, firstLine: line })
  }
  const child = startFork(shell, run, { stdout: sink })
  await shell.process.wait<void>(wake => void child.onExit(wake))
  // What a child in the background still holds open keeps the substitution waiting.
  if (!isClosed) {
    await shell.process.wait<void>(wake => {
      whenClosed = wake
    })
  }
  shell.substitutionStatus = child.status!
  shell.status = child.status!
  return output
}

/** The source between the brackets; between backquotes, backslashes before `$`, backquote and backslash go away. */
function scriptText(part: CommandExpansionPart): string {
  if (part.text.startsWith('$(')) return part.text.slice(2, -1)
  return part.text.slice(1, -1).replace(/\\([$`\\])/g, '$1')
}

/** `$(< file)` reads the file without a process. */
function readFileOnly(statements: readonly Statement[]): Command | undefined {
  const command = statements.length === 1 ? statements[0]!.command : undefined
  if (command?.type !== 'Command' || command.name || command.prefix.length !== 1) return undefined
  const redirection = command.redirects[0]
  return redirection?.type === 'Redirect' && redirection.operator === '<' ? command : undefined
}

async function readFile(shell: Interpreter, command: Command): Promise<string> {
  const redirected = await redirect(shell, command.redirects)
  if (!redirected) {
    shell.substitutionStatus = 1
    return ''
  }
  const input = redirected.table.get(0)
  let text = ''
  try {
    if (input && 'take' in input) {
      for (let piece = await readThrough(shell.process, input); piece !== undefined; ) {
        text += piece
        piece = await readThrough(shell.process, input)
      }
    }
  } finally {
    redirected.release()
  }
  shell.substitutionStatus = 0
  return text
}
