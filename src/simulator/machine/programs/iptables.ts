import { formatIpv4 } from '../../network/address.ts'
import { chainsInOrder, formatRule, listRules } from '../../network/netfilter/format.ts'
import { parseRule } from '../../network/netfilter/parse.ts'
import { Rule } from '../../network/netfilter/rule.ts'
import { type Table, TableError, type TableName, tableNames } from '../../network/netfilter/table.ts'
import { RuleSyntaxError } from '../../network/netfilter/words.ts'
import { mayAdministerNetwork } from '../networkRights.ts'
import type { Option, Process, Program } from '../program.ts'
import { resolveAddress } from '../resolver.ts'
import { serviceName } from '../services.ts'
import { chainLines, hostsOf, type ListingStyle } from './iptables/listing.ts'

const version = 'v1.8.9 (nf_tables)'

const options: readonly Option[] = [
  { short: 't', long: 'table', value: 'table', help: "table to manipulate (default: `filter')" },
  { short: 'A', long: 'append', value: 'chain', help: 'Append to chain' },
  { short: 'C', long: 'check', value: 'chain', help: 'Check for the existence of a rule' },
  { short: 'D', long: 'delete', value: 'chain', help: 'Delete matching rule from chain, or the rule with a number' },
  { short: 'I', long: 'insert', value: 'chain [rulenum]', help: 'Insert in chain as rulenum (default 1=first)' },
  { short: 'R', long: 'replace', value: 'chain rulenum', help: 'Replace rule rulenum (1 = first) in chain' },
  { short: 'L', long: 'list', value: '[chain [rulenum]]', help: 'List the rules in a chain or all chains' },
  { short: 'S', long: 'list-rules', value: '[chain [rulenum]]', help: 'Print the rules in a chain or all chains' },
  { short: 'F', long: 'flush', value: '[chain]', help: 'Delete all rules in chain or all chains' },
  { short: 'Z', long: 'zero', value: '[chain [rulenum]]', help: 'Zero counters in chain or all chains' },
  { short: 'N', long: 'new', value: 'chain', help: 'Create a new user-defined chain' },
  { short: 'X', long: 'delete-chain', value: '[chain]', help: 'Delete a user-defined chain' },
  { short: 'P', long: 'policy', value: 'chain target', help: 'Change policy on chain to target' },
  {
    short: 'E',
    long: 'rename-chain',
    value: 'old-chain new-chain',
    help: 'Change chain name, (moving any references)',
  },
  { short: 'n', long: 'numeric', help: 'numeric output of addresses and ports' },
  { short: 'v', long: 'verbose', help: 'verbose mode' },
  { short: 'x', long: 'exact', help: 'expand numbers (display exact values)' },
  { long: 'line-numbers', help: 'print line numbers when listing' },
  { short: 'w', long: 'wait', value: '[seconds]', help: 'maximum wait to acquire xtables lock before give up' },
  { short: 'V', long: 'version', help: 'print package version' },
]

/** A command that iptables refuses. */
class IptablesError extends Error {
  readonly status: number
  /** Whether the hint to `--help` follows. */
  readonly isMisuse: boolean
  constructor(message: string, status: number, isMisuse = false) {
    super(message)
    this.status = status
    this.isMisuse = isMisuse
  }
}

type Command = 'A' | 'C' | 'D' | 'I' | 'R' | 'L' | 'S' | 'F' | 'Z' | 'N' | 'X' | 'P' | 'E'

/** Shows and changes the rules that packets meet. */
export const iptables: Program = {
  name: 'iptables',
  summary: 'administration tool for IPv4 packet filtering and NAT',
  usage: '-[ACDILSFZNXPE] [chain] [rule-specification] [options]',
  options,
  async run(process) {
    try {
      return await new IptablesRun(process).run()
    } catch (error) {
      const failure = explain(error)
      const front = failure.isMisuse
        ? `iptables ${version}: `
        : failure.status === 1
          ? 'iptables: '
          : `iptables ${version}: `
      const hint = failure.isMisuse ? "\nTry `iptables -h' or 'iptables --help' for more information." : ''
      await process.stderr.write(`${front}${failure.message}${hint}\n`)
      return failure.status
    }
  },
}

