import type { Assignment, Command, Redirection } from 'unbash'
import { expandAlias } from './aliases.ts'
import { assign } from './assignments.ts'
import { findBuiltin } from './builtins/registry.ts'
import { complaintStart } from './complaints.ts'
import { runExec } from './exec.ts'
import { runExternal } from './external.ts'
import { CommandFailure, FunctionReturn, ShellExit } from './failures.ts'
import type { ShellFunction } from './functions.ts'
import type { Interpreter } from './interpreter.ts'
import { sparselyQuoted } from './quote.ts'
import { redirect, withRedirections } from './redirections.ts'
import { closeSubstitutions } from './substitution.ts'
import { expandText, expandWords } from './words.ts'

/** What else may be said about how a command is looked up: `command` skips functions, `builtin` knows nothing else. */
export interface InvokeOptions {
  readonly skipsFunctions?: boolean
  readonly onlyBuiltins?: boolean
}

/** A wrong use of these ends ash and dash (POSIX: special built-in utilities). */
const fatalBuiltins: ReadonlySet<string> = new Set(['export', 'local', 'readonly', 'set', 'shift', 'unset'])

const functionDepthLimit = 1000

/** Runs a command that is made of words, assignments and redirections; gives its exit status. */
export async function runSimpleCommand(shell: Interpreter, node: Command): Promise<number> {
  const alias = expandAlias(shell, node, shell.aliasesInUse)
  if (alias) {
    shell.aliasesInUse.add(alias.name)
    try {
      await shell.executeList(alias.statements)
    } finally {
      shell.aliasesInUse.delete(alias.name)
    }
    return shell.status
  }
  shell.substitutionStatus = undefined
  const firstPipe = shell.substitutedDescriptors.length
  try {
    return await runPlain(shell, node)
  } finally {
    closeSubstitutions(shell, firstPipe)
  }
}

async function runPlain(shell: Interpreter, node: Command): Promise<number> {
  const assignments = node.prefix.filter(item => item.type === 'Assignment')
  const args: string[] = node.name ? await expandWords(shell, [node.name]) : []
  const builtin = args[0] === undefined ? undefined : builtinFor(shell, args[0])
  const isDeclaration = builtin?.declare !== undefined && !shell.functions.has(args[0]!)
  const declared: (string | Assignment)[] = []
  for (const arg of node.args) {
    if (arg.type === 'Word') {
      const words = await expandWords(shell, [arg])
      args.push(...words)
      declared.push(...words)
    } else {
      if (!isDeclaration) args.push(await expandText(shell, shell.parser.word(arg.text), true))
      declared.push(arg)
    }
  }
  if (args.length === 0) return assignOnly(shell, assignments, node.redirects)
  if (shell.options.has('xtrace')) {
    await trace(
      shell,
      assignments,
      isDeclaration ? [args[0]!, ...declared.map(each => (typeof each === 'string' ? each : each.text))] : args,
    )
  }
  try {
    if (args[0] === 'exec' && !shell.functions.has('exec')) {
      return await runExec(shell, args.slice(1), await environmentWith(shell, assignments), node.redirects)
    }
    if (shell.functions.has(args[0]!) || builtin) {
      const status = await runInShell(shell, assignments, node.redirects, () =>
        isDeclaration ? builtin.declare!(shell, declared) : invoke(shell, args),
      )
      const isFatal = status === 2 && shell.dialect !== 'bash' && fatalBuiltins.has(args[0]!)
      if (isFatal && !shell.isInteractive && !shell.functions.has(args[0]!)) throw new ShellExit(2)
      return status
    }
    const environment = await environmentWith(shell, assignments)
    return await runExternal(shell, args, environment, node.redirects, {
      isTail: shell.tail === node,
      text: shell.textOf(node),
    })
  } finally {
    shell.lastArgument = args[args.length - 1]!
  }
}

/** Runs a command whose words are known: function, builtin or program. */
export async function invoke(
  shell: Interpreter,
  args: readonly string[],
  options: InvokeOptions = {},
): Promise<number> {
  const [name = '', ...rest] = args
  const called = options.skipsFunctions || options.onlyBuiltins ? undefined : shell.functions.get(name)
  if (called) return callFunction(shell, name, called, rest)
  const builtin = builtinFor(shell, name)
  if (builtin) return builtin.run(shell, rest)
  if (options.onlyBuiltins) {
    await shell.complain(`builtin: ${name}: not a shell builtin`)
    return 1
  }
  return runExternal(shell, args, shell.variables.environment(), [], { isTail: false, text: args.join(' ') })
}

