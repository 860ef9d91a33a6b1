import { formatIpv4, type Prefix } from '../../../network/address.ts'
import { formatMatch, formatNatRange } from '../../../network/netfilter/format.ts'
import {
  type Condition,
  connectionStates,
  type Match,
  type PortRange,
  type Rule,
  type RuleText,
  type Target,
} from '../../../network/netfilter/rule.ts'
import type { Chain, Table } from '../../../network/netfilter/table.ts'
import { type Protocol, protocolNumbers } from '../../../network/packet.ts'

/** How `iptables -L` shows rules. */
export interface ListingStyle {
  /** `-n` */
  readonly isNumeric: boolean
  /** `-v` */
  readonly hasCounters: boolean
  /** `-x` */
  readonly isExact: boolean
  /** `--line-numbers` */
  readonly hasNumbers: boolean
  /** Names for addresses and ports; only asked when not numeric. */
  host(address: number): string
  port(port: number, protocol: 'tcp' | 'udp'): string
}

/** The lines of a chain. `only` shows one rule without the heading. */
export function chainLines(table: Table, chain: Chain, style: ListingStyle, only?: number): string[] {
  if (only !== undefined) {
    const rule = chain.rules[only - 1]
    return rule ? [ruleLine(rule, only, style)] : []
  }
  const counts = style.hasCounters
    ? ` ${count(chain.packets, style).trim()} packets, ${count(chain.bytes, style).trim()} bytes`
    : ''
  const head = chain.policy ? `policy ${chain.policy}${counts}` : `${table.referencesTo(chain.name)} references`
  return [
    `Chain ${chain.name} (${head})`,
    heading(style),
    ...chain.rules.map((rule, i) => ruleLine(rule, i + 1, style)),
  ]
}

function heading(style: ListingStyle): string {
  const number = style.hasNumbers ? 'num  ' : ''
  const counters = style.hasCounters ? ' pkts bytes ' : ''
  const links = style.hasCounters ? ' in     out    ' : ''
  return `${number}${counters}target     prot opt${links} source               destination         `
}

function ruleLine(rule: Rule, number: number, style: ListingStyle): string {
  const { text } = rule
  let line = style.hasNumbers ? `${String(number).padEnd(4)} ` : ''
  if (style.hasCounters) line += `${count(rule.packets, style)} ${count(rule.bytes, style)} `
  line += `${targetName(text.target).padEnd(9)} `
  line += `${text.protocol?.isNegated ? '!' : ' '}${protocolText(text.protocol?.value, style).padEnd(5)}-- `
  if (style.hasCounters) line += ` ${link(text.inInterface).padEnd(6)} ${link(text.outInterface).padEnd(6)} `
  line += `${place(text.source, style)} ${place(text.destination, style)} `
  if (text.target?.kind === 'goto') line += ' [goto] '
  for (const match of text.matches) line += ` ${matchText(match, text, style)}`
  const detail = targetText(text.target)
  return detail === '' ? line : `${line} ${detail}`
}

/** Numbers above 99999 are shortened: 100K, 12M. */
function count(value: number, style: ListingStyle): string {
  if (style.isExact || value <= 99_999) return String(value).padStart(style.isExact ? 8 : 5)
  let left = value
  for (const unit of ['K', 'M', 'G', 'T']) {
    left = Math.round(left / 1000)
    if (left <= 9999 || unit === 'T') return `${String(left).padStart(4)}${unit}`
  }
  return ''
}

function protocolText(protocol: Protocol | undefined, style: ListingStyle): string {
  // iptables-nft 1.8.9 shows protocol numbers when asked for numbers.
  if (protocol === undefined) return style.isNumeric ? '0' : 'all'
  return style.isNumeric ? String(protocolNumbers[protocol]) : protocol
}

function link(name: Condition<string> | undefined): string {
  if (!name) return '*'
  return `${name.isNegated ? '!' : ''}${name.value}`
}

function place(prefix: Condition<Prefix> | undefined, style: ListingStyle): string {
  const mark = prefix?.isNegated ? '!' : ' '
  if (!prefix || prefix.value.length === 0) return `${mark}${(style.isNumeric ? '0.0.0.0/0' : 'anywhere').padEnd(19)}`
  const { address, length } = prefix.value
  const host = style.isNumeric || length < 32 ? formatIpv4(address) : style.host(address)
  return `${mark}${`${host}${length === 32 ? '' : `/${length}`}`.padEnd(19)}`
}

function targetName(target: Target | undefined): string {
  if (!target) return ''
  if (target.kind === 'jump' || target.kind === 'goto') return target.chain
  return target.kind === 'NOTRACK' ? 'CT' : target.kind
}

function targetText(target: Target | undefined): string {
  switch (target?.kind) {
    case 'REJECT':
      return `reject-with ${target.with}`
    case 'DNAT':
    case 'SNAT':
      return `to:${formatNatRange(target)}${target.random ? ` ${target.random}` : ''}`
    case 'MASQUERADE':
      return [target.ports ? `masq ports: ${target.ports.join('-')}` : '', target.random ?? '']
        .filter(Boolean)
        .join(' ')
    case 'REDIRECT':
      return target.ports ? `redir ports ${[...new Set(target.ports)].join('-')}` : ''
    case 'MARK':
      return markText(target.value, target.mask)
    case 'CONNMARK':
      return target.operation === 'set' ? `CONN${markText(target.value, target.mask)}` : `CONNMARK ${target.operation}`
    case 'NOTRACK':
      return 'notrack'
    case 'LOG':
      return `LOG flags 0 level ${target.level ?? 4}${target.prefix ? ` prefix "${target.prefix}"` : ''}`
    case 'NFLOG':
      return target.prefix ? `nflog-prefix "${target.prefix}"` : ''
    default:
      return ''
  }
}

