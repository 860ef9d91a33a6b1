import { formatRule } from './format.ts'
import { parseRule } from './parse.ts'
import { Rule, type RuleText } from './rule.ts'
import { Chain, type Table, TableError, type TableName, tableNames } from './table.ts'
import { RuleSyntaxError, splitWords } from './words.ts'

/** A text that iptables-restore refuses. */
export class RestoreError extends Error {
  /** Counted from 1. */
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

/** Reads a text in the form of iptables-save into tables, each table as a whole. */
export function restoreTables(
  text: string,
  options: { readonly noFlush?: boolean; readonly counters?: boolean },
  tableOf: (name: TableName) => Table,
): void {
  const commits: (() => void)[] = []
  let change: TableChange | undefined
  const lines = text.split('\n')
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!.trim()
    try {
      if (line === '' || line.startsWith('#')) continue
      if (line.startsWith('*')) {
        change = new TableChange(tableOf(readTableName(line.slice(1))), options)
      } else if (!change) {
        throw new RuleSyntaxError('line before any table')
      } else if (line === 'COMMIT') {
        commits.push(change.finish())
        change = undefined
      } else change.read(line)
    } catch (error) {
      if (error instanceof RuleSyntaxError || error instanceof TableError) throw new RestoreError(error.message, i + 1)
      throw error
    }
  }
  if (change) throw new RestoreError('COMMIT expected', lines.length)
  for (const commit of commits) commit()
}

function readTableName(name: string): TableName {
  const found = tableNames.find(each => each === name)
  if (!found) throw new RuleSyntaxError(`table ${name} is not simulated here`)
  return found
}

/** The changes to one table: nothing is touched before they are all read. */
class TableChange {
  #table: Table
  #counters: boolean
  #isAdding: boolean
  #chains: Map<string, Chain>

  constructor(table: Table, options: { readonly noFlush?: boolean; readonly counters?: boolean }) {
    this.#table = table
    this.#counters = options.counters ?? false
    this.#isAdding = options.noFlush ?? false
    const kept = [...table.chains.values()].filter(chain => options.noFlush || chain.policy)
    this.#chains = new Map(
      kept.map(chain => [chain.name, options.noFlush ? chain : new Chain(chain.name, chain.policy)]),
    )
  }

  read(line: string): void {
    if (line.startsWith(':')) return this.#declare(line.slice(1).split(/\s+/))
    const counted = /^\[(\d+):(\d+)\]\s*(.*)$/.exec(line)
    const [command, name, ...rest] = splitWords(counted ? counted[3]! : line)
    if (name === undefined) throw new RuleSyntaxError(`Bad argument \`${command}'`)
    switch (command) {
      case '-A':
        this.#own(name).rules.push(this.#rule(rest, counted))
        break
      case '-I': {
        const number = /^\d+$/.test(rest[0] ?? '') ? Number(rest.shift()) : 1
        this.#own(name).rules.splice(number - 1, 0, this.#rule(rest, counted))
        break
      }
      case '-F':
        this.#own(name).rules = []
        break
      case '-N':
        if (this.#chains.has(name)) throw new TableError('chain exists', name)
        this.#chains.set(name, new Chain(name))
        break
      case '-X':
        this.#removeChain(name)
        break
      case '-P':
        this.#own(name).policy = rest[0] === 'DROP' ? 'DROP' : 'ACCEPT'
        break
      case '-D':
        this.#removeRule(name, rest)
        break
      default:
        throw new RuleSyntaxError(`unknown option "${command}"`)
    }
  }

  /** Checks that every jump leads somewhere, and gives what puts the changes into the table. */
  finish(): () => void {
    for (const chain of this.#chains.values()) {
      if (chain === this.#table.chains.get(chain.name)) continue
      for (const { text } of chain.rules)
        if ((text.target?.kind === 'jump' || text.target?.kind === 'goto') && !this.#chains.has(text.target.chain))
          throw new TableError('no target', text.target.chain)
    }
    return () => {
      this.#table.chains.clear()
      for (const [name, chain] of this.#chains) this.#table.chains.set(name, chain)
      this.#table.onChange()
    }
  }

  /** A declared chain is emptied, or made; with `noFlush` a built-in one keeps its rules. */
  #declare([name = '', policy = '-', counters = '']: readonly string[]): void {
    const old = this.#chains.get(name)
    if (this.#isAdding && old?.policy) {
      this.#own(name).policy = policy === 'DROP' ? 'DROP' : 'ACCEPT'
      return
    }
    const chain = new Chain(name, policy === '-' ? old?.policy : policy === 'DROP' ? 'DROP' : 'ACCEPT')
    if (this.#counters) {
      const found = /^\[(\d+):(\d+)\]$/.exec(counters)
      chain.packets = Number(found?.[1] ?? 0)
      chain.bytes = Number(found?.[2] ?? 0)
    }
    this.#chains.set(name, chain)
  }

  /** A chain that may be changed: a copy, as long as it is still the table's. */
  #own(name: string): Chain {
    const chain = this.#chains.get(name)
    if (!chain) throw new TableError('no chain', name)
    if (chain !== this.#table.chains.get(name)) return chain
    const copy = new Chain(name, chain.policy)
    copy.rules = [...chain.rules]
    this.#chains.set(name, copy)
    return copy
  }

  #removeChain(name: string): void {
    const chain = this.#chains.get(name)
    if (!chain) throw new TableError('no chain', name)
    if (chain.rules.length > 0) throw new TableError('chain not empty', name)
    this.#chains.delete(name)
  }

  #removeRule(name: string, words: readonly string[]): void {
    const chain = this.#own(name)
    const index = /^\d+$/.test(words[0] ?? '') ? Number(words[0]) - 1 : findRule(chain, parseRule(words))
    if (index < 0 || index >= chain.rules.length) throw new TableError('no rule', name)
    chain.rules.splice(index, 1)
  }

  #rule(words: readonly string[], counted: RegExpExecArray | null): Rule {
    if (!counted || !this.#counters) return new Rule(parseRule(words))
    return new Rule(parseRule(words), Number(counted[1]), Number(counted[2]))
  }
}

/** The place of a rule with these words in a chain; −1 when there is none. */
function findRule(chain: Chain, text: RuleText): number {
  const wanted = formatRule(text)
  return chain.rules.findIndex(rule => formatRule(rule.text) === wanted)
}
