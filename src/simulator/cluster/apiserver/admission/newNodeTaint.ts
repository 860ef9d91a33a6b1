import { type Node, node } from '../../kinds/node.ts'
import type { Admission } from './admission.ts'

const key = 'node.kubernetes.io/not-ready'

/** Nobody is sent to a new node before it has said that it is ready. */
export const newNodeTaint: Admission = {
  name: 'TaintNodesByCondition',
  on: ['create'],
  handles: kind => kind === node,
  admit({ object }) {
    const joined = object as Node
    joined.spec ??= {}
    const taints = joined.spec.taints ?? []
    if (!taints.some(taint => taint.key === key && taint.effect === 'NoSchedule'))
      joined.spec.taints = [...taints, { key, effect: 'NoSchedule' }]
  },
}
