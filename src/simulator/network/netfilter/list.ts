import { formatIpv4, type Prefix } from '../address.ts'
import { protocolNumbers } from '../packet.ts'
import { chainsInOrder, formatFlags, formatMark, formatMatch, formatNatRange, formatRange } from './format.ts'
import {
  type Condition,
  type ConntrackMatch,
  connectionStates,
  type Match,
  type PortMatch,
  type Rule,
  type RuleText,
  type Target,
} from './rule.ts'
import type { Chain, Table } from './table.ts'

/** What `iptables -L` is asked for besides the table. */
export interface ListOptions {
  /** `-n`: addresses and protocols as numbers. */
  readonly isNumeric?: boolean
  /** `-v`: counters and interfaces. */
  readonly isVerbose?: boolean
  /** `-x`: counters in full. */
  readonly isExact?: boolean
  readonly hasLineNumbers?: boolean
}

/** The lines of `iptables -L` for one chain, or for all with an empty line between them (iptables 1.8.9). */
export function listTable(table: Table, chain: string | undefined, options: ListOptions): string[] {
  const chains = chain === undefined ? chainsInOrder(table) : [table.chain(chain)]
  return chains.flatMap((each, i) => {
    const rules = each.rules.map((rule, number) => listRule(rule, number + 1, options))
    return [...(i > 0 ? [''] : []), headOf(each, table, options), columnNames(options), ...rules]
  })
}

function headOf(chain: Chain, table: Table, options: ListOptions): string {
  if (!chain.policy) return `Chain ${chain.name} (${table.referencesTo(chain.name)} references)`
  const counters = options.isVerbose ? ` ${chain.packets} packets, ${chain.bytes} bytes` : ''
  return `Chain ${chain.name} (policy ${chain.policy}${counters})`
}

function columnNames(options: ListOptions): string {
  const number = options.hasLineNumbers ? 'num  ' : ''
  const counters = !options.isVerbose ? '' : options.isExact ? '    pkts      bytes ' : ' pkts bytes '
  const devices = options.isVerbose ? 'in     out     ' : ''
  return `${number}${counters}target     prot opt ${devices}source               destination         `
}

function listRule(rule: Rule, number: number, options: ListOptions): string {
  const { text } = rule
  const { target } = text
  const words: string[] = []
  if (options.hasLineNumbers) words.push(`${String(number).padEnd(4)} `)
  if (options.isVerbose) words.push(formatCount(rule.packets, options), formatCount(rule.bytes, options))
  const name = target?.kind === 'jump' || target?.kind === 'goto' ? target.chain : nameOf(target)
  words.push(`${name.padEnd(9)} `, mark(text.protocol), protocolOf(text, options), '-- ')
  if (options.isVerbose) words.push(formatDevice(text.inInterface, ' '), formatDevice(text.outInterface, ''))
  words.push(mark(text.source), `${addressOf(text.source, options).padEnd(19)} `)
  words.push(mark(text.destination), `${addressOf(text.destination, options).padEnd(19)} `)
  if (target?.kind === 'goto') words.push('[goto] ')
  for (const match of text.matches) words.push(` ${describeMatch(match, options)}`)
  const details = target && describeTarget(target)
  if (details) words.push(` ${details}`)
  return words.join('')
}

function nameOf(target: Target | undefined): string {
  if (!target) return ''
  return target.kind === 'NOTRACK' ? 'CT' : target.kind
}

function mark(condition: Condition<unknown> | undefined): string {
  return condition?.isNegated ? '!' : ' '
}

/** With `-n` the protocol is a number as well, as of version 1.8.9. */
function protocolOf(text: RuleText, options: ListOptions): string {
  const name = text.protocol?.value
  if (!options.isNumeric) return (name ?? 'all').padEnd(5)
  return `${String(name ? protocolNumbers[name] : 0).padEnd(4)} `
}

function addressOf(condition: Condition<Prefix> | undefined, options: ListOptions): string {
  if (!condition || condition.value.length === 0) return options.isNumeric ? '0.0.0.0/0' : 'anywhere'
  const { address, length } = condition.value
  return length === 32 ? formatIpv4(address) : `${formatIpv4(address)}/${length}`
}

function formatDevice(condition: Condition<string> | undefined, space: string): string {
  const name = condition ? `${condition.isNegated ? '!' : ''}${condition.value}` : '*'
  return `${space}${name.padEnd(6)} `
}

/** A counter in five columns, in thousands, millions … when it is long (xtables_print_num). */
function formatCount(count: number, options: ListOptions): string {
  if (options.isExact) return `${String(count).padStart(8)} `
  if (count <= 99_999) return `${String(count).padStart(5)} `
  let rest = count
  for (const unit of ['K', 'M', 'G', 'T']) {
    rest = Math.floor((rest + 500) / 1000)
    if (rest <= 9_999 || unit === 'T') return `${String(rest).padStart(4)}${unit} `
  }
  return ''
}

