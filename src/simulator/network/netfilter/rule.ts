import { maskOf, type Prefix } from '../address.ts'
import type { Protocol } from '../packet.ts'
import { compile, type Test } from './match.ts'

/** A condition that `!` may turn round. */
export interface Condition<T> {
  readonly value: T
  readonly isNegated: boolean
}

/** Ports from the first to the last, both included. */
export type PortRange = readonly [first: number, last: number]

/** States of `-m conntrack --ctstate`, in the order in which iptables prints them. */
export const connectionStates = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED', 'SNAT', 'DNAT'] as const
export type ConnectionState = (typeof connectionStates)[number]

/** Kinds of addresses, as the routing table sees them. */
export const addressTypes = [
  'UNSPEC',
  'UNICAST',
  'LOCAL',
  'BROADCAST',
  'ANYCAST',
  'MULTICAST',
  'BLACKHOLE',
  'UNREACHABLE',
  'PROHIBIT',
] as const
export type AddressType = (typeof addressTypes)[number]

/** One `-m` of a rule with its options. */
export type Match =
  | { readonly kind: 'comment'; readonly text: string }
  | PortMatch
  | { readonly kind: 'icmp'; readonly type: Condition<readonly [type: number, code: number | undefined]> }
  | {
      readonly kind: 'multiport'
      readonly direction: 'source' | 'destination' | 'either'
      readonly ports: Condition<readonly PortRange[]>
    }
  | { readonly kind: 'mark' | 'connmark'; readonly mark: Condition<number>; readonly mask: number }
  | ConntrackMatch
  | { readonly kind: 'state'; readonly states: Condition<readonly ConnectionState[]> }
  | StatisticMatch
  | {
      readonly kind: 'addrtype'
      readonly source?: Condition<readonly AddressType[]>
      readonly destination?: Condition<readonly AddressType[]>
      readonly limit?: 'in' | 'out'
    }
  | {
      readonly kind: 'physdev'
      readonly in?: Condition<string>
      readonly out?: Condition<string>
      readonly isIn?: Condition<true>
      readonly isOut?: Condition<true>
      readonly isBridged?: Condition<true>
    }
  | { readonly kind: 'set'; readonly name: Condition<string>; readonly fields: readonly ('src' | 'dst')[] }
  | RecentMatch
  | { readonly kind: 'nfacct'; readonly name: string }
  | { readonly kind: 'limit'; readonly rate: string; readonly burst: number }
  | { readonly kind: 'mac'; readonly source: Condition<string> }
  | {
      readonly kind: 'iprange'
      readonly source?: Condition<readonly [first: number, last: number]>
      readonly destination?: Condition<readonly [first: number, last: number]>
    }
  | { readonly kind: 'owner'; readonly user?: Condition<number>; readonly group?: Condition<number> }

/** `-m tcp`, `-m udp` and `-m sctp`. */
export interface PortMatch {
  readonly kind: 'tcp' | 'udp' | 'sctp'
  readonly sourcePort?: Condition<PortRange>
  readonly destinationPort?: Condition<PortRange>
  /** Of the flags in the mask, exactly these are set. */
  readonly flags?: Condition<{ readonly mask: number; readonly set: number }>
}

export interface ConntrackMatch {
  readonly kind: 'conntrack'
  readonly states?: Condition<readonly ConnectionState[]>
  readonly protocol?: Condition<Protocol>
  readonly originalSource?: Condition<Prefix>
  readonly originalDestination?: Condition<Prefix>
  readonly replySource?: Condition<Prefix>
  readonly replyDestination?: Condition<Prefix>
  readonly originalSourcePort?: Condition<PortRange>
  readonly originalDestinationPort?: Condition<PortRange>
  readonly status?: Condition<readonly ('NONE' | 'EXPECTED' | 'SEEN_REPLY' | 'ASSURED' | 'CONFIRMED')[]>
  readonly direction?: 'ORIGINAL' | 'REPLY'
}

/** By chance, or every so many packets. */
export type StatisticMatch =
  | {
      readonly kind: 'statistic'
      readonly mode: 'random'
      /** In 2⁻³¹, as the kernel keeps it. */
      readonly probability: Condition<number>
    }
  | { readonly kind: 'statistic'; readonly mode: 'nth'; readonly every: Condition<number>; readonly packet: number }

/** A list of addresses seen lately. */
export interface RecentMatch {
  readonly kind: 'recent'
  readonly action: Condition<'set' | 'rcheck' | 'update' | 'remove'>
  readonly seconds?: number
  readonly reap: boolean
  readonly hitCount?: number
  readonly name: string
  readonly mask: number
  readonly side: 'rsource' | 'rdest'
}

/** How a REJECT target answers. */
export type RejectWith =
  | 'icmp-net-unreachable'
  | 'icmp-host-unreachable'
  | 'icmp-proto-unreachable'
  | 'icmp-port-unreachable'
  | 'icmp-net-prohibited'
  | 'icmp-host-prohibited'
  | 'icmp-admin-prohibited'
  | 'tcp-reset'

/** The addresses and ports that a NAT target may choose from. */
export interface NatRange {
  readonly first?: number
  readonly last?: number
  readonly ports?: PortRange
  readonly random?: 'random' | 'random-fully'
  readonly isPersistent?: boolean
}

/** What a rule does with a packet that matches. */
export type Target =
  | { readonly kind: 'ACCEPT' | 'DROP' | 'RETURN' | 'NOTRACK' }
  | { readonly kind: 'REJECT'; readonly with: RejectWith }
  | ({ readonly kind: 'DNAT' | 'SNAT' | 'MASQUERADE' | 'REDIRECT' } & NatRange)
  | { readonly kind: 'MARK'; readonly value: number; readonly mask: number }
  | {
      readonly kind: 'CONNMARK'
      readonly operation: 'set' | 'save' | 'restore'
      readonly value: number
      readonly mask: number
      /** Of the packet's mark, for `save` and `restore`. */
      readonly packetMask: number
    }
  | { readonly kind: 'LOG' | 'NFLOG'; readonly prefix: string; readonly level?: number; readonly group?: number }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }

/** The words of a rule, without its counters. */
export interface RuleText {
  readonly source?: Condition<Prefix>
  readonly destination?: Condition<Prefix>
  readonly inInterface?: Condition<string>
  readonly outInterface?: Condition<string>
  readonly protocol?: Condition<Protocol>
  readonly matches: readonly Match[]
  readonly target?: Target
}

/** A rule in a chain, with what it has counted. */
export class Rule {
  readonly text: RuleText
  packets: number
  bytes: number
  /** The destination that the rule asks for, so that long lists of addresses are passed over quickly. */
  readonly network: number
  readonly mask: number
  #tests: readonly Test[] | undefined

  constructor(text: RuleText, packets = 0, bytes = 0) {
    const { destination } = text
    this.mask = destination && !destination.isNegated ? maskOf(destination.value.length) | 0 : 0
    this.network = (destination?.value.address ?? 0) & this.mask
    this.text = text
    this.packets = packets
    this.bytes = bytes
  }

  /** The conditions of the rule, ready to be asked: all but that on the destination, where it is not negated. */
  get tests(): readonly Test[] {
    this.#tests ??= compile(this.text)
    return this.#tests
  }
}
