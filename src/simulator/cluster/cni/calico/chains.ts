import { parseRule } from '../../../network/netfilter/parse.ts'
import { type Match, Rule } from '../../../network/netfilter/rule.ts'
import type { Hook, Table } from '../../../network/netfilter/table.ts'
import { ruleIdentifiers } from './identifiers.ts'

/** Bits of a packet's mark: what a policy says of it, and two to compute with. */
export const marks = {
  accept: 0x10000,
  pass: 0x20000,
  /** So far, all parts of a rule agree with the packet. */
  allBlocks: 0x80000,
  /** The part at hand agrees. */
  thisBlock: 0x100000,
  /** All that felix uses for verdicts. */
  all: 0x1b0000,
  /** Which pod a packet comes from, where IPVS takes it through INPUT and OUTPUT. */
  endpoint: 0xffe00000,
  /** It comes from none. */
  noEndpoint: 0x200000,
} as const

/** Sets bits of the mark, and clears the others of the mask. */
export function setMark(value: number, mask = value): string {
  return `--jump MARK --set-mark ${value === 0 ? '0' : hex(value)}/${hex(mask)}`
}

/** Asks whether bits of the mark are set. */
export function markSet(bits: number): string {
  return `-m mark --mark ${hex(bits)}/${hex(bits)}`
}

/** Asks whether the part of the mark under a mask is that value. */
export function markIs(value: number, mask: number): string {
  return `-m mark --mark ${hex(value)}/${hex(mask)}`
}

/** Asks whether bits of the mark are clear. */
export function markClear(bits: number): string {
  return `-m mark --mark 0/${hex(bits)}`
}

export function comment(text: string): string {
  return `-m comment --comment "${text}"`
}

/** Makes a chain hold these rules. Rules that stay keep what they have counted; true when anything has changed. */
export function writeChain(table: Table, name: string, words: readonly string[]): boolean {
  const old = table.chains.get(name)
  const rules = rulesOf(name, words, old?.rules ?? [])
  if (old && isSame(rules, old.rules)) return false
  const chain = old ?? table.newChain(name)
  chain.rules = rules
  table.onChange()
  return true
}

/** Takes a chain away; whoever jumps to it must have gone before. */
export function removeChain(table: Table, name: string): void {
  if (table.chains.delete(name)) table.onChange()
}

/** Puts rules first, and others last, into a chain that is not felix' own. */
export function joinHook(table: Table, hook: Hook, first: readonly string[], last: readonly string[] = []): void {
  const chain = table.chain(hook)
  const own = chain.rules.filter(isOwn)
  const heads = rulesOf(hook, first, own)
  const tails = rulesOf(`${hook}*appends*`, last, own.slice(first.length))
  const wanted = [...heads, ...chain.rules.filter(rule => !isOwn(rule)), ...tails]
  if (isSame(wanted, chain.rules)) return
  chain.rules = wanted
  table.onChange()
}

/** Rules for the words that felix hands to iptables; as many of the old ones as are alike from the beginning stay. */
function rulesOf(name: string, words: readonly string[], old: readonly Rule[]): Rule[] {
  const identifiers = new Identifiers(name, words)
  let isAlike = true
  return words.map((each, index) => {
    const before = old[index]
    isAlike &&= before instanceof WrittenRule && before.words === each
    return isAlike ? before! : new WrittenRule(each, identifiers, index)
  })
}

/** The identifiers of a chain's rules, computed when someone reads one. */
class Identifiers {
  readonly #chain: string
  readonly #words: readonly string[]
  #computed: readonly string[] | undefined

  constructor(chain: string, words: readonly string[]) {
    this.#chain = chain
    this.#words = words
  }

  at(index: number): string {
    this.#computed ??= ruleIdentifiers(this.#chain, this.#words)
    return this.#computed[index]!
  }
}

/** A rule with the words that felix has for it; its first comment tells it from all others. */
class WrittenRule extends Rule {
  readonly words: string

  constructor(words: string, identifiers: Identifiers, index: number) {
    const text = parseRule(words)
    const identifier: Match = {
      kind: 'comment',
      get text() {
        return `cali:${identifiers.at(index)}`
      },
    }
    super({ ...text, matches: [identifier, ...text.matches] })
    this.words = words
  }
}

/** Whether felix has written a rule, in this life or, to be seen by its comment, in another one. */
function isOwn(rule: Rule): boolean {
  return (
    rule instanceof WrittenRule ||
    rule.text.matches.some(match => match.kind === 'comment' && match.text.startsWith('cali:'))
  )
}

function isSame(a: readonly Rule[], b: readonly Rule[]): boolean {
  return a.length === b.length && a.every((rule, index) => rule === b[index])
}

function hex(value: number): string {
  return `0x${value.toString(16)}`
}
