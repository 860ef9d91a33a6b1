import { broadcastMac, formatIpv4, formatPrefix, isLoopback, zeroMac } from '../../../network/address.ts'
import { Bridge } from '../../../network/bridge.ts'
import type { InterfaceAddress, NetworkInterface } from '../../../network/interface.ts'
import type { NetworkNamespace } from '../../../network/namespace.ts'
import { Veth } from '../../../network/veth.ts'
import { Vxlan } from '../../../network/vxlan.ts'

/** How interfaces are shown. */
export interface LinkStyle {
  readonly isBusybox: boolean
  readonly hasDetails: boolean
  readonly hasStatistics: boolean
  /** `-4`: the Ethernet address is left out. */
  readonly isInetOnly: boolean
  /** `ip link` says the mode as well. */
  readonly hasMode: boolean
}

/** The name with the other end of the cable, where there is one: `eth0@if31`. */
export function fullName(link: NetworkInterface): string {
  const { lower } = link
  if (lower) return `${link.name}@${lower.namespace === link.namespace ? lower.name : `if${lower.index}`}`
  if (!(link instanceof Veth)) return link.name
  const { peer } = link
  return `${link.name}@${peer.namespace === link.namespace ? peer.name : `if${peer.index}`}`
}

/** The lines of an interface, without its addresses. */
export function linkLines(link: NetworkInterface, style: LinkStyle): string[] {
  const words = [`${link.index}: ${fullName(link)}: <${flagsOf(link, style).join(',')}> mtu ${link.mtu}`]
  words.push(`qdisc ${link.queue ? 'netem' : link.hasBeenUp ? 'noqueue' : 'noop'}`)
  if (link.master) words.push(`master ${link.master.name}`)
  if (!style.isBusybox) {
    words.push(`state ${link.state}`)
    if (style.hasMode) words.push('mode DEFAULT')
    words.push('group default')
  }
  const queue = queueLength(link)
  if (queue > 0) words.push(`qlen ${queue}`)
  const netns = netnsWords(link)
  let first = `${words.join(' ')}${queue > 0 ? '' : ' '}`
  if (style.isInetOnly && netns !== '') first += ` ${netns}`
  const lines = [first]
  if (!style.isInetOnly) lines.push(hardwareLine(link, style, netns))
  if (style.hasStatistics) lines.push(...statisticsLines(link))
  return lines
}

/** The lines of an address. */
export function addressLines(address: InterfaceAddress, style: LinkStyle): string[] {
  const broadcast = address.broadcast === undefined ? '' : ` brd ${formatIpv4(address.broadcast)}`
  return [
    `    inet ${formatPrefix(address)}${broadcast} scope ${address.scope} ${address.label}`,
    ...(style.isBusybox && isLoopback(address.address) ? [] : ['       valid_lft forever preferred_lft forever']),
  ]
}

/** What kinds of interfaces `ip link show type` knows. */
export function typeOf(link: NetworkInterface): string {
  return link.kind === 'loopback' ? '' : link.kind
}

function flagsOf(link: NetworkInterface, style: LinkStyle): string[] {
  const isFar = link instanceof Veth && link.peer.namespace !== link.namespace
  // BusyBox asks a namespace that it does not see for the far end, and takes the answer for "down".
  return style.isBusybox && isFar ? [...link.flags, 'M-DOWN'] : link.flags
}

function hardwareLine(link: NetworkInterface, style: LinkStyle, netns: string): string {
  const type = link.kind === 'loopback' ? 'loopback' : link.kind === 'ipip' ? 'ipip' : 'ether'
  const broadcast = link.kind === 'loopback' ? zeroMac : link.kind === 'ipip' ? '0.0.0.0' : broadcastMac
  let line = `    link/${type} ${link.kind === 'ipip' ? '0.0.0.0' : link.mac} brd ${broadcast}`
  if (netns !== '' && !style.isBusybox) line += ` ${netns}`
  if (style.hasDetails) line += details(link)
  return line
}

/** Where the far end of a cable is, by the number that this namespace has for that one. */
function netnsWords(link: NetworkInterface): string {
  if (link.lower && link.lower.namespace !== link.namespace) return 'link-netnsid 0'
  if (!(link instanceof Veth) || link.peer.namespace === link.namespace) return ''
  return `link-netnsid ${netnsNumber(link.namespace, link.peer.namespace)}`
}

