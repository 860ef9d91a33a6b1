import { defineFilter } from '../filter.ts'
import { tolerates } from '../match/tolerations.ts'

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

/** A cordoned node takes no new pods. */
export const nodeUnschedulable = defineFilter({
  name: 'NodeUnschedulable',
  check(pod, { node }) {
    if (!node.spec?.unschedulable || tolerates(pod, taint)) return undefined
    return { reasons: ['node(s) were unschedulable'] }
  },
})
