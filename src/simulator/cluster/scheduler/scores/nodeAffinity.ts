import type { PreferredSchedulingTerm } from 'kubernetes-types/core/v1'
import { matchesNodeTerm } from '../../api/nodeSelector.ts'
import { defineScore } from '../filter.ts'
import { scaleToHundred } from './normalize.ts'

/** Preferred node affinity: the weights of the terms that match. */
export const preferredNodes = defineScore<readonly PreferredSchedulingTerm[]>({
  name: 'NodeAffinity',
  weight: 2,
  prepare: pod => pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution,
  rate: (_, { node }, terms) =>
    terms.reduce((sum, { preference, weight }) => sum + (matchesNodeTerm(preference, node) ? weight : 0), 0),
  normalize: scaleToHundred,
})
