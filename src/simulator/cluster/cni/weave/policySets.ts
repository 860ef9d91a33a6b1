import { formatPrefix } from '../../../network/address.ts'
import { AddressSet, type SetEntry } from '../../../network/netfilter/addressSet.ts'
import type { Protocol } from '../../../network/packet.ts'
import { matchesSelector } from '../../api/selector.ts'
import type { SetDescription } from './policyRules.ts'

const setTypes = { pods: 'hash:ip', ports: 'hash:ip,port', ranges: 'hash:net' } as const

type Labels = Readonly<Record<string, string>>

/** A pod as policies see it. */
export interface PolicyPod {
  readonly namespace: string
  readonly labels: Labels
  readonly address: number
  readonly ports: readonly { readonly name: string; readonly protocol: string; readonly port: number }[]
}

/** The sets of addresses that the rules of policies ask. */
export class PolicySets {
  readonly #sets: Map<string, AddressSet>
  readonly #own = new Map<string, ReadonlyMap<string, SetEntry>>()

  constructor(sets: Map<string, AddressSet>) {
    this.#sets = sets
  }

  /** Gives every set its members, and touches only what has changed. */
  fill(
    wanted: ReadonlyMap<string, SetDescription>,
    pods: readonly PolicyPod[],
    namespaces: ReadonlyMap<string, Labels>,
  ): void {
    for (const [name, description] of wanted) {
      let set = this.#sets.get(name)
      if (!set) {
        set = new AddressSet(name, setTypes[description.kind])
        this.#sets.set(name, set)
      }
      const entries = membersOf(description, pods, namespaces)
      const members = new Map(
        entries.map(entry => [`${formatPrefix(entry.prefix)} ${entry.protocol} ${entry.port}`, entry]),
      )
      const before = this.#own.get(name) ?? new Map<string, SetEntry>()
      for (const [key, entry] of members) if (!before.has(key)) set.add(entry)
      for (const [key, entry] of before) if (!members.has(key)) set.remove(entry)
      this.#own.set(name, members)
    }
  }

  /** Takes sets away that no rule asks any more. */
  forgetOthers(wanted: ReadonlyMap<string, SetDescription>): void {
    for (const name of this.#own.keys()) {
      if (wanted.has(name)) continue
      this.#own.delete(name)
      this.#sets.delete(name)
    }
  }
}

function membersOf(
  description: SetDescription,
  pods: readonly PolicyPod[],
  namespaces: ReadonlyMap<string, Labels>,
): readonly SetEntry[] {
  if (description.kind === 'ranges') return description.ranges.map(prefix => ({ prefix }))
  if (description.kind === 'ports') {
    const protocol = description.protocol as Protocol
    return pods.flatMap(({ address, ports }) =>
      ports
        .filter(each => each.name === description.name && each.protocol === protocol)
        .map(({ port }) => ({ prefix: { address, length: 32 }, protocol, port })),
    )
  }
  const { namespace, namespaces: selector, pods: selected, exceptions } = description
  return pods
    .filter(
      pod =>
        (namespace === undefined
          ? matchesSelector(selector, namespaces.get(pod.namespace))
          : pod.namespace === namespace) &&
        matchesSelector(selected, pod.labels) &&
        !exceptions?.some(each => matchesSelector(each, pod.labels)),
    )
    .map(({ address }) => ({ prefix: { address, length: 32 } }))
}
