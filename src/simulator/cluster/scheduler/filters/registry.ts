import type { Filter } from '../filter.ts'
import { interPodAffinity } from './interPodAffinity.ts'
import { nodeAffinity } from './nodeAffinity.ts'
import { nodeName } from './nodeName.ts'
import { nodePorts } from './nodePorts.ts'
import { nodeResources } from './nodeResources.ts'
import { nodeUnschedulable } from './nodeUnschedulable.ts'
import { taintToleration } from './taintToleration.ts'
import { topologySpread } from './topologySpread.ts'
import { volumeRestrictions } from './volumeRestrictions.ts'
import { volumes } from './volumes.ts'

/** Every filter in the order in which a node is held against them: the first refusal is the one that is told. */
export const filters: readonly Filter[] = [
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResources,
  volumeRestrictions,
  volumes,
  topologySpread,
  interPodAffinity,
]
