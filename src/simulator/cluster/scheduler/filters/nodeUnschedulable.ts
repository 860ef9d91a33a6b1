import { tolerates } from '../../api/toleration.ts'
import { defineFilter } from '../filter.ts'

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

/** A cordoned node takes no new pods. */
export const nodeUnschedulable = defineFilter({
  name: 'NodeUnschedulable',
  check(pod, { node }) {
    if (!node.spec?.unschedulable || tolerates(pod.spec.tolerations, taint)) return undefined
    return { reasons: ['node(s) were unschedulable'] }
  },
})
