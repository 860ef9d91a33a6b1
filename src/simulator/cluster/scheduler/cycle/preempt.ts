import { matchesSelector } from '../../api/selector.ts'
import type { Client } from '../../client.ts'
import type { Pod } from '../../kinds/pod.ts'
import { podDisruptionBudget } from '../../kinds/podDisruptionBudget.ts'
import type { Matcher, NodeState, Refusal, Snapshot } from '../filter.ts'
import { requestsOf, subtract, weighedRequestsOf } from '../state/resources.ts'
import { type Fit, refusalOf } from './fit.ts'
import { countReasons } from './message.ts'

/** The pods that must go from a node so that a more important one fits. */
export interface Eviction {
  readonly on: NodeState
  readonly victims: readonly Pod[]
}

/** Looks for the node on which making room does the least harm, or says why there is none. */
export function findEviction(pod: Pod, fit: Fit, snapshot: Snapshot): Eviction | { readonly message: string } {
  if (pod.spec.preemptionPolicy === 'Never')
    return { message: 'preemption: not eligible due to preemptionPolicy=Never.' }
  const refusals = new Map<NodeState, Refusal>()
  const evictions: Candidate[] = []
  for (const [on, refusal] of fit.refusals) {
    const candidate = refusal.isHelpedByEviction
      ? candidateOn(on, pod, snapshot)
      : 'Preemption is not helpful for scheduling'
    if (typeof candidate === 'string') refusals.set(on, { reasons: [candidate] })
    else evictions.push(candidate)
  }
  const best = evictions.sort(compareHarm)[0]
  if (best) return best
  const nodes = snapshot.nodes.length
  return { message: `preemption: 0/${nodes} nodes are available: ${countReasons(refusals.values())}.` }
}

interface Candidate extends Eviction {
  readonly violations: number
}

function candidateOn(on: NodeState, pod: Pod, snapshot: Snapshot): Candidate | string {
  const lower = [...on.pods.values()].filter(other => priorityOf(other) < priorityOf(pod))
  if (lower.length === 0) return 'No preemption victims found for incoming pod'
  const refusal = refusalWithout(lower, on, pod, snapshot)
  if (refusal) return refusal.reasons[0] ?? 'Preemption is not helpful for scheduling'
  // The more important ones, and those that a disruption budget protects, may stay if there is room for them.
  const victims = new Set(lower)
  const budgets = new Budgets(snapshot.client)
  const violating = new Set(lower.filter(other => budgets.isViolatedBy(other)))
  const order = [...lower].sort(
    (a, b) =>
      Number(violating.has(b)) - Number(violating.has(a)) || priorityOf(b) - priorityOf(a) || compareStart(a, b),
  )
  for (const spared of order) {
    victims.delete(spared)
    if (refusalWithout([...victims], on, pod, snapshot)) victims.add(spared)
  }
  const sorted = [...victims].sort((a, b) => priorityOf(b) - priorityOf(a) || compareStart(a, b))
  return { on, victims: sorted, violations: sorted.filter(victim => violating.has(victim)).length }
}

function refusalWithout(victims: readonly Pod[], on: NodeState, pod: Pod, snapshot: Snapshot): Refusal | undefined {
  const imagined = without(on, victims)
  const nodes = snapshot.nodes.map(node => (node === on ? imagined : node))
  return refusalOf(pod, imagined, { client: snapshot.client, nodes })
}

function without(on: NodeState, victims: readonly Pod[]): NodeState {
  const pods = new Map(on.pods)
  const affine = new Map(on.affine)
  let { requested, weighed } = on
  for (const { metadata, spec } of victims) {
    pods.delete(metadata.uid)
    affine.delete(metadata.uid)
    requested = subtract(requested, requestsOf(spec))
    weighed = subtract(weighed, weighedRequestsOf(spec))
  }
  const { node, allocatable, images } = on
  const count = ({ matches }: Matcher) => [...pods.values()].filter(matches).length
  return { node, allocatable, images, pods, affine, requested, weighed, count }
}

/** Fewest broken budgets, then least important victims, then fewest of them, then those that run for the shortest time. */
function compareHarm(a: Candidate, b: Candidate): number {
  const highest = ({ victims }: Candidate) => Math.max(...victims.map(priorityOf))
  const sum = ({ victims }: Candidate) => victims.reduce((total, victim) => total + priorityOf(victim), 0)
  return (
    a.violations - b.violations ||
    highest(a) - highest(b) ||
    sum(a) - sum(b) ||
    a.victims.length - b.victims.length ||
    compareStart(b.victims[0]!, a.victims[0]!)
  )
}

function compareStart(a: Pod, b: Pod): number {
  const [first, second] = [a.status?.startTime ?? '', b.status?.startTime ?? '']
  return first < second ? -1 : first > second ? 1 : 0
}

function priorityOf({ spec }: Pod): number {
  return spec.priority ?? 0
}

/** What disruption budgets still allow, while victims are counted off. */
class Budgets {
  readonly #client: Client
  readonly #left = new Map<string, number>()

  constructor(client: Client) {
    this.#client = client
  }

  isViolatedBy({ metadata }: Pod): boolean {
    let isViolated = false
    for (const { metadata: own, spec, status } of this.#client.list(podDisruptionBudget, {
      namespace: metadata.namespace!,
    })) {
      if (!matchesSelector(spec?.selector, metadata.labels)) continue
      const left = (this.#left.get(own.uid) ?? status?.disruptionsAllowed ?? 0) - 1
      this.#left.set(own.uid, left)
      if (left < 0) isViolated = true
    }
    return isViolated
  }
}
