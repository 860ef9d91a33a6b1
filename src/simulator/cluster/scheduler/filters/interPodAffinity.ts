import type { Client } from '../../client.ts'
import type { Pod } from '../../kinds/pod.ts'
import { defineFilter, type NodeState, type Snapshot } from '../filter.ts'
import { readTerm, type Term } from '../match/podAffinity.ts'

interface Prepared {
  readonly affinity: readonly Term[]
  readonly antiAffinity: readonly Term[]
  /** How many pods match all affinity terms, by `key=value` of a term's topology. */
  readonly friends: ReadonlyMap<string, number>
  readonly enemies: ReadonlyMap<string, number>
  /** Places in which another pod does not want this one. */
  readonly refused: ReadonlyMap<string, number>
}

/** Required affinity and anti-affinity between pods, in both directions. */
export const interPodAffinity = defineFilter<Prepared>({
  name: 'InterPodAffinity',
  prepare(pod, snapshot) {
    const affinity = requiredTerms(pod, 'podAffinity', snapshot.client)
    const antiAffinity = requiredTerms(pod, 'podAntiAffinity', snapshot.client)
    const refused = placesThatRefuse(pod, snapshot)
    if (affinity.length === 0 && antiAffinity.length === 0 && refused.size === 0) return { skip: true }
    const friends = countPlaces(snapshot, affinity, other => affinity.every(term => term.matches(other)))
    const enemies = new Map<string, number>()
    for (const term of antiAffinity)
      for (const [place, count] of countPlaces(snapshot, [term], term.matches)) enemies.set(place, count)
    return { prepared: { affinity, antiAffinity, friends, enemies, refused } }
  },
  check(pod, { node }, { affinity, antiAffinity, friends, enemies, refused }) {
    const labels = node.metadata.labels ?? {}
    const place = ({ topologyKey }: Term) => `${topologyKey}=${labels[topologyKey]}`
    const hasKeys = affinity.every(({ topologyKey }) => topologyKey in labels)
    const isNearFriends = hasKeys && affinity.every(term => friends.has(place(term)))
    // The first of a group that wants to be together finds no friend yet: it may be its own.
    const isFirst = hasKeys && friends.size === 0 && affinity.every(term => term.matches(pod))
    if (affinity.length > 0 && !isNearFriends && !isFirst)
      return { reasons: ["node(s) didn't match pod affinity rules"] }
    if (antiAffinity.some(term => term.topologyKey in labels && enemies.has(place(term))))
      return { reasons: ["node(s) didn't match pod anti-affinity rules"], isHelpedByEviction: true }
    if (Object.entries(labels).some(([key, value]) => refused.has(`${key}=${value}`)))
      return { reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"], isHelpedByEviction: true }
    return undefined
  },
})

function requiredTerms(pod: Pod, kind: 'podAffinity' | 'podAntiAffinity', client: Client): Term[] {
  const terms = pod.spec.affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? []
  return terms.map(term => readTerm(term, pod, client))
}

function placesThatRefuse(pod: Pod, { nodes, client }: Snapshot): Map<string, number> {
  const places = new Map<string, number>()
  for (const on of nodes)
    for (const other of on.affine.values())
      for (const term of requiredTerms(other, 'podAntiAffinity', client))
        if (term.matches(pod)) countPlace(places, on, term)
  return places
}

function countPlaces(
  { nodes }: Snapshot,
  terms: readonly Term[],
  matches: (other: Pod) => boolean,
): Map<string, number> {
  const places = new Map<string, number>()
  if (terms.length === 0) return places
  for (const on of nodes)
    for (const other of on.pods.values()) if (matches(other)) for (const term of terms) countPlace(places, on, term)
  return places
}

function countPlace(places: Map<string, number>, { node }: NodeState, { topologyKey }: Term): void {
  const value = node.metadata.labels?.[topologyKey]
  if (value === undefined) return
  const place = `${topologyKey}=${value}`
  places.set(place, (places.get(place) ?? 0) + 1)
}
