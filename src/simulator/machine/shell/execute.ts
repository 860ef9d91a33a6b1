import type { AndOr, CommandNode, CompoundList, PipelineNode, Redirected, Statement, TestCommand } from 'unbash'
import { checkFailure } from './checkFailure.ts'
import { runArithmeticFor, runCase, runFor, runIf, runSelect, runWhile } from './compound.ts'
import { isTrue } from './conditional.ts'
import { CommandFailure } from './failures.ts'
import type { Interpreter } from './interpreter.ts'
import { runPipeline, runSubshell, startBackground } from './pipeline.ts'
import { withRedirections } from './redirections.ts'
import { runSimpleCommand } from './simpleCommand.ts'
import { closeSubstitutions } from './substitution.ts'

/** Runs statements one after the other. */
export async function executeList(shell: Interpreter, statements: readonly Statement[]): Promise<void> {
  for (const statement of statements) {
    if (shell.options.has('noexec') && !shell.isInteractive) return
    const pause = shell.checkpoint()
    if (pause) await pause
    if (statement.background) await startBackground(shell, statement)
    else await execute(shell, statement.command)
  }
}

/** Runs one command of any kind and sets `$?`. */
export async function execute(
  shell: Interpreter,
  node: PipelineNode | AndOr | CommandNode | CompoundList,
): Promise<void> {
  switch (node.type) {
    case 'Command':
      shell.at = node.pos
      shell.status = await runSimpleCommand(shell, node)
      shell.pipeStatus = [shell.status]
      return checkFailure(shell)
    case 'AndOr':
      return runAndOr(shell, node)
    case 'Pipeline':
      return runPipeline(shell, node)
    case 'Redirected':
      return runRedirected(shell, node)
    case 'If':
      return runIf(shell, node)
    case 'For':
      return runFor(shell, node)
    case 'ArithmeticFor':
      return runArithmeticFor(shell, node)
    case 'Select':
      return runSelect(shell, node)
    case 'While':
      return runWhile(shell, node)
    case 'Case':
      return runCase(shell, node)
    case 'BraceGroup':
      return executeList(shell, node.body.commands)
    case 'CompoundList':
      return executeList(shell, node.commands)
    case 'Subshell':
      shell.status = await runSubshell(shell, node)
      return checkFailure(shell)
    case 'TestCommand':
      return runTest(shell, node)
    case 'ArithmeticCommand':
      shell.at = node.pos
      shell.status = (await arithmeticCommand(shell, node.body)) === 0n ? 1 : 0
      return checkFailure(shell)
    case 'Function':
      shell.functions.set(node.name.value, { node, source: shell.source })
      shell.status = 0
      return
    case 'Coproc':
      throw new CommandFailure('coproc: coprocesses are not simulated here')
  }
}

async function runAndOr(shell: Interpreter, node: AndOr): Promise<void> {
  for (const [index, command] of node.commands.entries()) {
    const operator = node.operators[index - 1]
    if (operator && (operator === '&&') !== (shell.status === 0)) continue
    const isLast = index === node.commands.length - 1
    if (!isLast) shell.conditionDepth++
    try {
      await execute(shell, command)
    } finally {
      if (!isLast) shell.conditionDepth--
    }
  }
}

async function runRedirected(shell: Interpreter, node: Redirected): Promise<void> {
  shell.at = node.pos
  const firstPipe = shell.substitutedDescriptors.length
  const isDone = await withRedirections(shell, node.redirects, () => execute(shell, node.command))
  closeSubstitutions(shell, firstPipe)
  if (isDone) return
  shell.status = 1
  await checkFailure(shell)
}

async function runTest(shell: Interpreter, node: TestCommand): Promise<void> {
  shell.at = node.pos
  if (shell.dialect === 'dash') {
    await shell.complain('[[: not found')
    shell.status = 127
    return checkFailure(shell)
  }
  shell.status = (await isTrue(shell, node.expression)) ? 0 : 1
  return checkFailure(shell)
}

/** `(( ))`: messages say so. */
async function arithmeticCommand(shell: Interpreter, body: string): Promise<bigint> {
  try {
    return await shell.calculate(body)
  } catch (error) {
    if (!(error instanceof CommandFailure) || error.isFatal) throw error
    await shell.complain(`((: ${error.message}`)
    return 0n
  }
}
