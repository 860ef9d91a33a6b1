import { Failure } from '../failure.ts'

/** Splits arguments into what names resources and what changes them: `pod web tier=front old-`. */
export function splitPairs(args: readonly string[], change: string): { resources: string[]; pairs: string[] } {
  const isPair = (arg: string) => arg.includes('=') || arg.endsWith('-')
  const first = args.findIndex(isPair)
  if (first < 0) return { resources: [...args], pairs: [] }
  const stray = args.slice(first).find(arg => !isPair(arg))
  if (stray !== undefined) throw new Failure(`all resources must be specified before ${change} changes: ${stray}`)
  return { resources: args.slice(0, first), pairs: args.slice(first) }
}

/** What is to be set and what removed. */
export interface Changes {
  readonly set: ReadonlyMap<string, string>
  readonly removed: readonly string[]
}

/** Reads `key=value` and `key-`. */
export function parseChanges(pairs: readonly string[], change: string): Changes {
  const set = new Map<string, string>()
  const removed: string[] = []
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at > 0) set.set(pair.slice(0, at), pair.slice(at + 1))
    else if (pair.endsWith('-') && pair !== '-') removed.push(pair.slice(0, -1))
    else throw new Failure(`unknown ${change} spec: ${pair}`)
  }
  const both = removed.find(key => set.has(key))
  if (both !== undefined)
    throw new Failure(
      change === 'annotation'
        ? `can not both modify and remove the following annotation(s) in the same command: ${both}`
        : `can not both modify and remove ${article(change)} ${change} in the same command`,
    )
  return { set, removed }
}

function article(word: string): string {
  return /^[aeiou]/.test(word) ? 'an' : 'a'
}

/** The map after the changes. */
export function changed(
  before: Readonly<Record<string, string>> | undefined,
  { set, removed }: Changes,
): Record<string, string> {
  const after = { ...before }
  for (const [key, value] of set) after[key] = value
  for (const key of removed) delete after[key]
  return after
}

/** Reads `key=value,other=value`, as flags that give labels have it. */
export function parseLabels(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map(pair => {
      const [key = '', value, ...rest] = pair.split('=')
      if (value === undefined || rest.length > 0) throw new Failure(`unexpected label spec: ${pair}`)
      return [key, value]
    }),
  )
}
