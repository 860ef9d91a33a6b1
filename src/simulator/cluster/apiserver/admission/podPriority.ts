import { ApiError } from '../../api/error.ts'
import { type Pod, pod } from '../../kinds/pod.ts'
import { type PriorityClass, priorityClass } from '../../kinds/priorityClass.ts'
import type { Store } from '../store.ts'
import { type Admission, nameOf } from './admission.ts'

/** Turns the name of a priority class into a number. */
export const podPriority: Admission = {
  name: 'Priority',
  on: ['create'],
  handles: kind => kind === pod,
  admit({ object, store }) {
    const { spec } = object as Pod
    const name = spec.priorityClassName
    const found = name ? (store.find(priorityClass, undefined, name) as PriorityClass | undefined) : standard(store)
    if (name && !found) throw ApiError.forbidden(pod, nameOf(object), `no PriorityClass with name ${name} was found`)
    const priority = found?.value ?? 0
    if (spec.priority !== undefined && spec.priority !== priority) {
      const why = `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`
      throw ApiError.forbidden(pod, nameOf(object), why)
    }
    if (found && !name) spec.priorityClassName = found.metadata.name
    spec.priority = priority
    spec.preemptionPolicy ??= found?.preemptionPolicy ?? 'PreemptLowerPriority'
  },
}

function standard(store: Store): PriorityClass | undefined {
  for (const { object } of store.storage.collection(priorityClass).entries())
    if ((object as PriorityClass).globalDefault) return object as PriorityClass
  return undefined
}
