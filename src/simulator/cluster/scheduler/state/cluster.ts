import { isEqual } from '../../api/equality.ts'
import type { Change, Client } from '../../client.ts'
import { type Node, node } from '../../kinds/node.ts'
import { type Pod, pod } from '../../kinds/pod.ts'
import type { Matcher, NodeState, Snapshot } from '../filter.ts'
import { add, type Resources, readResources, requestsOf, subtract, weighedRequestsOf } from './resources.ts'

/** What may let a waiting pod fit: room or a better node, or a pod that others want to be near to. */
export type Relief = 'nodeChanged' | 'podGone' | 'podMoved'

/** Follows nodes and the pods on them, so that a decision needs no look at everything. */
export class ClusterState implements Snapshot {
  readonly client: Client
  readonly #nodes = new Map<string, Place>()
  readonly #onRelief: (relief: Relief) => void
  #known: readonly NodeState[] | undefined

  constructor(client: Client, onRelief: (relief: Relief) => void) {
    this.client = client
    this.#onRelief = onRelief
    client.watch(node, change => this.#followNode(change))
    client.watch(pod, change => this.#followPod(change))
  }

  get nodes(): readonly NodeState[] {
    this.#known ??= [...this.#nodes.values()].filter(place => place.isKnown)
    return this.#known
  }

  /** Counts a pod as if it were on a node already; the next change of the pod itself decides. */
  assume(pod: Pod, nodeName: string): void {
    this.#place(nodeName).put(pod)
  }

  forget(pod: Pod, nodeName: string): void {
    if (this.#place(nodeName).remove(pod)) this.#onRelief('podGone')
  }

  #followNode({ type, object, previous }: Change<Node>): void {
    const { name } = object.metadata
    if (type === 'DELETED') {
      const place = this.#nodes.get(name)
      if (place) place.isKnown = false
      this.#known = undefined
      return
    }
    if (this.#place(name).follow(object)) this.#known = undefined
    if (!previous || isBetter(object, previous)) this.#onRelief('nodeChanged')
  }

  #followPod({ type, object, previous }: Change<Pod>): void {
    const { nodeName } = object.spec
    if (!nodeName) return
    const isGone = type === 'DELETED' || object.status?.phase === 'Succeeded' || object.status?.phase === 'Failed'
    const place = this.#place(nodeName)
    if (isGone) {
      if (place.remove(object)) this.#onRelief('podGone')
    } else if (place.put(object)) this.#onRelief('podMoved')
    else if (previous && changesOthers(object, previous)) this.#onRelief('podMoved')
  }

  #place(name: string): Place {
    const place = this.#nodes.get(name) ?? new Place()
    this.#nodes.set(name, place)
    return place
  }
}

function isBetter(now: Node, before: Node): boolean {
  return (
    !isEqual(now.metadata.labels, before.metadata.labels) ||
    !isEqual(now.spec, before.spec) ||
    !isEqual(now.status?.allocatable, before.status?.allocatable)
  )
}

function changesOthers(now: Pod, before: Pod): boolean {
  return (
    now.metadata.labels !== before.metadata.labels ||
    now.metadata.deletionTimestamp !== before.metadata.deletionTimestamp
  )
}

function isAffine({ spec }: Pod): boolean {
  return spec.affinity?.podAffinity !== undefined || spec.affinity?.podAntiAffinity !== undefined
}

/** Images of Docker's library also go by their short names. */
function imagesOf({ status }: Node): Map<string, number> {
  const sizes = new Map<string, number>()
  for (const { names = [], sizeBytes = 0 } of status?.images ?? [])
    for (const name of names)
      for (const known of [name, name.replace(/^docker\.io\//, ''), name.replace(/^docker\.io\/library\//, '')])
        sizes.set(known, sizeBytes)
  return sizes
}

/** A node and the sums over its pods, kept up to date. */
class Place implements NodeState {
  isKnown = false
  node!: Node
  readonly pods = new Map<string, Pod>()
  allocatable: Resources = new Map()
  readonly affine = new Map<string, Pod>()
  images: ReadonlyMap<string, number> = new Map()
  requested: Resources = new Map()
  weighed: Resources = new Map()
  readonly #counts = new Map<string, number>()

  /** Whether the node is new. */
  follow(current: Node): boolean {
    const before = this.isKnown ? this.node : undefined
    if (!before || !isEqual(current.status?.allocatable, before.status?.allocatable))
      this.allocatable = readResources(current.status?.allocatable)
    if (!before || !isEqual(current.status?.images, before.status?.images)) this.images = imagesOf(current)
    this.node = current
    this.isKnown = true
    return before === undefined
  }

  count({ key, matches }: Matcher): number {
    let count = this.#counts.get(key)
    if (count !== undefined) return count
    count = 0
    for (const member of this.pods.values()) if (matches(member)) count++
    this.#counts.set(key, count)
    return count
  }

  /** Whether the pod is new here. */
  put(member: Pod): boolean {
    const { uid } = member.metadata
    const before = this.pods.get(uid)
    this.pods.set(uid, member)
    if (!before || changesOthers(member, before)) this.#counts.clear()
    if (isAffine(member)) this.affine.set(uid, member)
    if (before && (before.spec === member.spec || isEqual(before.spec, member.spec))) return false
    if (before) this.#discount(before)
    this.requested = add(this.requested, requestsOf(member.spec))
    this.weighed = add(this.weighed, weighedRequestsOf(member.spec))
    return !before
  }

  remove(member: Pod): boolean {
    const before = this.pods.get(member.metadata.uid)
    if (!before) return false
    this.pods.delete(member.metadata.uid)
    this.affine.delete(member.metadata.uid)
    this.#counts.clear()
    this.#discount(before)
    return true
  }

  #discount({ spec }: Pod): void {
    this.requested = subtract(this.requested, requestsOf(spec))
    this.weighed = subtract(this.weighed, weighedRequestsOf(spec))
  }
}
