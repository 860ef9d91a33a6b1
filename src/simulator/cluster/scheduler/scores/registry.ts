import type { Score } from '../filter.ts'
import { balancedAllocation } from './balancedAllocation.ts'
import { imageLocality } from './imageLocality.ts'
import { preferredNeighbours } from './interPodAffinity.ts'
import { preferredNodes } from './nodeAffinity.ts'
import { leastAllocated } from './nodeResources.ts'
import { softTaints } from './taintToleration.ts'
import { spreadEvenly } from './topologySpread.ts'

/** Everything that makes one node better than another. */
export const scores: readonly Score[] = [
  softTaints,
  preferredNodes,
  leastAllocated,
  spreadEvenly,
  preferredNeighbours,
  balancedAllocation,
  imageLocality,
]
