import type { IPBlock } from 'kubernetes-types/networking/v1'
import { formatPrefix, networkOf, parsePrefix } from '../../../network/address.ts'
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../kinds/networkPolicy.ts'
import { comment, markClear, markSet, marks, setMark } from './chains.ts'
import type { MemberSelector } from './memberSelector.ts'

/** What a chain of a policy says, and the sets that it asks. */
export interface PolicyRules {
  readonly rules: readonly string[]
  readonly sets: readonly MemberSelector[]
}

/** A policy's rules in one direction, as felix writes them: each one that agrees with a packet marks it as accepted. */
export function policyRules(
  direction: 'i' | 'o',
  policy: NetworkPolicy,
  setOf: (peer: NetworkPolicyPeer, namespace: string) => MemberSelector,
  namedPortOf: (
    protocol: string,
    name: string,
    peer: NetworkPolicyPeer | undefined,
    namespace: string,
  ) => MemberSelector,
): PolicyRules {
  const { name, namespace = '' } = policy.metadata
  const way = direction === 'i' ? 'ingress' : 'egress'
  const asked =
    direction === 'i'
      ? (policy.spec.ingress ?? []).map(({ ports, from }) => ({ ports, peers: from }))
      : (policy.spec.egress ?? []).map(({ ports, to }) => ({ ports, peers: to }))
  const rules: string[] = []
  const sets: MemberSelector[] = []
  for (const { ports, peers } of asked)
    for (const [protocol, wanted] of portsByProtocol(ports))
      for (const peer of peers?.length ? peers : [undefined]) {
        if (peer?.ipBlock && !isSatisfiable(peer.ipBlock)) continue
        const named = wanted.names.map(port => namedPortOf(protocol!, port, peerOf(direction, peer), namespace))
        const members = peer && !peer.ipBlock ? setOf(peer, namespace) : undefined
        sets.push(...named, ...(members ? [members] : []))
        rules.push(...ruleTexts(direction, protocol, { ...wanted, named }, peer, members))
      }
  // The last rule only returns, which the end of the chain does as well.
  if (rules.length > 0) rules.pop()
  const words = comment(`KubernetesNetworkPolicy ${namespace}/${name} ${way}`)
  return { rules: rules.length > 0 ? [`${words} ${rules[0]}`, ...rules.slice(1)] : [words], sets }
}

/** Named ports are those of the receiving pods: the peers of what goes out, anyone's of what comes in. */
function peerOf(direction: 'i' | 'o', peer: NetworkPolicyPeer | undefined): NetworkPolicyPeer | undefined {
  return direction === 'o' && peer && !peer.ipBlock ? peer : undefined
}

interface WantedPorts {
  /** As iptables writes them: `80`, `8000:9000`. */
  readonly numbers: readonly string[]
  readonly names: readonly string[]
}

/** Ports of one rule by their protocol; without any, all of every protocol. */
function portsByProtocol(
  ports: readonly NetworkPolicyPort[] | undefined,
): readonly (readonly [protocol: string | undefined, ports: WantedPorts])[] {
  if (!ports?.length) return [[undefined, { numbers: [], names: [] }]]
  const protocols = new Map<string, { numbers: string[]; names: string[] } | 'all'>()
  for (const { protocol = 'TCP', port, endPort } of ports) {
    const key = protocol.toLowerCase()
    const known = protocols.get(key) ?? { numbers: [], names: [] }
    if (port === undefined || known === 'all') protocols.set(key, 'all')
    else {
      if (typeof port === 'string') known.names.push(port)
      else known.numbers.push(endPort === undefined || endPort === port ? String(port) : `${port}:${endPort}`)
      protocols.set(key, known)
    }
  }
  return [...protocols]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([protocol, known]) => [protocol, known === 'all' ? { numbers: [], names: [] } : known])
}

function ruleTexts(
  direction: 'i' | 'o',
  protocol: string | undefined,
  ports: { readonly numbers: readonly string[]; readonly named: readonly MemberSelector[] },
  peer: NetworkPolicyPeer | undefined,
  members: MemberSelector | undefined,
): string[] {
  const [side, option] = direction === 'i' ? ['src', '--source'] : ['dst', '--destination']
  const blocks = new MatchBlocks()
  const ofProtocol = protocol === undefined ? [] : [`-p ${protocol}`]
  const portMatches = [
    ...portSplits(ports.numbers).map(split => [...ofProtocol, `-m multiport --destination-ports ${split.join(',')}`]),
    ...ports.named.map(set => [`-m set --match-set ${set.name} dst,dst`]),
  ]
  const isBlock = portMatches.length > 1
  if (isBlock) blocks.anyOf(portMatches.map(match => match.join(' ')))
  const { cidr, except = [] } = peer?.ipBlock ?? {}
  const excepted = except.filter(isIpv4)
  if (cidr !== undefined && excepted.length > 0) blocks.noneOf(excepted.map(each => `${option} ${networkText(each)}`))
  const match = [...ofProtocol]
  if (cidr !== undefined) match.push(`${option} ${networkText(cidr)}`)
  if (members) match.push(`-m set --match-set ${members.name} ${side}`)
  if (!isBlock && portMatches[0]) match.push(portMatches[0].at(-1)!)
  if (blocks.rules.length > 0) match.push(markSet(marks.allBlocks))
  return [...blocks.rules, [...match, setMark(marks.accept)].join(' '), `${markSet(marks.accept)} --jump RETURN`]
}

/** Conditions that do not fit into one rule: each takes a few, and bits of the mark keep what they have found. */
class MatchBlocks {
  readonly rules: string[] = []
  #hasPositive = false

  anyOf(matches: readonly string[]): void {
    this.#begin(0)
    const bit = this.#hasPositive ? marks.thisBlock : marks.allBlocks
    for (const match of matches) this.rules.push(`${match} ${setMark(bit)}`)
    if (this.#hasPositive) this.rules.push(`${markClear(marks.thisBlock)} ${setMark(0, marks.allBlocks)}`)
    this.#hasPositive = true
  }

  noneOf(matches: readonly string[]): void {
    this.#begin(marks.allBlocks)
    for (const match of matches) this.rules.push(`${match} ${setMark(0, marks.allBlocks)}`)
  }

  #begin(bits: number): void {
    if (this.rules.length === 0) this.rules.push(setMark(bits, marks.allBlocks | marks.thisBlock))
  }
}

/** A rule of iptables takes fifteen ports, of which a range counts as two. */
function portSplits(ports: readonly string[]): string[][] {
  const splits: string[][] = []
  let room = 0
  for (const port of ports) {
    const size = port.includes(':') ? 2 : 1
    if (room < size) {
      splits.push([])
      room = 15
    }
    splits.at(-1)!.push(port)
    room -= size
  }
  return splits
}

/** Whether a range holds any IPv4 address; felix leaves out rules that can never agree with a packet. */
function isSatisfiable({ cidr, except = [] }: IPBlock): boolean {
  return isIpv4(cidr) && !except.includes('0.0.0.0/0')
}

function isIpv4(range: string): boolean {
  return !range.includes(':')
}

/** A range as felix hands it on, with its host bits cleared. */
function networkText(text: string): string {
  const prefix = parsePrefix(text)
  return prefix ? formatPrefix(networkOf(prefix)) : text
}
