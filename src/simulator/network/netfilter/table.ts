import type { Ipv4Packet } from '../packet.ts'
import { Rule } from './rule.ts'
import { RuleIndex } from './ruleIndex.ts'

/** The tables, in the order in which a packet meets them. */
export const tableNames = ['raw', 'mangle', 'nat', 'filter'] as const
export type TableName = (typeof tableNames)[number]

/** The five places where packets meet rules. */
export const hooks = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const
export type Hook = (typeof hooks)[number]

/** The built-in chains of each table. */
export const builtInChains: Readonly<Record<TableName, readonly Hook[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
}

/** From this length on a chain has an index. */
const longChain = 16

/** A named list of rules. */
export class Chain {
  readonly name: string
  /** What happens at the end of a built-in chain; user chains have none. */
  policy: 'ACCEPT' | 'DROP' | undefined
  packets = 0
  bytes = 0
  #rules: Rule[] = []
  #write: (() => Rule[]) | undefined
  #index: RuleIndex | undefined

  /** With `write` the rules are made when someone first looks at them. */
  constructor(name: string, policy?: 'ACCEPT' | 'DROP', write?: () => Rule[]) {
    this.name = name
    this.policy = policy
    this.#write = write
  }

  get rules(): Rule[] {
    if (this.#write) this.rules = this.#write()
    return this.#rules
  }

  set rules(rules: Rule[]) {
    this.#write = undefined
    this.#rules = rules
  }

  /** The rules that a packet may match, in their order: in a long chain, all others are passed over at once. */
  rulesFor(packet: Ipv4Packet): readonly Rule[] {
    const { rules } = this
    if (rules.length < longChain) return rules
    if (!this.#index?.isOf(rules)) this.#index = new RuleIndex(rules)
    return this.#index.find(packet)
  }
}

/** Why a change of a table was refused. */
export type TableErrorCode =
  | 'no chain'
  | 'no rule'
  | 'chain exists'
  | 'chain not empty'
  | 'chain in use'
  | 'built-in'
  | 'no target'

/** A change that a table refuses; programs word it. */
export class TableError extends Error {
  readonly code: TableErrorCode
  readonly chain: string

  constructor(code: TableErrorCode, chain: string) {
    super(`${code}: ${chain}`)
    this.code = code
    this.chain = chain
  }
}

function follow(rule: Rule, name: string, newName: string): Rule {
  const { target } = rule.text
  if ((target?.kind !== 'jump' && target?.kind !== 'goto') || target.chain !== name) return rule
  return new Rule({ ...rule.text, target: { ...target, chain: newName } }, rule.packets, rule.bytes)
}

/** One of netfilter's tables: chains by name. */
export class Table {
  readonly name: TableName
  readonly chains = new Map<string, Chain>()
  /** Called after each change. */
  onChange: () => void = () => {}

  constructor(name: TableName) {
    this.name = name
    for (const hook of builtInChains[name]) this.chains.set(hook, new Chain(hook, 'ACCEPT'))
  }

  /** The chain of that name; throws `TableError` when there is none. */
  chain(name: string): Chain {
    const chain = this.chains.get(name)
    if (!chain) throw new TableError('no chain', name)
    return chain
  }

  /** Makes an empty user chain. */
  newChain(name: string): Chain {
    if (this.chains.has(name)) throw new TableError('chain exists', name)
    const chain = new Chain(name)
    this.chains.set(name, chain)
    this.onChange()
    return chain
  }

  /** Deletes an empty user chain that no rule jumps to. */
  deleteChain(name: string): void {
    const chain = this.chain(name)
    if (chain.policy) throw new TableError('built-in', name)
    if (chain.rules.length > 0) throw new TableError('chain not empty', name)
    if (this.referencesTo(name) > 0) throw new TableError('chain in use', name)
    this.chains.delete(name)
    this.onChange()
  }

  /** Gives a user chain another name; rules that jump to it follow. */
  renameChain(name: string, newName: string): void {
    const chain = this.chain(name)
    if (chain.policy) throw new TableError('built-in', name)
    if (this.chains.has(newName)) throw new TableError('chain exists', newName)
    const renamed = new Chain(newName)
    renamed.rules = chain.rules
    this.chains.delete(name)
    this.chains.set(newName, renamed)
    for (const each of this.chains.values()) each.rules = each.rules.map(rule => follow(rule, name, newName))
    this.onChange()
  }

  /** Adds a rule at the end of a chain. */
  append(chain: string, rule: Rule): void {
    this.insert(chain, rule, this.chain(chain).rules.length + 1)
  }

  /** Puts a rule before the one with that number; 1 is the first. */
  insert(chain: string, rule: Rule, number = 1): void {
    const found = this.chain(chain)
    if (number < 1 || number > found.rules.length + 1) throw new TableError('no rule', chain)
    this.#checkTarget(rule)
    found.rules = found.rules.toSpliced(number - 1, 0, rule)
    this.onChange()
  }

  /** Replaces the rule with that number. */
  replace(chain: string, number: number, rule: Rule): void {
    const found = this.chain(chain)
    if (number < 1 || number > found.rules.length) throw new TableError('no rule', chain)
    this.#checkTarget(rule)
    found.rules = found.rules.with(number - 1, rule)
    this.onChange()
  }

  /** Removes the rule with that number. */
  delete(chain: string, number: number): void {
    const found = this.chain(chain)
    if (number < 1 || number > found.rules.length) throw new TableError('no rule', chain)
    found.rules = found.rules.toSpliced(number - 1, 1)
    this.onChange()
  }

  /** Removes all rules of a chain, or of every chain. */
  flush(chain?: string): void {
    const chains = chain === undefined ? this.chains.values() : [this.chain(chain)]
    for (const each of chains) each.rules = []
    this.onChange()
  }

  /** Sets what happens to packets that reach the end of a built-in chain. */
  setPolicy(chain: string, policy: 'ACCEPT' | 'DROP'): void {
    const found = this.chain(chain)
    if (!found.policy) throw new TableError('no chain', chain)
    found.policy = policy
    this.onChange()
  }

  /** Sets counters to zero. */
  zero(chain?: string): void {
    const chains = chain === undefined ? this.chains.values() : [this.chain(chain)]
    for (const each of chains) {
      each.packets = 0
      each.bytes = 0
      for (const rule of each.rules) {
        rule.packets = 0
        rule.bytes = 0
      }
    }
  }

  /** How many rules jump to a chain. */
  referencesTo(name: string): number {
    let count = 0
    for (const chain of this.chains.values())
      for (const { text } of chain.rules)
        if ((text.target?.kind === 'jump' || text.target?.kind === 'goto') && text.target.chain === name) count++
    return count
  }

  #checkTarget(rule: Rule): void {
    const { target } = rule.text
    if ((target?.kind === 'jump' || target?.kind === 'goto') && !this.chains.has(target.chain))
      throw new TableError('no target', target.chain)
  }
}
