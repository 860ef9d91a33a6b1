import { tolerates } from '../../api/toleration.ts'
import { defineFilter } from '../filter.ts'

/** A taint keeps away the pods that do not tolerate it. */
export const taintToleration = defineFilter({
  name: 'TaintToleration',
  check(pod, { node }) {
    const repels = node.spec?.taints?.some(
      taint =>
        (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') && !tolerates(pod.spec.tolerations, taint),
    )
    return repels ? { reasons: ['node(s) had untolerated taint(s)'] } : undefined
  },
})
