import { isEqual } from '../../api/equality.ts'
import { ApiError } from '../../api/error.ts'
import { type Pod, pod } from '../../kinds/pod.ts'
import { type RuntimeClass, runtimeClass } from '../../kinds/runtimeClass.ts'
import { type Admission, nameOf } from './admission.ts'

/** Gives a pod what its runtime class costs, and keeps it to the nodes that have it. */
export const runtimeClasses: Admission = {
  name: 'RuntimeClass',
  on: ['create'],
  handles: kind => kind === pod,
  admit({ object, store }) {
    const { spec } = object as Pod
    const name = spec.runtimeClassName
    if (!name) {
      if (spec.overhead) refuse(object as Pod, 'Pod Overhead set without corresponding RuntimeClass defined Overhead')
      return
    }
    const found = store.find(runtimeClass, undefined, name) as RuntimeClass | undefined
    if (!found) refuse(object as Pod, `RuntimeClass "${name}" not found`)
    const { overhead, scheduling } = found!
    const fixed = overhead?.podFixed
    if (spec.overhead && !isEqual(spec.overhead, fixed))
      refuse(object as Pod, "Pod's Overhead doesn't match RuntimeClass's defined Overhead")
    if (fixed) spec.overhead = fixed
    for (const [key, value] of Object.entries(scheduling?.nodeSelector ?? {})) {
      const own = spec.nodeSelector?.[key]
      if (own !== undefined && own !== value)
        refuse(
          object as Pod,
          `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`,
        )
      spec.nodeSelector = { ...spec.nodeSelector, [key]: value }
    }
    const missing = (scheduling?.tolerations ?? []).filter(one => !spec.tolerations?.some(own => isEqual(own, one)))
    if (missing.length > 0) spec.tolerations = [...(spec.tolerations ?? []), ...missing]
  },
}

function refuse(object: Pod, why: string): never {
  throw ApiError.forbidden(pod, nameOf(object), `pod rejected: ${why}`)
}
