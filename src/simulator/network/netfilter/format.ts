import { formatIpv4, formatPrefix } from '../address.ts'
import { tcpFlagNames } from './flags.ts'
import {
  type Condition,
  type ConntrackMatch,
  connectionStates,
  type Match,
  type NatRange,
  type PortMatch,
  type PortRange,
  type RuleText,
  type StatisticMatch,
  type Target,
} from './rule.ts'
import { builtInChains, type Chain, type Table } from './table.ts'

/** The words of a rule after its chain, as `iptables-save` prints them. */
export function formatRule(rule: RuleText): string {
  const words: string[] = []
  const condition = <T>(found: Condition<T> | undefined, option: string, print: (value: T) => string) => {
    if (found) words.push(`${found.isNegated ? '! ' : ''}${option} ${print(found.value)}`)
  }
  condition(rule.source, '-s', formatPrefix)
  condition(rule.destination, '-d', formatPrefix)
  condition(rule.inInterface, '-i', String)
  condition(rule.outInterface, '-o', String)
  condition(rule.protocol, '-p', String)
  for (const match of rule.matches) words.push(formatMatch(match))
  if (rule.target) words.push(formatTarget(rule.target))
  return words.join(' ')
}

/** A rule with its chain, and its counters if they are asked for, as `iptables-save` and `iptables -S` print it. */
function formatAppend(chain: Chain, index: number, counters = false): string {
  const rule = chain.rules[index]!
  const text = formatRule(rule.text)
  const line = text === '' ? `-A ${chain.name}` : `-A ${chain.name} ${text}`
  return counters ? `[${rule.packets}:${rule.bytes}] ${line}` : line
}

/** The chains of a table as iptables lists them: the built-in ones, then the others by name. */
export function chainsInOrder(table: Table): Chain[] {
  const builtIn: readonly string[] = builtInChains[table.name]
  const others = [...table.chains.values()].filter(chain => !chain.policy)
  others.sort((a, b) => (a.name < b.name ? -1 : 1))
  return [...builtIn.map(name => table.chain(name)), ...others]
}

/** A table as `iptables-save` prints it, from `*nat` to `COMMIT`, without comments. */
export function saveTable(table: Table, options: { readonly counters?: boolean } = {}): string {
  const chains = chainsInOrder(table)
  const lines = [`*${table.name}`]
  for (const chain of chains) lines.push(`:${chain.name} ${chain.policy ?? '-'} [${chain.packets}:${chain.bytes}]`)
  for (const chain of chains)
    for (let i = 0; i < chain.rules.length; i++) lines.push(formatAppend(chain, i, options.counters))
  return `${lines.join('\n')}\nCOMMIT\n`
}

/** What `iptables -S` prints of a table, or of one of its chains. */
export function listRules(table: Table, chain?: string): string[] {
  const chains = chain === undefined ? chainsInOrder(table) : [table.chain(chain)]
  const heads = chains.map(each => (each.policy ? `-P ${each.name} ${each.policy}` : `-N ${each.name}`))
  return [...heads, ...chains.flatMap(each => each.rules.map((_, i) => formatAppend(each, i)))]
}

/** A mark as iptables prints it. */
function formatMark(value: number, mask: number, isMaskShown = mask !== 0xffffffff): string {
  const hex = (number: number) => `0x${number.toString(16)}`
  return isMaskShown ? `${hex(value)}/${hex(mask)}` : hex(value)
}

/** One `-m` as `iptables-save` prints it. */
export function formatMatch(match: Match): string {
  const words = [`-m ${match.kind}`]
  const add = <T>(condition: Condition<T> | undefined, option: string, print: (value: T) => string) => {
    if (!condition) return
    const value = print(condition.value)
    words.push(`${condition.isNegated ? '! ' : ''}--${option}${value === '' ? '' : ` ${value}`}`)
  }
  switch (match.kind) {
    case 'comment':
      words.push(`--comment ${quote(match.text)}`)
      break
    case 'tcp':
    case 'udp':
    case 'sctp':
      addPorts(match, add)
      break
    case 'icmp':
      add(match.type, 'icmp-type', ([type, code]) =>
        type === 255 ? 'any' : code === undefined ? `${type}` : `${type}/${code}`,
      )
      break
    case 'multiport': {
      const option = { source: 'sports', destination: 'dports', either: 'ports' }[match.direction]
      add(match.ports, option, ranges => ranges.map(range => formatRange(range)).join(','))
      break
    }
    case 'mark':
    case 'connmark':
      add(match.mark, 'mark', value => formatMark(value, match.mask))
      break
    case 'conntrack':
      addConntrack(match, add)
      break
    case 'state':
      add(match.states, 'state', states => connectionStates.filter(state => states.includes(state)).join(','))
      break
    case 'statistic':
      words.push(formatStatistic(match))
      break
    case 'addrtype':
      add(match.source, 'src-type', types => types.join(','))
      add(match.destination, 'dst-type', types => types.join(','))
      if (match.limit) words.push(`--limit-iface-${match.limit}`)
      break
    case 'physdev':
      add(match.isIn, 'physdev-is-in', () => '')
      add(match.in, 'physdev-in', String)
      add(match.isOut, 'physdev-is-out', () => '')
      add(match.out, 'physdev-out', String)
      add(match.isBridged, 'physdev-is-bridged', () => '')
      break
    case 'set':
      add(match.name, 'match-set', name => `${name} ${match.fields.join(',')}`)
      break
    case 'recent':
      add(match.action, match.action.value, () => '')
      if (match.seconds !== undefined) words.push(`--seconds ${match.seconds}`)
      if (match.reap) words.push('--reap')
      if (match.hitCount !== undefined) words.push(`--hitcount ${match.hitCount}`)
      words.push(`--name ${match.name} --mask ${formatIpv4(match.mask)} --${match.side}`)
      break
    case 'nfacct':
      // The second blank is libxt_nfacct's own.
      words.push(`--nfacct-name  ${match.name}`)
      break
    case 'limit':
      words.push(`--limit ${match.rate}`)
      if (match.burst !== 5) words.push(`--limit-burst ${match.burst}`)
      break
    case 'mac':
      add(match.source, 'mac-source', String)
      break
    case 'iprange':
      add(match.source, 'src-range', formatAddresses)
      add(match.destination, 'dst-range', formatAddresses)
      break
    case 'owner':
      add(match.user, 'uid-owner', String)
      add(match.group, 'gid-owner', String)
      break
  }
  return words.join(' ')
}