function builtinFor(shell: Interpreter, name: string) {
  return findBuiltin(shell.dialect, name)
}

async function callFunction(
  shell: Interpreter,
  name: string,
  { node, source }: ShellFunction,
  args: readonly string[],
): Promise<number> {
  if (shell.callers.length >= functionDepthLimit) {
    throw new CommandFailure(`${name}: maximum function nesting level exceeded (${functionDepthLimit})`)
  }
  const outer = { positional: shell.positional, source: shell.source, at: shell.at, loops: shell.loopDepth }
  const callers = shell.callers
  shell.positional = args
  // bash knows no file for functions of a `-c` text and calls it `environment`.
  shell.source = source.kind === 'command' && shell.dialect === 'bash' ? { ...source, name: 'environment' } : source
  shell.callers = [name, ...callers]
  shell.loopDepth = 0
  shell.variables.enterFunction()
  try {
    await shell.execute(node.body)
    return shell.status
  } catch (error) {
    if (error instanceof FunctionReturn) return error.status
    if (error instanceof CommandFailure) error.start ??= complaintStart(shell)
    throw error
  } finally {
    shell.variables.leaveFunction()
    shell.positional = outer.positional
    shell.source = outer.source
    shell.at = outer.at
    shell.loopDepth = outer.loops
    await shell.traps.run('RETURN')
    shell.callers = callers
  }
}

/** Assignments alone change the shell; the status is that of the last `$( )` in them. */
async function assignOnly(
  shell: Interpreter,
  assignments: readonly Assignment[],
  redirections: readonly Redirection[],
): Promise<number> {
  if (redirections.length > 0) {
    const redirected = await redirect(shell, redirections)
    if (!redirected) return failedRedirection(shell)
    redirected.release()
  }
  for (const node of assignments) await assign(shell, node)
  if (shell.options.has('xtrace')) await trace(shell, assignments, [])
  return shell.substitutionStatus ?? 0
}

/** Runs a function or builtin with assignments and redirections that end with it. */
async function runInShell(
  shell: Interpreter,
  assignments: readonly Assignment[],
  redirections: readonly Redirection[],
  run: () => Promise<number> | number,
): Promise<number> {
  const saved = assignments.map(({ name }) => [name, shell.variables.save(name)] as const)
  let status = failedRedirection(shell)
  try {
    for (const node of assignments) {
      await assign(shell, node)
      shell.variables.declare(node.name).isExported = true
    }
    await withRedirections(shell, redirections, async () => {
      status = await run()
    })
  } finally {
    for (const [name, variable] of saved) shell.variables.restore(name, variable)
  }
  return status
}

/** dash gives 2 where the others give 1. */
function failedRedirection(shell: Interpreter): number {
  return shell.dialect === 'dash' ? 2 : 1
}

/** What a child gets: the exported variables, and assignments before the command. */
async function environmentWith(shell: Interpreter, assignments: readonly Assignment[]): Promise<Map<string, string>> {
  const environment = shell.variables.environment()
  environment.set('_', shell.lastArgument)
  for (const { name, value, append } of assignments) {
    if (value.type === 'ArrayValue') continue
    const text = await expandText(shell, value, true)
    environment.set(name, append ? (shell.variables.get(name) ?? '') + text : text)
  }
  return environment
}

/** `set -x`. */
async function trace(shell: Interpreter, assignments: readonly Assignment[], words: readonly string[]): Promise<void> {
  const start = shell.variables.get('PS4') ?? '+ '
  const shown: string[] = []
  for (const { name, value, text } of assignments) {
    shown.push(value.type === 'Word' ? `${name}=${sparselyQuoted(await expandText(shell, value, true))}` : text)
  }
  const line = [...shown, ...words.map(sparselyQuoted)].join(' ')
  await shell.process.stderr.write(`${start.slice(0, 1).repeat(shell.subshellDepth)}${start}${line}\n`)
}
