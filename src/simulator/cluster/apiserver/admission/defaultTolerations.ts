import { type Pod, pod, type Toleration } from '../../kinds/pod.ts'
import type { Admission } from './admission.ts'

const tolerationSeconds = 300

/** Pods stay for five minutes on a node that is not ready or cannot be reached. */
export const defaultTolerations: Admission = {
  name: 'DefaultTolerationSeconds',
  on: ['create', 'update'],
  handles: kind => kind === pod,
  admit({ object }) {
    const { spec } = object as Pod
    const tolerations = spec.tolerations ?? []
    const missing = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].filter(
      key => !tolerations.some(toleration => tolerates(toleration, key)),
    )
    if (missing.length === 0) return
    spec.tolerations = [
      ...tolerations,
      ...missing.map(key => ({ key, operator: 'Exists' as const, effect: 'NoExecute' as const, tolerationSeconds })),
    ]
  },
}

function tolerates({ key, effect }: Toleration, taint: string): boolean {
  return (!key || key === taint) && (!effect || effect === 'NoExecute')
}