/** One operation in the words that say most (extensions/libxt_MARK.c). */
function markText(value: number, mask: number): string {
  const hex = (number: number) => `0x${(number >>> 0).toString(16)}`
  if (value === 0) return `MARK and ${hex(~mask)}`
  if (value === mask) return `MARK or ${hex(value)}`
  if (mask === 0) return `MARK xor ${hex(value)}`
  return mask === 0xffffffff ? `MARK set ${hex(value)}` : `MARK xset ${hex(value)}/${hex(mask)}`
}

function matchText(match: Match, rule: RuleText, style: ListingStyle): string {
  const not = (condition: { readonly isNegated: boolean } | undefined) => (condition?.isNegated ? '!' : '')
  switch (match.kind) {
    case 'comment':
      return `/* ${match.text} */`
    case 'tcp':
    case 'udp': {
      const { kind } = match
      const ports = (name: string, range: Condition<PortRange> | undefined) =>
        range
          ? [
              `${name}${range.value[0] === range.value[1] ? '' : 's'}:${not(range)}${portsText(range.value, kind, style)}`,
            ]
          : []
      const flags = match.flags
        ? [`flags:${not(match.flags)}0x${byte(match.flags.value.mask)}/0x${byte(match.flags.value.set)}`]
        : []
      return [kind, ...ports('spt', match.sourcePort), ...ports('dpt', match.destinationPort), ...flags].join(' ')
    }
    case 'icmp': {
      const [type, code] = match.type.value
      return `${not(match.type)}${style.isNumeric ? 'icmptype' : 'icmp type'} ${type}${code === undefined ? '' : ` code ${code}`}`
    }
    case 'multiport': {
      const name = { source: 'sports', destination: 'dports', either: 'ports' }[match.direction]
      const kind = rule.protocol?.value === 'udp' ? 'udp' : 'tcp'
      return `multiport ${name} ${match.ports.isNegated ? '! ' : ''}${match.ports.value.map(range => portsText(range, kind, style)).join(',')}`
    }
    case 'mark':
    case 'connmark': {
      const mask = match.mask === 0xffffffff ? '' : `/0x${match.mask.toString(16)}`
      return `${match.kind} match ${match.mark.isNegated ? '! ' : ''}0x${match.mark.value.toString(16)}${mask}`
    }
    case 'state':
      return `${match.states.isNegated ? '! ' : ''}state ${statesText(match.states.value)}`
    case 'addrtype': {
      const kinds = (name: string, types: Condition<readonly string[]> | undefined) =>
        types ? [`${name} ${not(types)}${types.value.join(',')}`] : []
      const limit = match.limit ? [`limit-${match.limit}`] : []
      return [
        'ADDRTYPE match',
        ...kinds('src-type', match.source),
        ...kinds('dst-type', match.destination),
        ...limit,
      ].join(' ')
    }
    case 'recent': {
      const action = { set: 'SET', rcheck: 'CHECK', update: 'UPDATE', remove: 'REMOVE' }[match.action.value]
      const seconds = match.seconds === undefined ? '' : ` seconds: ${match.seconds}${match.reap ? ' reap' : ''}`
      const hits = match.hitCount === undefined ? '' : ` hit_count: ${match.hitCount}`
      const side = match.side === 'rsource' ? 'source' : 'dest'
      return `${match.action.isNegated ? '! ' : ''}recent: ${action}${seconds}${hits} name: ${match.name} side: ${side} mask: ${formatIpv4(match.mask)}`
    }
    case 'limit':
      return `limit: avg ${match.rate.replace('minute', 'min')} burst ${match.burst}`
    case 'mac':
      return `MAC${match.source.isNegated ? ' !' : ''} ${match.source.value}`
    case 'set':
      return `${match.name.isNegated ? '! ' : ''}match-set ${match.name.value} ${match.fields.join(',')}`
    case 'physdev':
      return `PHYSDEV match${formatMatch(match).replace('-m physdev', '')}`
    case 'conntrack':
      return formatMatch(match).replace('-m conntrack ', '').replace(/--/g, '')
    default:
      // The others read as they are written, without dashes.
      return formatMatch(match)
        .replace(/^-m \S+ /, match.kind === 'nfacct' ? '' : `${match.kind} `)
        .replace(/--/g, '')
  }
}

function statesText(states: readonly string[]): string {
  return connectionStates.filter(state => states.includes(state)).join(',')
}

function portsText(range: PortRange, protocol: 'tcp' | 'udp', style: ListingStyle): string {
  const one = (port: number) => (style.isNumeric ? String(port) : style.port(port, protocol))
  return range[0] === range[1] ? one(range[0]) : `${one(range[0])}:${one(range[1])}`
}

function byte(value: number): string {
  return value.toString(16).padStart(2, '0')
}

/** The addresses that a listing by name has to look up. */
export function hostsOf(chains: readonly Chain[]): number[] {
  const found = new Set<number>()
  for (const { rules } of chains)
    for (const { text } of rules)
      for (const prefix of [text.source, text.destination])
        if (prefix && prefix.value.length === 32) found.add(prefix.value.address)
  return [...found]
}