type Add = <T>(condition: Condition<T> | undefined, option: string, print: (value: T) => string) => void

function addPorts(match: PortMatch, add: Add): void {
  add(match.sourcePort, 'sport', range => formatRange(range))
  add(match.destinationPort, 'dport', range => formatRange(range))
  add(match.flags, 'tcp-flags', ({ mask, set }) => `${formatFlags(mask)} ${formatFlags(set)}`)
}

function addConntrack(match: ConntrackMatch, add: Add): void {
  add(match.states, 'ctstate', states => connectionStates.filter(state => states.includes(state)).join(','))
  add(match.protocol, 'ctproto', String)
  add(match.originalSource, 'ctorigsrc', formatPrefix)
  add(match.originalDestination, 'ctorigdst', formatPrefix)
  add(match.replySource, 'ctreplsrc', formatPrefix)
  add(match.replyDestination, 'ctrepldst', formatPrefix)
  add(match.originalSourcePort, 'ctorigsrcport', range => formatRange(range))
  add(match.originalDestinationPort, 'ctorigdstport', range => formatRange(range))
  add(match.status, 'ctstatus', status => status.join(','))
  if (match.direction) add({ value: match.direction, isNegated: false }, 'ctdir', String)
}

function formatStatistic(match: StatisticMatch): string {
  if (match.mode === 'nth')
    return `--mode nth${match.every.isNegated ? ' !' : ''} --every ${match.every.value}${match.packet ? ` --packet ${match.packet}` : ''}`
  const { value, isNegated } = match.probability
  return `--mode random${isNegated ? ' !' : ''} --probability ${(value / 0x80000000).toFixed(11)}`
}

/** What follows `-j`, as `iptables-save` prints it. */
function formatTarget(target: Target): string {
  switch (target.kind) {
    case 'jump':
      return `-j ${target.chain}`
    case 'goto':
      return `-g ${target.chain}`
    case 'NOTRACK':
      return '-j CT --notrack'
    case 'REJECT':
      return `-j REJECT --reject-with ${target.with}`
    case 'DNAT':
      return `-j DNAT --to-destination ${formatNatRange(target)}${formatNatFlags(target)}`
    case 'SNAT':
      return `-j SNAT --to-source ${formatNatRange(target)}${formatNatFlags(target)}`
    case 'MASQUERADE':
    case 'REDIRECT':
      return `-j ${target.kind}${target.ports ? ` --to-ports ${formatRange(target.ports, '-')}` : ''}${formatNatFlags(target)}`
    case 'MARK':
      return `-j MARK --set-xmark ${formatMark(target.value, target.mask, true)}`
    case 'CONNMARK':
      if (target.operation === 'set') return `-j CONNMARK --set-xmark ${formatMark(target.value, target.mask, true)}`
      return `-j CONNMARK --${target.operation}-mark --nfmask 0x${target.packetMask.toString(16)} --ctmask 0x${target.mask.toString(16)}`
    case 'LOG':
      return `-j LOG${target.prefix ? ` --log-prefix ${quote(target.prefix, true)}` : ''}${target.level === undefined || target.level === 4 ? '' : ` --log-level ${target.level}`}`
    case 'NFLOG':
      return `-j NFLOG${target.prefix ? ` --nflog-prefix ${quote(target.prefix)}` : ''}${target.group ? ` --nflog-group ${target.group}` : ''}`
    default:
      return `-j ${target.kind}`
  }
}

/** The addresses and ports of a NAT target: `10.244.1.2:8080`. */
export function formatNatRange(range: NatRange): string {
  const { first, last, ports } = range
  const addresses = first === undefined ? '' : last === undefined ? formatIpv4(first) : formatAddresses([first, last])
  return ports ? `${addresses}:${formatRange(ports, '-')}` : addresses
}

function formatNatFlags(range: NatRange): string {
  return `${range.random ? ` --${range.random}` : ''}${range.isPersistent ? ' --persistent' : ''}`
}

function formatAddresses(range: readonly [first: number, last: number]): string {
  return `${formatIpv4(range[0])}-${formatIpv4(range[1])}`
}

/** Ports as iptables prints them: `80` or `30000:32767`. */
function formatRange(range: PortRange, separator = ':'): string {
  return range[0] === range[1] ? String(range[0]) : `${range[0]}${separator}${range[1]}`
}

function formatFlags(flags: number): string {
  const names = tcpFlagNames.filter(([, bit]) => flags & bit).map(([name]) => name)
  return names.length === 0 ? 'NONE' : names.join(',')
}

/** Text in quotes when it holds more than letters, digits, `-` and `_` (xtables_save_string). */
function quote(text: string, isForced = false): string {
  if (/^[\w-]+$/.test(text) && !isForced) return text
  return `"${text.replace(/["\\']/g, '\\$&')}"`
}
