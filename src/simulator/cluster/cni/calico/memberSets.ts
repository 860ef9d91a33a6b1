import { AddressSet, type SetEntry } from '../../../network/netfilter/addressSet.ts'
import { matchesSelector } from '../../api/selector.ts'
import type { Endpoint } from './endpoint.ts'
import type { MemberSelector } from './memberSelector.ts'
import { setSize } from './settings.ts'

type Labels = Readonly<Record<string, string>>

/** A set that rules ask, and from whom its members come. */
interface MemberSet {
  readonly selector: MemberSelector
  readonly addresses: AddressSet
  /** Members by pod: for a while two pods may have one address. */
  readonly byPod: Map<string, readonly SetEntry[]>
  /** How many pods stand behind a member. */
  readonly counts: Map<string, number>
  /** How many policies ask it. */
  users: number
}

/** The sets of addresses that the policies in use ask, kept up to date pod by pod. */
export class MemberSets {
  readonly #sets: Map<string, AddressSet>
  readonly #active = new Map<string, MemberSet>()
  /** Names of sets for one namespace, and of those that look at several. */
  readonly #ofNamespace = new Map<string, Set<string>>()
  readonly #general = new Set<string>()
  readonly #endpoints = new Map<string, Endpoint>()
  readonly #byNamespace = new Map<string, Set<string>>()
  readonly #namespaces = new Map<string, Labels>()

  constructor(sets: Map<string, AddressSet>) {
    this.#sets = sets
  }

  endpoint(key: string): Endpoint | undefined {
    return this.#endpoints.get(key)
  }

  endpointsOf(namespace: string): Endpoint[] {
    return [...(this.#byNamespace.get(namespace) ?? [])].map(key => this.#endpoints.get(key)!)
  }

  /** A pod has come, has changed or has gone: only sets that select it, or did, are touched. */
  setEndpoint(key: string, endpoint: Endpoint | undefined): void {
    const namespace = key.slice(0, key.indexOf('/'))
    if (endpoint) {
      this.#endpoints.set(key, endpoint)
      addTo(this.#byNamespace, namespace, key)
    } else {
      this.#endpoints.delete(key)
      removeFrom(this.#byNamespace, namespace, key)
    }
    for (const name of this.#ofNamespace.get(namespace) ?? []) this.#renew(this.#active.get(name)!, key)
    for (const name of this.#general) this.#renew(this.#active.get(name)!, key)
  }

  /** A namespace has come, has other labels, or has gone. */
  setNamespace(name: string, labels: Labels | undefined): void {
    if (labels) this.#namespaces.set(name, labels)
    else this.#namespaces.delete(name)
    for (const set of this.#general)
      for (const key of this.#byNamespace.get(name) ?? []) this.#renew(this.#active.get(set)!, key)
  }

  /** Makes a set for a policy that asks it. */
  use(selector: MemberSelector): void {
    const known = this.#active.get(selector.name)
    if (known) {
      known.users++
      return
    }
    const addresses = new AddressSet(selector.name, selector.port ? 'hash:ip,port' : 'hash:net', setSize)
    const set: MemberSet = { selector, addresses, byPod: new Map(), counts: new Map(), users: 1 }
    this.#active.set(selector.name, set)
    this.#sets.set(selector.name, addresses)
    if (selector.namespace === undefined) this.#general.add(selector.name)
    else addTo(this.#ofNamespace, selector.namespace, selector.name)
    const keys = selector.namespace === undefined ? this.#endpoints.keys() : this.#byNamespace.get(selector.namespace)
    for (const key of keys ?? []) this.#renew(set, key)
  }

  /** Takes a set away when no policy asks it any more. */
  release({ name, namespace }: MemberSelector): void {
    const set = this.#active.get(name)
    if (!set || --set.users > 0) return
    this.#active.delete(name)
    this.#sets.delete(name)
    this.#general.delete(name)
    if (namespace !== undefined) removeFrom(this.#ofNamespace, namespace, name)
  }

  /** Takes away sets that nobody here has made. */
  sweep(): void {
    for (const name of [...this.#sets.keys()])
      if (/^cali40[sn]:/.test(name) && !this.#active.has(name)) this.#sets.delete(name)
  }

  #renew(set: MemberSet, key: string): void {
    const before = set.byPod.get(key) ?? []
    const after = this.#entriesOf(set.selector, this.#endpoints.get(key))
    if (before.length === 0 && after.length === 0) return
    if (after.length > 0) set.byPod.set(key, after)
    else set.byPod.delete(key)
    for (const entry of after) this.#count(set, entry, 1)
    for (const entry of before) this.#count(set, entry, -1)
  }

  #count(set: MemberSet, entry: SetEntry, change: 1 | -1): void {
    const key = `${entry.prefix.address} ${entry.protocol} ${entry.port}`
    const count = (set.counts.get(key) ?? 0) + change
    if (count === 0) {
      set.counts.delete(key)
      set.addresses.remove(entry)
    } else {
      set.counts.set(key, count)
      set.addresses.add(entry)
    }
  }

  #entriesOf(selector: MemberSelector, endpoint: Endpoint | undefined): SetEntry[] {
    if (!endpoint || !this.#selects(selector, endpoint)) return []
    const prefix = { address: endpoint.address, length: 32 }
    const { port } = selector
    if (!port) return [{ prefix }]
    return endpoint.ports
      .filter(each => each.name === port.name && each.protocol === port.protocol.toLowerCase())
      .map(each => ({ prefix, protocol: each.protocol, port: each.port }))
  }

  /** A set for one namespace is only ever asked about pods of that one. */
  #selects({ namespace, namespaces, pods }: MemberSelector, endpoint: Endpoint): boolean {
    if (namespace === undefined && !matchesSelector(namespaces, this.#namespaces.get(endpoint.namespace))) return false
    return matchesSelector(pods, endpoint.labels)
  }
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const found = sets.get(key)
  if (found) found.add(value)
  else sets.set(key, new Set([value]))
}

function removeFrom(sets: Map<string, Set<string>>, key: string, value: string): void {
  const found = sets.get(key)
  if (found?.delete(value) && found.size === 0) sets.delete(key)
}