/** What `-L` says of a match. */
function describeMatch(match: Match, options: ListOptions): string {
  switch (match.kind) {
    case 'comment':
      return `/* ${match.text} */`
    case 'tcp':
    case 'udp':
      return describePorts(match, options)
    case 'icmp':
      return `icmptype ${withNot(match.type, ([type, code]) => `${type}${code === undefined ? '' : ` code ${code}`}`)}`
    case 'multiport': {
      const word = { source: 'sports', destination: 'dports', either: 'ports' }[match.direction]
      return `multiport ${word} ${withNot(match.ports, ranges => ranges.map(range => formatRange(range)).join(','))}`
    }
    case 'mark':
    case 'connmark':
      return `${match.kind} match ${withNot(match.mark, value => formatMark(value, match.mask))}`
    case 'conntrack':
      return describeConntrack(match)
    case 'state':
      return `state ${withNot(match.states, states => states.join(','))}`
    case 'recent': {
      const action = { set: 'SET', rcheck: 'CHECK', update: 'UPDATE', remove: 'REMOVE' }[match.action.value]
      const seconds = match.seconds === undefined ? '' : ` seconds: ${match.seconds}`
      const hits = match.hitCount === undefined ? '' : ` hit_count: ${match.hitCount}`
      const side = match.side === 'rsource' ? 'source' : 'dest'
      return `${match.action.isNegated ? '! ' : ''}recent: ${action}${seconds}${match.reap ? ' reap' : ''}${hits} name: ${match.name} side: ${side} mask: ${formatIpv4(match.mask)}`
    }
    case 'limit':
      return `limit: avg ${match.rate} burst ${match.burst}`
    case 'addrtype':
      return `ADDRTYPE match ${optionsOf(match)}`
    case 'physdev':
      return `PHYSDEV match${formatMatch(match).slice('-m physdev'.length)}`
    case 'mac':
      return `MAC ${withNot(match.source, mac => mac.toUpperCase())}`
    default:
      return `${match.kind === 'statistic' ? 'statistic ' : ''}${optionsOf(match)}`
  }
}

/** The options of a match without their dashes, which is what most matches print. */
function optionsOf(match: Match): string {
  return formatMatch(match)
    .slice(`-m ${match.kind} `.length)
    .replace(/(^| )--/g, '$1')
}

function withNot<T>(condition: Condition<T>, print: (value: T) => string): string {
  return `${condition.isNegated ? '!' : ''}${print(condition.value)}`
}

function describePorts(match: PortMatch, options: ListOptions): string {
  const words: string[] = [match.kind]
  for (const [name, condition] of [
    ['spt', match.sourcePort],
    ['dpt', match.destinationPort],
  ] as const)
    if (condition) {
      const [first, last] = condition.value
      words.push(`${name}${first === last ? '' : 's'}:${withNot(condition, range => formatRange(range))}`)
    }
  const { flags } = match
  const hex = (number: number) => `0x${number.toString(16).padStart(2, '0').toUpperCase()}`
  const print = options.isNumeric ? hex : formatFlags
  if (flags) words.push(`flags:${withNot(flags, ({ mask, set }) => `${print(mask)}/${print(set)}`)}`)
  return words.join(' ')
}

function describeConntrack(match: ConntrackMatch): string {
  const { states } = match
  const others = optionsOf({ ...match, states: { value: [], isNegated: false } }).replace(/^ctstate ?/, '')
  if (!states) return others
  const names = connectionStates.filter(state => states.value.includes(state)).join(',')
  return [`${states.isNegated ? '! ' : ''}ctstate ${names}`, others].filter(word => word !== '').join(' ')
}

/** What `-L` says of a target beyond its name. */
function describeTarget(target: Target): string {
  switch (target.kind) {
    case 'REJECT':
      return `reject-with ${target.with}`
    case 'DNAT':
    case 'SNAT':
      return `to:${formatNatRange(target)}${target.random ? ` ${target.random}` : ''}${target.isPersistent ? ' persistent' : ''}`
    case 'MASQUERADE':
      return [target.ports ? `masq ports: ${formatRange(target.ports, '-')}` : '', target.random ?? '']
        .filter(word => word !== '')
        .join(' ')
    case 'REDIRECT':
      return target.ports ? `redir ports ${formatRange(target.ports, '-')}` : ''
    case 'MARK':
      return `MARK ${describeMarkChange(target.value, target.mask)}`
    case 'CONNMARK':
      return `CONNMARK ${target.operation === 'set' ? describeMarkChange(target.value, target.mask) : target.operation}`
    case 'NOTRACK':
      return 'NOTRACK'
    case 'LOG':
      return `LOG flags 0 level ${target.level ?? 4}${target.prefix ? ` prefix "${target.prefix}"` : ''}`
    case 'NFLOG':
      return `${target.prefix ? `nflog-prefix ${target.prefix} ` : ''}nflog-group ${target.group ?? 0}`
    default:
      return ''
  }
}

/** `set`, `and`, `or` or `xor` where the change is one of them (libxt_MARK). */
function describeMarkChange(value: number, mask: number): string {
  const hex = (number: number) => `0x${number.toString(16)}`
  if (value === 0) return `and ${hex(~mask >>> 0)}`
  if (value === mask) return `or ${hex(value)}`
  if (mask === 0) return `xor ${hex(value)}`
  return mask === 0xffffffff ? `set ${hex(value)}` : `xset ${formatMark(value, mask, true)}`
}
