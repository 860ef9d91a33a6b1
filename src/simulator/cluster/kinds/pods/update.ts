import type { PodSpec, Toleration } from 'kubernetes-types/core/v1'
import { isEqual } from '../../api/equality.ts'
import { type FieldError, forbidden, invalid } from '../../api/fieldError.ts'
import { unifiedDiff } from '../../api/unifiedDiff.ts'
import { internalLines } from './internalForm.ts'
import { checkDeadline } from './podSpec.ts'

const text =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

/** What is wrong with changing a pod that exists: nearly everything but images stays as it is. */
export function validatePodUpdate(next: PodSpec, previous: PodSpec, errors: FieldError[]): void {
  if (next.containers.length !== previous.containers.length) {
    errors.push(forbidden('spec.containers', 'pod updates may not add or remove containers'))
    return
  }
  if ((next.initContainers ?? []).length !== (previous.initContainers ?? []).length) {
    errors.push(forbidden('spec.initContainers', 'pod updates may not add or remove containers'))
    return
  }
  checkDeadlineChange(next.activeDeadlineSeconds, previous.activeDeadlineSeconds, errors)
  validateTolerationChange(next.tolerations ?? [], previous.tolerations ?? [], errors)
  const changed = withOldFreedoms(next, previous)
  if (isEqual(changed, previous)) return
  const difference = unifiedDiff(internalLines(previous), internalLines(changed))
  errors.push(forbidden('spec', `${text}\n${difference}`))
}

function checkDeadlineChange(next: number | undefined, previous: number | undefined, errors: FieldError[]): void {
  if (next === undefined) {
    if (previous !== undefined)
      errors.push(invalid('spec.activeDeadlineSeconds', next, 'must not update from a positive integer to nil value'))
    return
  }
  checkDeadline(next, 0, 'spec', errors)
  if (previous !== undefined && next > previous)
    errors.push(invalid('spec.activeDeadlineSeconds', next, 'must be less than or equal to previous value'))
}

/** Tolerations may be added, and may hold for longer or shorter. */
function validateTolerationChange(
  next: readonly Toleration[],
  previous: readonly Toleration[],
  errors: FieldError[],
): void {
  const withoutTime = ({ tolerationSeconds: _, ...rest }: Toleration): Omit<Toleration, 'tolerationSeconds'> => rest
  const isKept = previous.every(old => next.some(item => isEqual(withoutTime(item), withoutTime(old))))
  if (!isKept)
    errors.push(forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'))
}

/** The new spec with everything that may change put back. */
function withOldFreedoms(next: PodSpec, previous: PodSpec): PodSpec {
  const spec: PodSpec = {
    ...next,
    containers: next.containers.map((container, index) => withImage(container, previous.containers[index]?.image)),
  }
  if (next.initContainers)
    spec.initContainers = next.initContainers.map((container, index) =>
      withImage(container, previous.initContainers?.[index]?.image),
    )
  restore(spec, previous, 'activeDeadlineSeconds')
  restore(spec, previous, 'tolerations')
  restore(spec, previous, 'ephemeralContainers')
  if (previous.terminationGracePeriodSeconds! < 0 && next.terminationGracePeriodSeconds === 1)
    restore(spec, previous, 'terminationGracePeriodSeconds')
  if (previous.schedulingGates) restore(spec, previous, 'schedulingGates')
  return spec
}

function withImage<T extends { image?: string }>(container: T, image: string | undefined): T {
  return image === undefined ? container : { ...container, image }
}

function restore<K extends keyof PodSpec>(spec: PodSpec, previous: PodSpec, field: K): void {
  if (previous[field] === undefined) delete spec[field]
  else spec[field] = previous[field]
}
