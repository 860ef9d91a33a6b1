import type { PreferredSchedulingTerm } from 'kubernetes-types/core/v1'
import { defineScore } from '../filter.ts'
import { matchesTerm } from '../match/nodeAffinity.ts'
import { scaleToHundred } from './normalize.ts'

/** Preferred node affinity: the weights of the terms that match. */
export const preferredNodes = defineScore<readonly PreferredSchedulingTerm[]>({
  name: 'NodeAffinity',
  weight: 2,
  prepare: pod => pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution,
  rate: (_, { node }, terms) =>
    terms.reduce((sum, { preference, weight }) => sum + (matchesTerm(preference, node) ? weight : 0), 0),
  normalize: scaleToHundred,
})
