import type { LabelSelector } from 'kubernetes-types/meta/v1'
import type { Prefix } from '../../../network/address.ts'
import { contains, parsePrefix } from '../../../network/address.ts'
import { hashText } from '../../../random.ts'
import { formatSelector } from '../../api/selector.ts'
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../kinds/networkPolicy.ts'

/** Whose addresses a set holds. */
export type SetDescription =
  | {
      readonly kind: 'pods'
      /** Of one namespace, or of those that a selector finds. */
      readonly namespace?: string
      readonly namespaces?: LabelSelector
      readonly pods: LabelSelector
      /** Pods that are found by one of these are left out. */
      readonly exceptions?: readonly LabelSelector[]
    }
  /** Ports of pods that are called so, with their addresses. */
  | { readonly kind: 'ports'; readonly name: string; readonly protocol: string }
  | { readonly kind: 'ranges'; readonly ranges: readonly Prefix[] }

/** The sets by name, and the rules of each chain. */
export interface PolicyRules {
  readonly sets: Map<string, SetDescription>
  readonly ingressDefault: string[]
  readonly ingress: string[]
  readonly egressDefault: string[]
  readonly egress: string[]
}

/** Who a rule is about: a condition on packets, and words for the comment; nothing when it is anybody. */
interface Party {
  readonly set: string
  readonly words: string
}

/** The rules of all policies. */
// Simplified: weave-npc 2.8.1 refuses policies with named ports and reads no endPort; here both mean what they say.
export function rulesOf(policies: readonly NetworkPolicy[], namespaces: readonly string[]): PolicyRules {
  const rules: PolicyRules = { sets: new Map(), ingressDefault: [], ingress: [], egressDefault: [], egress: [] }
  for (const namespace of namespaces) {
    const own = policies.filter(({ metadata }) => metadata.namespace === namespace)
    const isolating = (type: string) =>
      own.filter(({ spec }) => spec.policyTypes?.includes(type)).map(({ spec }) => spec.podSelector ?? {})
    const open = (type: string) =>
      define(rules, `default ${type} ${namespace}`, { kind: 'pods', namespace, pods: {}, exceptions: isolating(type) })
    const word = (direction: string) =>
      `-m comment --comment "DefaultAllow ${direction} isolation for namespace: ${namespace}"`
    rules.ingressDefault.push(`-m set --match-set ${open('Ingress')} dst ${word('ingress')} -j ACCEPT`)
    const leaving = open('Egress')
    rules.egressDefault.push(
      `-m set --match-set ${leaving} src ${word('egress')} -j WEAVE-NPC-EGRESS-ACCEPT`,
      `-m set --match-set ${leaving} src ${word('egress')} -j RETURN`,
    )
    for (const policy of own) addRules(rules, policy, namespace)
  }
  return rules
}

function addRules(rules: PolicyRules, { spec }: NetworkPolicy, namespace: string): void {
  const selected = podsParty(rules, { namespace, pods: spec.podSelector ?? {} })
  if (spec.policyTypes?.includes('Ingress'))
    for (const { from, ports } of spec.ingress ?? [])
      for (const source of partiesOf(rules, from, namespace))
        for (const port of portsOf(rules, ports)) rules.ingress.push(line(source, selected, port, 'ingress', 'ACCEPT'))
  if (spec.policyTypes?.includes('Egress'))
    for (const { to, ports } of spec.egress ?? [])
      for (const target of partiesOf(rules, to, namespace))
        for (const port of portsOf(rules, ports))
          for (const verdict of ['WEAVE-NPC-EGRESS-ACCEPT', 'RETURN'])
            rules.egress.push(line(selected, target, port, 'egress', verdict))
}

function line(
  source: Party | undefined,
  target: Party | undefined,
  port: string,
  direction: string,
  verdict: string,
): string {
  const words = [
    port,
    source && `-m set --match-set ${source.set} src`,
    target && `-m set --match-set ${target.set} dst`,
    `-m comment --comment "${source?.words ?? 'anywhere'} -> ${target?.words ?? 'anywhere'} (${direction})"`,
    `-j ${verdict}`,
  ]
  return words.filter(Boolean).join(' ')
}

function partiesOf(
  rules: PolicyRules,
  peers: readonly NetworkPolicyPeer[] | undefined,
  namespace: string,
): (Party | undefined)[] {
  if (!peers?.length) return [undefined]
  return peers.map(({ ipBlock, namespaceSelector, podSelector }) => {
    if (ipBlock) {
      const ranges = without(ipBlock.cidr, ipBlock.except ?? [])
      const words = `cidr: ${ipBlock.cidr}${ipBlock.except?.length ? ` except: [${ipBlock.except.join(',')}]` : ''}`
      return { set: define(rules, words, { kind: 'ranges', ranges }), words }
    }
    return podsParty(
      rules,
      namespaceSelector
        ? { namespaces: namespaceSelector, pods: podSelector ?? {} }
        : { namespace, pods: podSelector ?? {} },
    )
  })
}

function podsParty(
  rules: PolicyRules,
  where: { readonly namespace?: string; readonly namespaces?: LabelSelector; readonly pods: LabelSelector },
): Party {
  const place =
    where.namespace === undefined
      ? `namespaces: selector: ${selectorWords(where.namespaces)}`
      : `namespace: ${where.namespace}`
  const words = `pods: ${place}, selector: ${selectorWords(where.pods)}`
  return { set: define(rules, words, { kind: 'pods', ...where }), words }
}

function selectorWords(selector: LabelSelector | undefined): string {
  const text = formatSelector(selector)
  return text === '<none>' ? '' : text
}

/** Names a set after what it holds; the real names are the start of a SHA-1 in 85 characters. */
function define(rules: PolicyRules, words: string, description: SetDescription): string {
  const name = `weave-${[words, `${words} `].map(each => (hashText(each) >>> 0).toString(36).padStart(7, '0')).join('')}`
  rules.sets.set(name, description)
  return name
}

function portsOf(rules: PolicyRules, ports: readonly NetworkPolicyPort[] | undefined): string[] {
  if (!ports?.length) return ['']
  return ports.map(({ port, endPort, protocol = 'TCP' }) => {
    const name = protocol.toLowerCase()
    if (port === undefined) return `-p ${name}`
    if (typeof port === 'number') return `-p ${name} -m ${name} --dport ${port}${endPort ? `:${endPort}` : ''}`
    const set = define(rules, `port ${port}/${name}`, { kind: 'ports', name: port, protocol: name })
    return `-p ${name} -m set --match-set ${set} dst,dst`
  })
}

/** A range without parts of it, as ranges. */
function without(cidr: string, exceptions: readonly string[]): Prefix[] {
  let ranges = [parsePrefix(cidr)].flatMap(range => (range ? [range] : []))
  for (const text of exceptions) {
    const hole = parsePrefix(text)
    if (hole) ranges = ranges.flatMap(range => cut(range, hole))
  }
  return ranges
}

function cut(range: Prefix, hole: Prefix): Prefix[] {
  if (hole.length <= range.length) return contains(hole, range.address) ? [] : [range]
  if (!contains(range, hole.address)) return [range]
  const length = range.length + 1
  const halves = [
    { address: range.address, length },
    { address: (range.address | (1 << (32 - length))) >>> 0, length },
  ]
  return halves.flatMap(half => cut(half, hole))
}
