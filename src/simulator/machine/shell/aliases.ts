import type { Command, Statement } from 'unbash'
import type { Interpreter } from './interpreter.ts'

/** What an alias makes of a simple command: statements whose last command has got the rest of the words. */
export function expandAlias(shell: Interpreter, node: Command, seen: ReadonlySet<string>): AliasExpansion | undefined {
  if (shell.aliases.size === 0 || !(shell.isInteractive || shell.shellOptions.has('expand_aliases'))) return undefined
  const name = node.name
  if (!name || name.parts || name.text !== name.value || seen.has(name.text)) return undefined
  const text = shell.aliases.get(name.text)
  if (text === undefined) return undefined
  const statements = shell.parser.script(text).statements
  const last = statements[statements.length - 1]
  const command = last && lastCommand(last)
  if (!command) return undefined
  const suffix = [...command.suffix, ...node.suffix]
  const joined: Command = {
    type: 'Command',
    pos: node.pos,
    end: node.end,
    name: command.name,
    prefix: [...node.prefix, ...command.prefix],
    suffix,
    args: suffix.filter(item => item.type === 'Word' || item.type === 'Assignment'),
    redirects: [...node.prefix, ...command.prefix, ...suffix].filter(
      item => item.type !== 'Word' && item.type !== 'Assignment',
    ),
  }
  return {
    name: name.text,
    statements: [...statements.slice(0, -1), { ...last, command: replaceLast(last.command, command, joined) }],
  }
}

/** The statements that stand for a command, and the alias that gave them. */
export interface AliasExpansion {
  readonly name: string
  readonly statements: readonly Statement[]
}

function lastCommand(statement: Statement): Command | undefined {
  let node: Statement['command'] = statement.command
  while (node.type === 'AndOr' || node.type === 'Pipeline') node = node.commands[node.commands.length - 1]!
  return node.type === 'Command' ? node : undefined
}

function replaceLast<T extends Statement['command']>(node: T, from: Command, to: Command): T {
  if ((node as unknown) === from) return to as T
  if (node.type !== 'AndOr' && node.type !== 'Pipeline') return node
  const commands = node.commands as readonly Statement['command'][]
  return { ...node, commands: [...commands.slice(0, -1), replaceLast(commands[commands.length - 1]!, from, to)] }
}
