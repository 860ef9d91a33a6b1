import type { PodSpec, SeccompProfile } from 'kubernetes-types/core/v1'
import { type FieldError, forbidden, invalid } from '../../api/fieldError.ts'
import { checkDescendingPath } from './paths.ts'

type Annotations = Readonly<Record<string, string>>

const mirror = 'kubernetes.io/config.mirror'
const podSeccomp = 'seccomp.security.alpha.kubernetes.io/pod'
const containerSeccomp = 'container.seccomp.security.alpha.kubernetes.io/'
const appArmor = 'container.apparmor.security.beta.kubernetes.io/'

/** What is wrong with annotations that mean something for pods (ValidatePodSpecificAnnotations in pkg/apis/core/validation). */
export function validatePodAnnotations(
  annotations: Annotations,
  spec: PodSpec,
  path: string,
  errors: FieldError[],
): void {
  if (annotations[mirror] !== undefined && !spec.nodeName)
    errors.push(
      invalid(`${path}[${mirror}]`, annotations[mirror], 'must set spec.nodeName if mirror pod annotation is set'),
    )
  for (const [key, value] of Object.entries(annotations)) {
    if (key === podSeccomp || key.startsWith(containerSeccomp))
      for (const text of checkSeccomp(value))
        errors.push(invalid(`${path}.${key}`, value.replace(/^localhost\//, ''), text))
    if (!key.startsWith(appArmor)) continue
    const name = key.slice(appArmor.length)
    if (!containersOf(spec).some(({ container }) => container.name === name))
      errors.push(invalid(`${path}[${key}]`, name, 'container not found'))
    if (!/^(|runtime\/default|unconfined|localhost\/.*)$/.test(value))
      errors.push(invalid(`${path}[${key}]`, value, `invalid AppArmor profile name: ${JSON.stringify(value)}`))
  }
}

/** Profiles may be named in an annotation and in a field, but not differently. */
export function validateProfileTwins(
  annotations: Annotations,
  spec: PodSpec,
  path: string,
  errors: FieldError[],
): void {
  compareProfiles(annotations[podSeccomp], spec.securityContext?.seccompProfile, `${path}.securityContext`, errors)
  for (const { container, at } of containersOf(spec))
    compareProfiles(
      annotations[containerSeccomp + container.name],
      container.securityContext?.seccompProfile,
      `${path}.${at}.securityContext`,
      errors,
    )
}

/** What is wrong with changing such annotations of a pod that exists. */
export function validateAnnotationChange(
  next: Annotations,
  previous: Annotations,
  path: string,
  errors: FieldError[],
): void {
  const nameOf = (key: string) =>
    key === mirror ? 'mirror pod annotation' : key.startsWith(appArmor) ? 'AppArmor annotations' : undefined
  for (const [key, value] of Object.entries(previous))
    if (next[key] !== value && nameOf(key))
      errors.push(forbidden(`${path}[${key}]`, `may not remove or update ${nameOf(key)}`))
  for (const key of Object.keys(next))
    if (previous[key] === undefined && nameOf(key))
      errors.push(forbidden(`${path}[${key}]`, `may not add ${nameOf(key)}`))
}

function checkSeccomp(profile: string): string[] {
  if (['runtime/default', 'docker/default', 'unconfined'].includes(profile)) return []
  if (profile.startsWith('localhost/')) return checkDescendingPath(profile.slice('localhost/'.length))
  return ['must be a valid seccomp profile']
}

function compareProfiles(
  annotation: string | undefined,
  field: SeccompProfile | undefined,
  path: string,
  errors: FieldError[],
): void {
  if (annotation === undefined || !field) return
  const wanted = { Unconfined: ['unconfined'], RuntimeDefault: ['runtime/default', 'docker/default'] }[field.type]
  const isLocal = field.type === 'Localhost' && annotation.startsWith('localhost/')
  if (!isLocal && !wanted?.includes(annotation))
    errors.push(forbidden(`${path}.seccompProfile.type`, 'seccomp type in annotation and field must match'))
  else if (isLocal && annotation.slice('localhost/'.length) !== field.localhostProfile)
    errors.push(
      forbidden(`${path}.seccompProfile.localhostProfile`, 'seccomp profile in annotation and field must match'),
    )
}

function containersOf({ initContainers = [], containers = [] }: PodSpec) {
  const listed = (list: typeof containers, field: string) =>
    list.map((container, index) => ({ container, at: `${field}[${index}]` }))
  return [...listed(initContainers, 'initContainers'), ...listed(containers, 'containers')]
}
