import type { Netfilter } from '../../../network/netfilter/netfilter.ts'
import type { Table } from '../../../network/netfilter/table.ts'
import { matchesSelector } from '../../api/selector.ts'
import type { NetworkPolicy } from '../../kinds/networkPolicy.ts'
import { marks, removeChain, setMark, writeChain } from './chains.ts'
import { type Direction, dispatchChains, markChain } from './dispatchChains.ts'
import type { Endpoint } from './endpoint.ts'
import { profileRules, profilesOf, type Workload, workloadRules } from './endpointChains.ts'
import { interfaceNameOf, policyChainName, profileChainName } from './identifiers.ts'
import { type MemberSelector, membersOf, namedPortMembersOf } from './memberSelector.ts'
import { MemberSets } from './memberSets.ts'
import { policyRules } from './policyRules.ts'

type Labels = Readonly<Record<string, string>>

/** A pod of this node as its chains are written. */
interface Written extends Workload {
  /** Names of the policies that choose it. */
  readonly policies: ReadonlySet<string>
}

const ways = ['i', 'o'] as const

/**
 * The policies of a cluster as rules of one node. What changes is noted at once; `apply` writes what depends on it, and
 * nothing else: a policy has chains only where it chooses a pod.
 */
export class PolicyTable {
  readonly #node: string
  readonly #netfilter: Netfilter
  readonly #members: MemberSets
  readonly #policies = new Map<string, Map<string, NetworkPolicy>>()
  readonly #written = new Map<string, Written>()
  /** The policies that have chains, with the sets that they ask. */
  readonly #active = new Map<string, { readonly policy: NetworkPolicy; readonly sets: readonly MemberSelector[] }>()
  /** How many chains jump to a chain of a policy or a profile. */
  readonly #users = new Map<string, number>()
  readonly #changedPods = new Set<string>()
  readonly #changedPolicies = new Set<string>()
  #dispatch: readonly string[] = []
  /** Which mark stands for which interface, where IPVS makes marks needed. */
  #endpointMarks: Map<string, number> | undefined

  constructor(node: string, netfilter: Netfilter) {
    this.#node = node
    this.#netfilter = netfilter
    this.#members = new MemberSets(netfilter.sets)
  }

  /** Whether there is anything to write. */
  get isChanged(): boolean {
    return this.#changedPods.size > 0 || this.#changedPolicies.size > 0
  }

  /** The interfaces of this node's pods that have chains. */
  get interfaces(): readonly string[] {
    return this.#dispatch
  }

