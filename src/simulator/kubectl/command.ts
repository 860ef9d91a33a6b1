import type { Completion, Flags } from './flags/flag.ts'
import type { Invocation } from './invocation.ts'

/** A verb of kubectl: everything about it in one declaration, from which parser, help and completion are made. */
export interface Command<F extends Flags = Flags> {
  readonly name: string
  readonly aliases?: readonly string[]
  /** One line for the list of commands. */
  readonly summary: string
  /** What `--help` says first; absent when the summary says it all. */
  readonly description?: string
  /** The example lines of `--help`, each indented by two spaces. */
  readonly examples?: string
  /** What follows `kubectl …` in the usage line. */
  readonly usage: string
  readonly flags?: F
  /** Flags that must be given, in the order messages name them. */
  readonly required?: readonly (keyof F & string)[]
  readonly commands?: readonly Command[]
  readonly hidden?: true
  /** The exit status of wrong flags, where 1 has a meaning of its own. */
  readonly misuseStatus?: number
  /** What Tab offers for the arguments. */
  readonly complete?: ArgumentCompletion
  /** Runs the verb; absent for a mere group of verbs. A number is the exit status. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a verb that returns nothing has succeeded
  run?(invocation: Invocation<F>): Promise<number | void>
}

/** What stands where a verb takes arguments: `TYPE NAME`, `TYPE/NAME`, a pod, or something of its own. */
export type ArgumentCompletion =
  | 'resource'
  | 'resource-types'
  | 'pod'
  | 'pods'
  | 'node'
  | 'command'
  | { readonly types: readonly string[] }
  | Completion

/** Ties a command's flags to the values that its `run` reads. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command {
  return command as unknown as Command
}
