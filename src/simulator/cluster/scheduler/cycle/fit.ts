import type { Pod } from '../../kinds/pod.ts'
import type { Filter, NodeState, Preparation, Refusal, Snapshot } from '../filter.ts'
import { filters } from '../filters/registry.ts'

/** Which nodes can take a pod, and why the others cannot. */
export interface Fit {
  readonly feasible: readonly NodeState[]
  readonly refusals: ReadonlyMap<NodeState, Refusal>
  /** Why no node was looked at. */
  readonly refusal?: string
  readonly rejectedBy: ReadonlySet<Filter>
}

type Prepared = readonly (readonly [Filter, unknown])[]

/** Holds a pod against every node. */
export function findFit(pod: Pod, snapshot: Snapshot): Fit {
  const preparations = filters.map(filter => [filter, filter.prepare?.(pod, snapshot) ?? {}] as const)
  for (const [filter, { refusal }] of preparations)
    if (refusal !== undefined) return { feasible: [], refusals: new Map(), refusal, rejectedBy: new Set([filter]) }
  const prepared = preparedFilters(preparations)
  const feasible: NodeState[] = []
  const refusals = new Map<NodeState, Refusal>()
  const rejectedBy = new Set<Filter>()
  for (const on of snapshot.nodes) {
    const excluding = preparations.find(([, { only }]) => only && !only.has(on.node.metadata.name))
    if (excluding) {
      refusals.set(on, { reasons: [] })
      rejectedBy.add(excluding[0])
      continue
    }
    const found = firstRefusal(pod, on, prepared)
    if (!found) feasible.push(on)
    else {
      refusals.set(on, found.refusal)
      rejectedBy.add(found.filter)
    }
  }
  return { feasible, refusals, rejectedBy }
}

/** Why one node refuses a pod, in a situation that may be imagined. */
export function refusalOf(pod: Pod, on: NodeState, snapshot: Snapshot): Refusal | undefined {
  const preparations = filters.map(filter => [filter, filter.prepare?.(pod, snapshot) ?? {}] as const)
  return firstRefusal(pod, on, preparedFilters(preparations))?.refusal
}

function preparedFilters(preparations: readonly (readonly [Filter, Preparation<unknown>])[]): Prepared {
  return preparations.filter(([, { skip }]) => !skip).map(([filter, { prepared }]) => [filter, prepared] as const)
}

function firstRefusal(
  pod: Pod,
  on: NodeState,
  prepared: Prepared,
): { readonly filter: Filter; readonly refusal: Refusal } | undefined {
  for (const [filter, state] of prepared) {
    const refusal = filter.check(pod, on, state)
    if (refusal) return { filter, refusal }
  }
  return undefined
}
