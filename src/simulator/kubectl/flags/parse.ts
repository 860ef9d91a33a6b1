import { type Flag, type Flags, FlagValueError } from './flag.ts'

/** What a command line says, once its flags are understood. */
export interface ParsedFlags {
  /** A value for every flag: given, or the default. */
  readonly values: Readonly<Record<string, unknown>>
  /** Names of the flags that were given. */
  readonly given: ReadonlySet<string>
  /** Names and texts of the flags in the order in which they were given. */
  readonly spelled: readonly (readonly [name: string, text: string])[]
  readonly args: readonly string[]
  /** How many arguments stood before `--`; undefined without it. */
  readonly argsBeforeDash: number | undefined
  /** What to warn of: flags that are on their way out. */
  readonly warnings: readonly string[]
  readonly wantsHelp: boolean
}

/** A flag that is unknown or used wrongly, in the words of pflag. */
export class FlagError extends Error {}

const helpFlag: Flag<boolean> = {
  short: 'h',
  value: false,
  shown: 'false',
  help: '',
  bare: 'true',
  hidden: true,
  parse(given, previous) {
    if (/^(1|t|T|true|TRUE|True)$/.test(given)) return true
    if (/^(0|f|F|false|FALSE|False)$/.test(given)) return previous ?? false
    throw new FlagValueError(`strconv.ParseBool: parsing ${JSON.stringify(given)}: invalid syntax`)
  },
}

/** Reads flags and arguments in any order, as pflag does; everything after `--` is an argument. */
export function parseFlags(flags: Flags, words: readonly string[]): ParsedFlags {
  const all: Flags = { ...flags, help: helpFlag }
  const values: Record<string, unknown> = {}
  const given = new Set<string>()
  const spelled: [string, string][] = []
  const args: string[] = []
  const warnings: string[] = []
  let argsBeforeDash: number | undefined

  const set = (name: string, text: string) => {
    const flag = all[name]!
    try {
      values[name] = flag.parse(text, given.has(name) ? values[name] : undefined)
    } catch (error) {
      if (!(error instanceof FlagValueError)) throw error
      const shown = flag.short ? `-${flag.short}, --${name}` : `--${name}`
      throw new FlagError(`invalid argument ${JSON.stringify(text)} for "${shown}" flag: ${error.message}`)
    }
    given.add(name)
    spelled.push([name, text])
    if (flag.deprecated) warnings.push(`Flag --${name} has been deprecated, ${flag.deprecated}`)
  }

  const rest = [...words]
  while (rest.length > 0) {
    const word = rest.shift()!
    if (word === '--') {
      argsBeforeDash = args.length
      args.push(...rest)
      break
    }
    if (word.startsWith('--')) readLong(all, word, rest, set)
    else if (word.startsWith('-') && word.length > 1) readShort(all, word.slice(1), rest, set)
    else args.push(word)
  }
  for (const [name, flag] of Object.entries(all)) if (!given.has(name)) values[name] = flag.value
  return { values, given, spelled, args, argsBeforeDash, warnings, wantsHelp: values['help'] === true }
}

function readLong(flags: Flags, word: string, rest: string[], set: (name: string, text: string) => void): void {
  const body = word.slice(2)
  if (/^[-=]/.test(body)) throw new FlagError(`bad flag syntax: ${word}`)
  const equals = body.indexOf('=')
  const name = normalName(equals < 0 ? body : body.slice(0, equals))
  const flag = flags[name]
  if (!flag) throw new FlagError(`unknown flag: --${equals < 0 ? body : body.slice(0, equals)}`)
  if (equals >= 0) set(name, body.slice(equals + 1))
  else if (flag.bare !== undefined) set(name, flag.bare)
  else if (rest.length > 0) set(name, rest.shift()!)
  else throw new FlagError(`flag needs an argument: ${word}`)
}

function readShort(flags: Flags, cluster: string, rest: string[], set: (name: string, text: string) => void): void {
  for (let letters = cluster; letters; ) {
    const letter = letters[0]!
    const name = longName(flags, letter)
    const flag = name === undefined ? undefined : flags[name]
    if (name === undefined || !flag) throw new FlagError(`unknown shorthand flag: '${letter}' in -${letters}`)
    if (letters.length > 2 && letters[1] === '=') return set(name, letters.slice(2))
    if (flag.bare !== undefined) {
      set(name, flag.bare)
      letters = letters.slice(1)
      continue
    }
    if (letters.length > 1) return set(name, letters.slice(1))
    if (rest.length === 0) throw new FlagError(`flag needs an argument: '${letter}' in -${letters}`)
    return set(name, rest.shift()!)
  }
}

/** The words that are neither flags nor values of flags: how the name of a subcommand is found among flags. */
export function wordsWithoutFlags(flags: Flags, words: readonly string[]): string[] {
  const found: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (word === '--') break
    const isLong = word.startsWith('--')
    const name = isLong ? normalName(word.slice(2)) : word.length === 2 ? longName(flags, word[1]!) : undefined
    const isBare = name !== undefined && flags[name]?.bare !== undefined
    if (word.startsWith('-') && !word.includes('=') && (isLong || word.length === 2) && !isBare) {
      if (words.length - at <= 2) break
      at++
    } else if (word && !word.startsWith('-')) found.push(word)
  }
  return found
}

function longName(flags: Flags, letter: string): string | undefined {
  return Object.keys(flags).find(name => flags[name]!.short === letter)
}

/** kubectl takes `--all_namespaces` for `--all-namespaces`. */
function normalName(name: string): string {
  return name.replaceAll('_', '-')
}
