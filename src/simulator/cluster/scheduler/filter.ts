import type { Client } from '../client.ts'
import type { Node } from '../kinds/node.ts'
import type { Pod } from '../kinds/pod.ts'
import type { Resources } from './state/resources.ts'

/** A node as the scheduler sees it: with what runs on it. */
export interface NodeState {
  readonly node: Node
  readonly pods: ReadonlyMap<string, Pod>
  /** Those of the pods that want to be near to others, or far. */
  readonly affine: ReadonlyMap<string, Pod>
  /** The sizes of the images that are here, by every name. */
  readonly images: ReadonlyMap<string, number>
  readonly allocatable: Resources
  readonly requested: Resources
  /** Like `requested`, where pods that ask for nothing count a little, so that they spread too. */
  readonly weighed: Resources
  /** How many of the pods match, remembered until one of them comes, goes or changes its labels. */
  count(matcher: Matcher): number
}

/** A question about pods. */
export interface Matcher {
  /** Equal for equal questions. */
  readonly key: string
  matches(pod: Pod): boolean
}

/** Everything a decision is based on. */
export interface Snapshot {
  readonly client: Client
  readonly nodes: readonly NodeState[]
}

/** Why a node cannot take a pod. */
export interface Refusal {
  readonly reasons: readonly string[]
  /** Whether it would help to take other pods away. */
  readonly isHelpedByEviction?: boolean
}

/** What a filter finds out about a pod before it looks at nodes. */
export interface Preparation<Prepared> {
  /** Nothing to check for this pod. */
  readonly skip?: boolean
  /** No node at all can take the pod, for this reason. */
  readonly refusal?: string
  /** Only nodes of these names come into question. */
  readonly only?: ReadonlySet<string>
  readonly prepared?: Prepared
}

/** Decides whether a node can take a pod. */
export interface Filter<Prepared = unknown> {
  readonly name: string
  prepare?(pod: Pod, snapshot: Snapshot): Preparation<Prepared>
  check(pod: Pod, on: NodeState, prepared: Prepared): Refusal | undefined
}

/** Says how well a node suits a pod: 0 to 100 after `normalize`, times the weight. */
export interface Score<Prepared = unknown> {
  readonly name: string
  readonly weight: number
  /** Undefined means that it has nothing to say about this pod. */
  prepare?(pod: Pod, candidates: readonly NodeState[], snapshot: Snapshot): Prepared | undefined
  rate(pod: Pod, on: NodeState, prepared: Prepared): number
  normalize?(ratings: readonly number[], prepared: Prepared): number[]
}

/** Gives a filter's preparation its type for the compiler. */
export function defineFilter<Prepared>(filter: Filter<Prepared>): Filter {
  return filter as Filter
}

export function defineScore<Prepared>(score: Score<Prepared>): Score {
  return score as Score
}
