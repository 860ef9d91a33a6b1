import type { Command } from './command.ts'
import type { globalFlags } from './flags/global.ts'
import { wordsWithoutFlags } from './flags/parse.ts'
import { commands } from './verbs/registry.ts'

/** The command that words lead to, and the words that are left for it. */
export interface Found {
  readonly command: Command | undefined
  readonly path: readonly string[]
  readonly words: readonly string[]
}

/** Follows the words down the tree of commands; flags may stand between them. */
export function findCommand(words: readonly string[], globals: ReturnType<typeof globalFlags>): Found {
  let command: Command | undefined
  let rest = words
  const path = ['kubectl']
  for (;;) {
    const [name] = wordsWithoutFlags({ ...globals, ...command?.flags }, rest)
    const children = command ? (command.commands ?? []) : commands
    const next = children.find(each => each.name === name || each.aliases?.includes(name ?? ''))
    if (name === undefined || !next) return { command, path, words: rest }
    const at = rest.indexOf(name)
    rest = rest.toSpliced(at, 1)
    command = next
    path.push(next.name)
  }
}