class IptablesRun {
  readonly #process: Process
  readonly #words: string[]
  #table: TableName = 'filter'
  #command: Command | undefined
  #operands: string[] = []
  #flags = new Set<string>()

  constructor(process: Process) {
    this.#process = process
    this.#words = process.argv.slice(1)
  }

  async run(): Promise<number> {
    const rule = this.#read()
    if (this.#flags.has('version')) {
      await this.#process.write(`iptables ${version}\n`)
      return 0
    }
    if (this.#flags.has('help')) {
      await this.#process.write(usage)
      return 0
    }
    const unknown = this.#command ? undefined : rule.find(word => word.startsWith('-'))
    if (unknown !== undefined) throw new IptablesError(`unknown option "${unknown}"`, 2, true)
    if (!this.#command) throw new IptablesError('no command specified', 2, true)
    if (!mayAdministerNetwork(this.#process.user))
      throw new IptablesError('Could not fetch rule set generation id: Permission denied (you must be root)', 4)
    return this.#carryOut(this.#command, this.#process.network.netfilter.table(this.#table), rule)
  }

  /** Takes the options of iptables itself; what is left are the words of a rule. */
  #read(): string[] {
    const rest: string[] = []
    for (let i = 0; i < this.#words.length; i++) {
      const word = this.#words[i]!
      const [name, attached] = this.#nameOf(word)
      if (name === undefined) {
        rest.push(word)
        // The value of a rule's option is never an option of iptables: `--comment -L`.
        if (word.startsWith('-') && takesValue(word)) rest.push(...this.#words.slice(++i, i + 1))
        continue
      }
      i += this.#take(name, attached, i)
    }
    return rest
  }

  /** The long name of one of iptables' own options, and a value that is attached to it. */
  #nameOf(word: string): [string | undefined, string | undefined] {
    if (word === '-h' || word === '--help') return ['help', undefined]
    if (word.startsWith('--')) {
      const [name = '', value] = word.slice(2).split('=')
      const aliases: Readonly<Record<string, string>> = { 'new-chain': 'new', 'line-number': 'line-numbers' }
      const long = aliases[name] ?? name
      return [options.some(option => option.long === long) ? long : undefined, value]
    }
    if (!/^-[A-Za-z]/.test(word)) return [undefined, undefined]
    const option = options.find(each => each.short === word[1])
    return [option?.long, word.length > 2 ? word.slice(2) : undefined]
  }

  /** Gives how many further words were used. */
  #take(name: string, attached: string | undefined, at: number): number {
    const option = options.find(each => each.long === name)
    const letter = option?.short
    if (name === 'table') {
      const table = attached ?? this.#words[at + 1] ?? ''
      const found = tableNames.find(each => each === table)
      if (!found) {
        if (table === 'security') throw new IptablesError('table security is not simulated here', 1)
        throw new IptablesError(
          `table '${table}' does not exist\nPerhaps iptables or your kernel needs to be upgraded.`,
          3,
        )
      }
      this.#table = found
      return attached === undefined ? 1 : 0
    }
    if (letter !== undefined && 'ACDIRLSFZNXPE'.includes(letter)) {
      if (this.#command !== undefined && this.#command !== letter)
        throw new IptablesError(`Cannot use -${letter} with -${this.#command}`, 2, true)
      this.#command = letter as Command
      const most = { A: 1, C: 1, D: 2, I: 2, R: 2, L: 2, S: 2, F: 1, Z: 2, N: 1, X: 1, P: 2, E: 2 }[this.#command]
      const words = attached === undefined ? [] : [attached]
      let used = 0
      while (words.length < most) {
        const next = this.#words[at + 1 + used]
        const isOperand = next !== undefined && !next.startsWith('-') && next !== '!'
        if (!isOperand || (words.length === 1 && 'DILSZ'.includes(letter) && !/^\d+$/.test(next))) break
        words.push(next)
        used++
      }
      this.#operands = words
      return used
    }
    // A cluster of switches: -nvL.
    this.#flags.add(name)
    if (attached !== undefined && name !== 'wait') {
      const [more, value] = this.#nameOf(`-${attached}`)
      if (more === undefined) throw new IptablesError(`unknown option "-${attached}"`, 2, true)
      return this.#take(more, value, at)
    }
    return name === 'wait' && /^\d+$/.test(this.#words[at + 1] ?? '') && attached === undefined ? 1 : 0
  }

  async #carryOut(command: Command, table: Table, words: readonly string[]): Promise<number> {
    const [chain, second] = this.#operands
    if (chain === undefined && !'LSFZX'.includes(command))
      throw new IptablesError(`option "-${command}" requires an argument`, 2, true)
    if (words.length > 0 && 'LSFZNXPE'.includes(command)) throw new RuleSyntaxError(`Bad argument \`${words[0]}'`)
    switch (command) {
      case 'L':
        return this.#list(table, chain, second)
      case 'S':
        return this.#print(table, chain, second)
      case 'F':
        table.flush(chain)
        return 0
      case 'Z':
        table.zero(chain)
        return 0
      case 'X':
        this.#deleteChains(table, chain)
        return 0
      case 'N':
        table.newChain(chain!)
        return 0
      case 'P':
        if (second !== 'ACCEPT' && second !== 'DROP')
          throw new IptablesError("Bad policy name. Run `dmesg' for more information.", 1)
        table.setPolicy(chain!, second)
        return 0
      case 'E':
        table.renameChain(chain!, second ?? '')
        return 0
      default:
        return this.#changeRule(command, table, chain!, second, words)
    }
  }

  #changeRule(
    command: 'A' | 'C' | 'D' | 'I' | 'R',
    table: Table,
    chain: string,
    number: string | undefined,
    words: readonly string[],
  ): number {
    if (!table.chains.has(chain)) throw new IptablesError(`Chain '${chain}' does not exist`, 2, true)
    if (command === 'D' && number !== undefined && words.length === 0) {
      if (Number(number) > table.chain(chain).rules.length) throw new IptablesError('Index of deletion too big.', 1)
      table.delete(chain, Number(number))
      return 0
    }
    const text = parseRule(words)
    if (command !== 'C' && command !== 'D') refuseMisplaced(text.target?.kind, command, table, chain)
    const printed = formatRule(text)
    const same = table.chain(chain).rules.findIndex(rule => formatRule(rule.text) === printed)
    switch (command) {
      case 'A':
        table.append(chain, new Rule(text))
        return 0
      case 'I':
        if (Number(number ?? 1) > table.chain(chain).rules.length + 1)
          throw new IptablesError('Index of insertion too big.', 1)
        table.insert(chain, new Rule(text), Number(number ?? 1))
        return 0
      case 'R':
        if (Number(number) > table.chain(chain).rules.length)
          throw new IptablesError('Index of replacement too big.', 1)
        table.replace(chain, Number(number), new Rule(text))
        return 0
      case 'C':
        if (same < 0) throw new IptablesError('Bad rule (does a matching rule exist in that chain?).', 1)
        return 0
      case 'D':
        if (same < 0) throw new IptablesError('Bad rule (does a matching rule exist in that chain?).', 1)
        table.delete(chain, same + 1)
        return 0
    }
  }

  #deleteChains(table: Table, chain: string | undefined): void {
    if (chain !== undefined) return table.deleteChain(chain)
    for (const each of [...table.chains.values()]) if (!each.policy) table.deleteChain(each.name)
  }

  async #print(table: Table, chain: string | undefined, number: string | undefined): Promise<number> {
    const lines = listRules(table, chain)
    const rules = lines.filter(line => line.startsWith('-A'))
    const shown = number === undefined ? lines : rules.slice(Number(number) - 1, Number(number))
    await this.#process.write(shown.map(line => `${line}\n`).join(''))
    return 0
  }