  /** Makes chains that tell by a mark from which pod a packet comes. */
  useMarks(): void {
    if (this.#endpointMarks) return
    this.#endpointMarks = new Map()
    for (const key of this.#written.keys()) this.#changedPods.add(key)
    this.#writeMarkDispatch(this.#netfilter.table('filter'), [])
  }

  endpoint(key: string): Endpoint | undefined {
    return this.#members.endpoint(key)
  }

  setNamespace(name: string, labels: Labels | undefined): void {
    this.#members.setNamespace(name, labels)
  }

  setEndpoint(key: string, endpoint: Endpoint | undefined): void {
    const before = this.#members.endpoint(key)
    this.#members.setEndpoint(key, endpoint)
    if (before?.node === this.#node || endpoint?.node === this.#node) this.#changedPods.add(key)
  }

  setPolicy(namespace: string, name: string, policy: NetworkPolicy | undefined): void {
    const policies = this.#policies.get(namespace) ?? new Map<string, NetworkPolicy>()
    if (policy) this.#policies.set(namespace, policies.set(name, policy))
    else if (policies.delete(name) && policies.size === 0) this.#policies.delete(namespace)
    this.#changedPolicies.add(`${namespace}/${name}`)
    for (const { key, node } of this.#members.endpointsOf(namespace))
      if (node === this.#node) this.#changedPods.add(key)
  }

  /** Writes what has changed. */
  apply(): void {
    const table = this.#netfilter.table('filter')
    for (const key of this.#changedPolicies) {
      const active = this.#active.get(key)
      const now = this.#policyOf(key)
      if (active && now) this.#writePolicy(table, key, now)
    }
    this.#changedPolicies.clear()
    const gone = [...this.#changedPods].flatMap(key => this.#writePod(table, key) ?? [])
    this.#changedPods.clear()
    this.#writeDispatch(table)
    for (const pod of gone) {
      for (const way of ways) removeChain(table, chainOf(way, pod.interface))
      removeChain(table, markChainOf(pod.interface))
      this.#endpointMarks?.delete(pod.interface)
      this.#release(table, pod)
    }
  }

  /** Takes away what a felix before this one has left: chains that nothing leads to any more, and sets that none asks. */
  sweep(): void {
    const table = this.#netfilter.table('filter')
    const reached = new Set<string>()
    const visit = (name: string): void => {
      if (reached.has(name)) return
      reached.add(name)
      for (const { text } of table.chains.get(name)?.rules ?? [])
        if (text.target?.kind === 'jump' || text.target?.kind === 'goto') visit(text.target.chain)
    }
    for (const { name, policy } of table.chains.values()) if (policy) visit(name)
    for (const name of [...table.chains.keys()])
      if (name.startsWith('cali-') && !reached.has(name)) removeChain(table, name)
    this.#members.sweep()
  }

  #policyOf(key: string): NetworkPolicy | undefined {
    const [namespace = '', name = ''] = key.split('/')
    return this.#policies.get(namespace)?.get(name)
  }

  /** The chains and the sets of a policy that chooses some pod of this node. */
  #writePolicy(table: Table, key: string, policy: NetworkPolicy): void {
    const { namespace = '', name } = policy.metadata
    const sets: MemberSelector[] = []
    for (const way of ways) {
      const chain = policyChainName(way, namespace, name)
      if (!policy.spec.policyTypes?.includes(typeOf(way))) {
        removeChain(table, chain)
        continue
      }
      const written = policyRules(way, policy, membersOf, namedPortMembersOf)
      for (const set of written.sets) this.#members.use(set)
      sets.push(...written.sets)
      writeChain(table, chain, written.rules)
    }
    for (const set of this.#active.get(key)?.sets ?? []) this.#members.release(set)
    this.#active.set(key, { policy, sets })
  }

  /** The chains of a pod; gives those of one that is gone, to be taken away when nothing leads there any more. */
  #writePod(table: Table, key: string): Written | undefined {
    const endpoint = this.#members.endpoint(key)
    const before = this.#written.get(key)
    if (endpoint?.node !== this.#node) {
      this.#written.delete(key)
      return before
    }
    const { namespace, name, account } = endpoint
    const workload = { interface: interfaceNameOf(namespace, name), namespace, account }
    const chosen = [...(this.#policies.get(namespace)?.values() ?? [])]
      .filter(({ spec }) => matchesSelector(spec.podSelector, endpoint.labels))
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    for (const policy of chosen) this.#usePolicy(table, policy)
    for (const profile of profilesOf(workload)) this.#useProfile(table, profile)
    for (const way of ways) {
      const names = chosen
        .filter(({ spec }) => spec.policyTypes?.includes(typeOf(way)))
        .map(({ metadata }) => metadata.name)
      writeChain(table, chainOf(way, workload.interface), workloadRules(way, workload, names))
    }
    if (this.#endpointMarks)
      writeChain(table, markChainOf(workload.interface), [setMark(this.#markOf(workload.interface), marks.endpoint)])
    this.#written.set(key, { ...workload, policies: new Set(chosen.map(({ metadata }) => metadata.name)) })
    if (before) this.#release(table, before)
    return undefined
  }

  #usePolicy(table: Table, policy: NetworkPolicy): void {
    const { namespace = '', name } = policy.metadata
    const key = `${namespace}/${name}`
    if (this.#count(key, 1) === 1) this.#writePolicy(table, key, policy)
  }

  #useProfile(table: Table, profile: string): void {
    if (this.#count(profile, 1) === 1)
      for (const way of ways) writeChain(table, profileChainName(way, profile), profileRules(way, profile))
  }

  /** Takes away the chains that only this pod's chains jumped to. */
  #release(table: Table, pod: Written): void {
    for (const profile of profilesOf(pod))
      if (this.#count(profile, -1) === 0) for (const way of ways) removeChain(table, profileChainName(way, profile))
    for (const name of pod.policies) {
      const key = `${pod.namespace}/${name}`
      if (this.#count(key, -1) > 0) continue
      for (const way of ways) removeChain(table, policyChainName(way, pod.namespace, name))
      for (const set of this.#active.get(key)?.sets ?? []) this.#members.release(set)
      this.#active.delete(key)
    }
  }

  #count(key: string, change: 1 | -1): number {
    const count = (this.#users.get(key) ?? 0) + change
    if (count === 0) this.#users.delete(key)
    else this.#users.set(key, count)
    return count
  }

  /** The ways from interfaces to the chains of their pods, written anew when a pod has come or gone. */
  #writeDispatch(table: Table): void {
    const names = [...this.#written.values()].map(each => each.interface).sort()
    const hasMarks = !this.#endpointMarks || this.#endpointMarks.size === this.#dispatch.length
    if (hasMarks && names.length === this.#dispatch.length && names.every((name, i) => name === this.#dispatch[i]))
      return
    this.#dispatch = names
    for (const direction of ['from', 'to'] as const) this.#writeTree(table, direction, names)
    if (this.#endpointMarks) this.#writeMarkDispatch(table, names)
  }

  #writeMarkDispatch(table: Table, names: readonly string[]): void {
    this.#writeTree(table, 'mark', names)
    const chain = markChain(new Map(names.map(name => [name, this.#markOf(name)])))
    writeChain(table, chain.name, chain.rules)
  }

  #writeTree(table: Table, direction: Direction, names: readonly string[]): void {
    const chains = dispatchChains(direction, names)
    for (const { name, rules } of chains) writeChain(table, name, rules)
    const kept = new Set(chains.map(({ name }) => name))
    const start = `${chains.at(-1)!.name}-`
    for (const name of [...table.chains.keys()]) if (name.startsWith(start) && !kept.has(name)) removeChain(table, name)
  }

  /** The smallest mark that no other interface has. */
  #markOf(name: string): number {
    const known = this.#endpointMarks!.get(name)
    if (known !== undefined) return known
    const taken = new Set(this.#endpointMarks!.values())
    let mark = 2 * marks.noEndpoint
    while (taken.has(mark)) mark += marks.noEndpoint
    this.#endpointMarks!.set(name, mark)
    return mark
  }
}

function typeOf(way: 'i' | 'o'): 'Ingress' | 'Egress' {
  return way === 'i' ? 'Ingress' : 'Egress'
}

function markChainOf(name: string): string {
  return `cali-sm-${name}`
}

function chainOf(way: 'i' | 'o', name: string): string {
  return `${way === 'i' ? 'cali-tw-' : 'cali-fw-'}${name}`
}
