import type { AndOr, CommandNode, CompoundList, Pipeline, PipelineNode, Statement, Subshell } from 'unbash'
import type { Process, Spawn } from '../program.ts'
import { Pipe, TextSource } from '../streams.ts'
import { checkFailure } from './checkFailure.ts'
import type { Interpreter } from './interpreter.ts'
import { formatTimes } from './timeFormat.ts'

/** Runs `a | b`, `! a` and `time a`. */
export async function runPipeline(shell: Interpreter, node: Pipeline): Promise<void> {
  const negations = node.prefixes.filter(prefix => prefix.type === 'Negation').length
  const time = node.prefixes.find(prefix => prefix.type === 'Time')
  const begin = shell.process.kernel.clock.now
  const isNegated = negations % 2 === 1
  if (isNegated) shell.conditionDepth++
  try {
    if (node.commands.length === 0) shell.status = 0
    else if (node.commands.length === 1) await shell.execute(node.commands[0]!)
    else {
      shell.status = await runConnected(shell, node)
      if (!isNegated) await checkFailure(shell)
    }
  } finally {
    if (isNegated) shell.conditionDepth--
    if (time) await reportTime(shell, begin, time.posix !== undefined)
  }
  if (isNegated) shell.status = shell.status === 0 ? 1 : 0
}

/** Runs `( … )` in a copy of the shell. */
export async function runSubshell(shell: Interpreter, node: Subshell): Promise<number> {
  // The process of a pipeline's part is a copy of the shell already.
  if (shell.tail === node) {
    await shell.executeList(node.body.commands)
    return shell.status
  }
  const child = startFork(shell, copy => copy.executeList(node.body.commands), groupOf(shell))
  return shell.jobs.runForeground([child], shell.textOf(node))
}

/** Starts `command &` and goes on. */
export async function startBackground(shell: Interpreter, statement: Statement): Promise<void> {
  shell.at = statement.pos
  const { command } = statement
  const text = shell.textOf(command)
  const input = shell.hasJobControl ? {} : { stdin: new TextSource('') }
  const processes =
    command.type === 'Pipeline' && command.prefixes.length === 0 && command.commands.length > 1
      ? startConnected(shell, command, input)
      : [startFork(shell, copy => runTail(copy, command), { ...groupOf(shell), ...input })]
  if (!shell.hasJobControl) {
    for (const process of processes) {
      process.ignoreSignal('SIGINT')
      process.ignoreSignal('SIGQUIT')
    }
  }
  shell.lastBackground = processes[processes.length - 1]!.pid
  const job = shell.jobs.add(processes, text)
  if (shell.isInteractive && shell.dialect === 'bash')
    await shell.process.stderr.write(`[${job.number}] ${shell.lastBackground}\n`)
  shell.status = 0
}

/** Starts a copy of the shell as a child process. */
export function startFork(
  shell: Interpreter,
  body: (copy: Interpreter) => Promise<unknown>,
  changes: Partial<Spawn> = {},
): Process {
  const copy = shell.fork()
  return shell.process.spawn({
    ...changes,
    argv: shell.process.argv,
    env: shell.process.env,
    isFork: true,
    program: {
      name: shell.dialect,
      summary: 'a copy of the shell',
      run: process => {
        copy.process = process
        return copy.runForked(() => body(copy))
      },
    },
  })
}

async function runConnected(shell: Interpreter, node: Pipeline): Promise<number> {
  const processes = startConnected(shell, node, {})
  const status = await shell.jobs.runForeground(processes, shell.textOf(node))
  shell.pipeStatus = processes.map(process => process.status ?? status)
  if (!shell.options.has('pipefail')) return status
  return shell.pipeStatus.findLast(each => each !== 0) ?? 0
}

/** Starts every command of a pipeline, each with its neighbours' pipes. */
function startConnected(shell: Interpreter, node: Pipeline, first: Partial<Spawn>): Process[] {
  const processes: Process[] = []
  let input: Pipe | undefined
  let group: number | 'new' | undefined = shell.hasJobControl ? 'new' : undefined
  for (const [index, command] of node.commands.entries()) {
    const operator = node.operators[index]
    const output = operator ? new Pipe(shell.process.kernel) : undefined
    const child = startFork(shell, copy => runTail(copy, command), {
      ...(index === 0 ? first : {}),
      ...(group === undefined ? {} : { group }),
      ...(input ? { stdin: input.reader } : {}),
      ...(output ? { stdout: output.writer } : {}),
      ...(output && operator === '|&' ? { stderr: output.writer } : {}),
    })
    if (group === 'new') group = child.pid
    processes.push(child)
    input?.reader.close()
    output?.writer.close()
    input = output
  }
  return processes
}

/** Runs a command in a copy of the shell that does nothing else, so a program may take over the process. */
function runTail(copy: Interpreter, node: PipelineNode | AndOr | CommandNode | CompoundList): Promise<void> {
  copy.tail = node
  return copy.execute(node)
}

function groupOf(shell: Interpreter): Partial<Spawn> {
  return shell.hasJobControl ? { group: 'new' } : {}
}

async function reportTime(shell: Interpreter, begin: number, isPosix: boolean): Promise<void> {
  const duration = shell.process.kernel.clock.now - begin
  await shell.process.stderr.write(formatTimes(shell.dialect, duration, isPosix))
}
