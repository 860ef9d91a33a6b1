/** A switch or a setting of a command: its long name, its letter, and whether a value follows. */
export interface CrictlFlag {
  readonly name: string
  readonly letter?: string
  readonly hasValue?: boolean
}

/** A command line of crictl, taken apart. */
export interface CrictlCommand {
  readonly name: string
  readonly flags: ReadonlyMap<string, string>
  readonly operands: readonly string[]
}

/** What crictl refuses, in its words. */
export class CrictlError extends Error {}

const flags: Readonly<Record<string, readonly CrictlFlag[]>> = {
  ps: [
    { name: 'all', letter: 'a' },
    { name: 'quiet', letter: 'q' },
    { name: 'name', hasValue: true },
    { name: 'pod', letter: 'p', hasValue: true },
    { name: 'namespace', hasValue: true },
    { name: 'state', letter: 's', hasValue: true },
    { name: 'latest', letter: 'l' },
  ],
  pods: [
    { name: 'quiet', letter: 'q' },
    { name: 'name', hasValue: true },
    { name: 'namespace', hasValue: true },
    { name: 'state', letter: 's', hasValue: true },
  ],
  images: [{ name: 'quiet', letter: 'q' }],
  inspect: [
    { name: 'output', letter: 'o', hasValue: true },
    { name: 'template', hasValue: true },
  ],
  inspectp: [
    { name: 'output', letter: 'o', hasValue: true },
    { name: 'template', hasValue: true },
  ],
  logs: [
    { name: 'tail', hasValue: true },
    { name: 'timestamps', letter: 't' },
  ],
  exec: [
    { name: 'interactive', letter: 'i' },
    { name: 'tty', letter: 't' },
    { name: 'sync', letter: 's' },
  ],
  stop: [{ name: 'timeout', letter: 't', hasValue: true }],
  version: [],
}

const aliases: Readonly<Record<string, string>> = { image: 'images', img: 'images' }

const missing: ReadonlySet<string> = new Set(
  'attach create port-forward info inspecti imagefsinfo metricdescs metricsp pull run runp rm rmi rmp start stopp stats statsp update update-runtime-config config completion checkpoint events runtime-config'.split(
    ' ',
  ),
)

const usage = `usage: crictl [global options] ${Object.keys(flags).join('|')} [command options] [arguments...]`

/** Takes a command line apart; throws `CrictlError`. */
export function readCommand(words: readonly string[]): CrictlCommand {
  const [given = '', ...rest] = words
  const name = aliases[given] ?? given
  if (missing.has(name)) throw new CrictlError(`crictl: crictl ${name} is not simulated here`)
  const known = flags[name]
  if (name === '' || name === '--help' || name === '-h') throw new CrictlError(`crictl: ${usage}`)
  if (!known) throw new CrictlError(`No help topic for '${given}'`)
  const found = new Map<string, string>()
  const operands: string[] = []
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i]!
    if (!word.startsWith('-') || (name === 'exec' && operands.length > 0)) {
      operands.push(word)
      continue
    }
    const [flagName, attached] = word.replace(/^--?/, '').split('=', 2) as [string, string | undefined]
    const letters = word.startsWith('--') || flagName.length === 1 ? [flagName] : [...flagName]
    for (const each of letters) {
      const flag = known.find(one => one.name === each || one.letter === each)
      if (!flag) throw new CrictlError(`Incorrect Usage: flag provided but not defined: -${flagName}`)
      const value = flag.hasValue ? (attached ?? rest[++i]) : 'true'
      if (value === undefined) throw new CrictlError(`Incorrect Usage: flag needs an argument: -${flagName}`)
      found.set(flag.name, value)
    }
  }
  return { name, flags: found, operands }
}
