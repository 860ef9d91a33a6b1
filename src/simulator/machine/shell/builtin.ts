import type { Assignment } from 'unbash'
import type { Interpreter } from './interpreter.ts'

/** A command that is part of the shell, because it changes the shell itself or has to be quick. */
export interface Builtin {
  readonly name: string
  /** The usage line that `help` shows after the name. */
  readonly usage: string
  /** One sentence for `help NAME`. */
  readonly summary: string
  run(shell: Interpreter, args: readonly string[]): Promise<number> | number
  /** For `declare` and its kin: arguments that are assignments come as such, so that lists stay lists. */
  declare?(shell: Interpreter, args: readonly (string | Assignment)[]): Promise<number>
}

/** Prints a builtin's message the way the shell does: `bash: line 1: cd: …`. */
export async function complain(shell: Interpreter, name: string, message: string, status = 1): Promise<number> {
  await shell.complain(`${name}: ${message}`)
  return status
}

/** The message about an option that a builtin does not have, and its usage. */
export async function badOption(shell: Interpreter, builtin: Builtin, option: string): Promise<number> {
  if (shell.dialect === 'ash') return complain(shell, builtin.name, `illegal option ${option}`, 2)
  if (shell.dialect === 'dash') return complain(shell, builtin.name, `Illegal option ${option}`, 2)
  await shell.complain(`${builtin.name}: ${option}: invalid option`)
  await shell.process.stderr.write(`${builtin.name}: usage: ${builtin.name} ${builtin.usage}\n`)
  return 2
}

/** What a builtin's options came to: letters that were given, with their values, and the other arguments. */
export interface ParsedOptions {
  readonly options: ReadonlyMap<string, string>
  readonly rest: readonly string[]
  /** An option that is not in the list, or one whose value is missing. */
  readonly unknown?: string
  readonly missing?: string
}

/** Parses `-ab -c value -- rest`; a letter followed by `:` in `letters` takes a value. */
export function parseOptions(args: readonly string[], letters: string): ParsedOptions {
  const options = new Map<string, string>()
  let index = 0
  for (; index < args.length; index++) {
    const arg = args[index]!
    if (arg === '--') return { options, rest: args.slice(index + 1) }
    if (!arg.startsWith('-') || arg === '-') break
    for (let i = 1; i < arg.length; i++) {
      const letter = arg[i]!
      const place = letters.indexOf(letter)
      if (place < 0 || letter === ':') return { options, rest: [], unknown: `-${letter}` }
      if (letters[place + 1] !== ':') {
        options.set(letter, '')
        continue
      }
      const value = i + 1 < arg.length ? arg.slice(i + 1) : args[++index]
      if (value === undefined) return { options, rest: [], missing: `-${letter}` }
      options.set(letter, value)
      break
    }
  }
  return { options, rest: args.slice(index) }
}