/** Namespaces get numbers in the order in which cables to them appear. */
export function netnsNumber(namespace: NetworkNamespace, other: NetworkNamespace): number {
  const seen: NetworkNamespace[] = []
  for (const link of namespace.interfaces) {
    if (link instanceof Veth && link.peer.namespace !== namespace && !seen.includes(link.peer.namespace))
      seen.push(link.peer.namespace)
  }
  return Math.max(0, seen.indexOf(other))
}

function queueLength(link: NetworkInterface): number {
  return link.kind === 'veth' || link.kind === 'vxlan' ? 0 : 1000
}

function details(link: NetworkInterface): string {
  const isPort = link.master !== undefined
  let text = ` promiscuity ${isPort ? 1 : 0}  allmulti ${isPort ? 1 : 0} minmtu ${link.kind === 'loopback' ? 0 : 68} maxmtu ${link.kind === 'loopback' ? 0 : 65535} `
  if (link instanceof Vxlan) {
    const underlay = link.underlay === undefined ? '' : ` dev ${link.underlay}`
    const learning = link.isLearning ? '' : ' nolearning'
    const ends = link.isExternal ? '' : ` local ${formatIpv4(link.local)}${underlay}`
    text += `\n    vxlan ${link.isExternal ? 'external ' : ''}id ${link.id}${ends} srcport 0 0 dstport ${link.udpPort}${learning} ttl auto ageing 300 udpcsum noudp6zerocsumtx noudp6zerocsumrx `
  } else if (link instanceof Bridge) {
    const id = `8000.${link.mac}`
    text += `\n    bridge forward_delay 1500 hello_time 200 max_age 2000 ageing_time ${link.ageing / 10} stp_state 0 priority 32768 vlan_filtering 0 vlan_protocol 802.1Q bridge_id ${id} designated_root ${id} root_port 0 root_path_cost 0 `
  } else if (link.kind === 'macvlan') text += '\n    macvlan mode bridge bcqueuelen 1000 usedbcqueuelen 1000 '
  else if (link.kind === 'ipvlan') text += '\n    ipvlan mode l2 bridge '
  else if (link.kind === 'veth' || link.kind === 'dummy') text += `\n    ${link.kind} `
  if (link.master) {
    const onOff = (isOn: boolean) => (isOn ? 'on' : 'off')
    const { hairpin, learning, flood, isolated } = link.port
    text += `\n    bridge_slave state ${link.isUp && link.hasCarrier ? 'forwarding' : 'disabled'} priority 32 cost 2 hairpin ${onOff(hairpin)} guard off root_block off fastleave off learning ${onOff(learning)} flood ${onOff(flood)} isolated ${onOff(isolated)} `
  }
  return `${text}addrgenmode eui64 numtxqueues 1 numrxqueues 1 gso_max_size 65536 gso_max_segs 65535 tso_max_size 524280 tso_max_segs 65535 gro_max_size 65536 `
}

function statisticsLines(link: NetworkInterface): string[] {
  const { receivedBytes, receivedPackets, receivedDropped, sentBytes, sentPackets, sentDropped } = link.counters
  const received = [receivedBytes, receivedPackets, 0, receivedDropped, 0, 0]
  const sent = [sentBytes, sentPackets, 0, sentDropped, 0, 0]
  const widths = [10, 7, 6, 7, 7, 7].map((width, i) =>
    Math.max(width, String(received[i]).length, String(sent[i]).length),
  )
  const heading = (direction: string, names: readonly string[]) =>
    `    ${direction}: ${names.map((name, i) => name.padStart(widths[i]! - (i === 0 ? 4 : 0))).join(' ')} ${' '.repeat(10)}`
  const numbers = (values: readonly number[]) =>
    `    ${values.map((value, i) => `${String(value).padStart(widths[i]!)} `).join('')}`
  return [
    heading('RX', ['bytes', 'packets', 'errors', 'dropped', 'missed', 'mcast']),
    numbers(received),
    heading('TX', ['bytes', 'packets', 'errors', 'dropped', 'carrier', 'collsns']),
    numbers(sent),
  ]
}
