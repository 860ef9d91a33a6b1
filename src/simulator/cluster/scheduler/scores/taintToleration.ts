import { tolerates } from '../../api/toleration.ts'
import { defineScore } from '../filter.ts'
import { invertToHundred } from './normalize.ts'

/** Taints that only ask to stay away count against a node. */
export const softTaints = defineScore<true>({
  name: 'TaintToleration',
  weight: 3,
  prepare: () => true,
  rate: (pod, { node }) =>
    (node.spec?.taints ?? []).filter(
      taint => taint.effect === 'PreferNoSchedule' && !tolerates(pod.spec.tolerations, taint),
    ).length,
  normalize: invertToHundred,
})
