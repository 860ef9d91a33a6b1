import type { Process } from '../../../machine/program.ts'

/** One of agnhost's programs. */
export interface Subcommand {
  readonly name: string
  readonly summary: string
  run(process: Process, words: readonly string[]): Promise<number>
}

/** A flag that the command does not have. */
export class UnknownFlag extends Error {}

/** Takes `--name=value` and `--name value` out of a command line; the names must be known. */
export function readFlags<Name extends string>(
  words: readonly string[],
  defaults: Readonly<Record<Name, string>>,
): { flags: Record<Name, string>; operands: string[] } {
  const flags: Record<Name, string> = { ...defaults }
  const operands: string[] = []
  const rest = [...words]
  while (rest.length > 0) {
    const word = rest.shift()!
    if (!word.startsWith('--')) {
      operands.push(word)
      continue
    }
    const [name = '', ...value] = word.slice(2).split('=')
    if (!(name in defaults)) throw new UnknownFlag(`unknown flag: --${name}`)
    const isSwitch = /^(true|false)$/.test(defaults[name as Name])
    flags[name as Name] = value.length > 0 ? value.join('=') : isSwitch ? 'true' : (rest.shift() ?? '')
  }
  return { flags, operands }
}

/** `1s`, `500ms`, `2m`: milliseconds; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
  const parts = [...text.matchAll(/([\d.]+)(ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return undefined
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * units[unit!]!, 0)
}