  async #list(table: Table, chain: string | undefined, number: string | undefined): Promise<number> {
    const chains = chain === undefined ? chainsInOrder(table) : [table.chain(chain)]
    const isNumeric = this.#flags.has('numeric')
    const names = new Map<number, string>()
    for (const address of isNumeric ? [] : hostsOf(chains))
      names.set(address, (await resolveAddress(this.#process, address))?.name ?? formatIpv4(address))
    const style: ListingStyle = {
      isNumeric,
      hasCounters: this.#flags.has('verbose'),
      isExact: this.#flags.has('exact'),
      hasNumbers: this.#flags.has('line-numbers'),
      host: address => names.get(address) ?? formatIpv4(address),
      port: (port, protocol) => serviceName(this.#process, port, protocol) ?? String(port),
    }
    const only = number === undefined ? undefined : Number(number)
    const blocks = chains.map(each =>
      chainLines(table, each, style, only)
        .map(line => `${line}\n`)
        .join(''),
    )
    await this.#process.write(blocks.join('\n'))
    return 0
  }
}

/** Targets that the kernel lets stand in one table only. */
function refuseMisplaced(target: string | undefined, command: 'A' | 'I' | 'R', table: Table, chain: string): void {
  if (table.name === 'nat' && target === 'DROP')
    throw new IptablesError(
      '\nThe "nat" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n',
      2,
      true,
    )
  const home = target === undefined ? undefined : homes[target]
  if (home === undefined || home === table.name) return
  const verb = { A: 'RULE_APPEND', I: 'RULE_INSERT', R: 'RULE_REPLACE' }[command]
  throw new IptablesError(` ${verb} failed (Invalid argument): rule in chain ${chain}`, 4)
}

const homes: Readonly<Record<string, TableName>> = {
  DNAT: 'nat',
  MASQUERADE: 'nat',
  REDIRECT: 'nat',
  REJECT: 'filter',
  SNAT: 'nat',
}

/** The rule options that take a value, as far as a value could be taken for an option of iptables. */
function takesValue(word: string): boolean {
  return /^(-[sdiopjgm]|--(comment|log-prefix|source|destination|jump|match|protocol|in-interface|out-interface|name))$/.test(
    word,
  )
}

function explain(error: unknown): IptablesError {
  if (error instanceof IptablesError) return error
  if (error instanceof RuleSyntaxError) return new IptablesError(error.message, 2, true)
  if (!(error instanceof TableError)) throw error
  switch (error.code) {
    case 'no chain':
      return new IptablesError('No chain/target/match by that name.', 1)
    case 'no target':
      return new IptablesError(`Chain '${error.chain}' does not exist`, 2, true)
    case 'chain exists':
      return new IptablesError('Chain already exists.', 1)
    case 'chain not empty':
      return new IptablesError('Directory not empty.', 1)
    case 'chain in use':
      return new IptablesError('Too many links.', 1)
    case 'no rule':
      return new IptablesError('Index of insertion too big.', 1)
    case 'built-in':
      return new IptablesError("can't delete a built-in chain.", 1)
  }
}

const usage = `iptables ${version}

Usage: iptables -[ACD] chain rule-specification [options]
       iptables -I chain [rulenum] rule-specification [options]
       iptables -R chain rulenum rule-specification [options]
       iptables -D chain rulenum [options]
       iptables -[LS] [chain [rulenum]] [options]
       iptables -[FZ] [chain] [options]
       iptables -[NX] chain
       iptables -E old-chain-name new-chain-name
       iptables -P chain target [options]
       iptables -h (print this help information)
`
