import type { DaemonSet } from '../../kinds/daemonSet.ts'
import type { Pod } from '../../kinds/pod.ts'
import { portion } from '../pods/portion.ts'
import { isAvailable } from '../pods/state.ts'

/** What a rolling update does next: nodes that get a second, new pod, and old pods that go. */
export interface Replacement {
  readonly create: readonly string[]
  readonly remove: readonly Pod[]
}

/** Takes old pods away while no more than `maxUnavailable` nodes lack a working one, or puts new ones beside them. */
export function podsToReplace(
  set: DaemonSet,
  nodes: readonly string[],
  existing: ReadonlyMap<string, readonly Pod[]>,
  isNew: (member: Pod) => boolean,
  now: number,
): Replacement {
  const { rollingUpdate } = set.spec.updateStrategy ?? {}
  const surge = portion((rollingUpdate as { maxSurge?: number | string } | undefined)?.maxSurge ?? 0, nodes.length)
  const works = (member: Pod) => isAvailable(member, set.spec.minReadySeconds ?? 0, now)
  return surge > 0
    ? withSurge(surge, nodes, existing, isNew, works)
    : withGap(portion(rollingUpdate?.maxUnavailable ?? 1, nodes.length), nodes, existing, isNew, works)
}

function withGap(
  maxUnavailable: number,
  nodes: readonly string[],
  existing: ReadonlyMap<string, readonly Pod[]>,
  isNew: (member: Pod) => boolean,
  works: (member: Pod) => boolean,
): Replacement {
  const broken: Pod[] = []
  const working: Pod[] = []
  let unavailable = 0
  for (const name of nodes) {
    const here = existing.get(name) ?? []
    const [fresh, old] = [here.find(isNew), here.find(member => !isNew(member))]
    if (fresh) {
      if (!works(fresh) || fresh.metadata.deletionTimestamp) unavailable++
    } else if (!old || old.metadata.deletionTimestamp) unavailable++
    else if (works(old)) working.push(old)
    else {
      broken.push(old)
      unavailable++
    }
  }
  return { create: [], remove: [...broken, ...working.slice(0, Math.max(0, maxUnavailable - unavailable))] }
}

function withSurge(
  maxSurge: number,
  nodes: readonly string[],
  existing: ReadonlyMap<string, readonly Pod[]>,
  isNew: (member: Pod) => boolean,
  works: (member: Pod) => boolean,
): Replacement {
  const broken: string[] = []
  const working: string[] = []
  const remove: Pod[] = []
  let surging = 0
  for (const name of nodes) {
    const here = (existing.get(name) ?? []).filter(({ metadata }) => !metadata.deletionTimestamp)
    const [fresh, old] = [here.find(isNew), here.find(member => !isNew(member))]
    if (!old) continue
    if (!fresh) (works(old) ? working : broken).push(name)
    else if (works(fresh)) remove.push(old)
    else surging++
  }
  return { create: [...broken, ...working.slice(0, Math.max(0, maxSurge - surging))], remove }
}
