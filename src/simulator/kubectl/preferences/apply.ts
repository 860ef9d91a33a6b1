import { PlainFailure } from '../failure.ts'
import type { Flags } from '../flags/flag.ts'
import type { CommandDefaults, Preferences } from './kuberc.ts'

/** What an alias makes of a command line. */
export interface Expanded {
  readonly words: readonly string[]
  /** The defaults that the alias brings for its command. */
  readonly options: NonNullable<CommandDefaults['options']>
}

/** Replaces an alias at the beginning of a command line; built-in commands come first. */
export function expandAlias(
  words: readonly string[],
  name: string | undefined,
  preferences: Preferences,
  isCommand: (name: string) => boolean,
): Expanded {
  const aliases = preferences.aliases ?? []
  for (const each of aliases) {
    const [first = ''] = each.command.split(' ')
    if (!isCommand(first)) {
      throw new PlainFailure(
        `error occurred while applying preferences command ${JSON.stringify(first)} not found to set alias "${each.name}": [${first}]`,
      )
    }
  }
  const alias = aliases.find(each => each.name === name)
  if (!alias || name === undefined || isCommand(name)) return { words, options: [] }
  const at = words.indexOf(name)
  const { prependArgs = [], appendArgs = [], options } = alias
  const rest = words.slice(at + 1)
  return {
    words: [...words.slice(0, at), ...alias.command.split(' '), ...prependArgs, ...rest, ...appendArgs],
    options: options ?? [],
  }
}

/** The flags that preferences add to those that are given. */
export function defaultWords(
  options: NonNullable<CommandDefaults['options']>,
  flags: Flags,
  given: ReadonlySet<string>,
): string[] {
  return options
    .filter(({ name }) => name in flags && !given.has(name))
    .map(option => `--${option.name}=${option.default}`)
}

/** What is preferred for a command such as `get` or `create configmap`. */
export function defaultsFor(
  preferences: Preferences,
  path: readonly string[],
): NonNullable<CommandDefaults['options']> {
  const command = path.slice(1).join(' ')
  return preferences.defaults?.find(each => each.command === command)?.options ?? []
}
