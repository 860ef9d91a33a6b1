import type { PodSecurityContext, PodSpec, SecurityContext } from 'kubernetes-types/core/v1'
import { allowOneOf } from '../../api/checks.ts'
import { type FieldError, forbidden, invalid, required } from '../../api/fieldError.ts'
import { between } from '../../api/names.ts'

const greatestId = 2 ** 31 - 1
const profiles = ['Localhost', 'RuntimeDefault', 'Unconfined']

/** What is wrong with the rights of a pod. */
export function validatePodSecurity(spec: PodSpec, path: string, errors: FieldError[]): void {
  const context = spec.securityContext as PodSecurityContext | undefined
  if (!context) return
  const at = `${path}.securityContext`
  checkId(context.fsGroup, `${at}.fsGroup`, errors)
  checkId(context.runAsUser, `${at}.runAsUser`, errors)
  checkId(context.runAsGroup, `${at}.runAsGroup`, errors)
  for (const [index, group] of (context.supplementalGroups ?? []).entries())
    checkId(group, `${at}.supplementalGroups[${index}]`, errors)
  if (spec.shareProcessNamespace && spec.hostPID)
    errors.push(
      invalid(`${at}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled'),
    )
  allowOneOf(context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], `${at}.fsGroupChangePolicy`, errors)
  allowOneOf(context.seccompProfile?.type, profiles, `${at}.seccompProfile.type`, errors)
}

/** What is wrong with the rights of a container. */
export function validateSecurityContext(context: SecurityContext, path: string, errors: FieldError[]): void {
  checkId(context.runAsUser, `${path}.runAsUser`, errors)
  checkId(context.runAsGroup, `${path}.runAsGroup`, errors)
  allowOneOf(context.procMount, ['Default', 'Unmasked'], `${path}.procMount`, errors)
  if (context.seccompProfile) {
    const { type, localhostProfile } = context.seccompProfile
    allowOneOf(type, profiles, `${path}.seccompProfile.type`, errors)
    if (type === 'Localhost' && !localhostProfile)
      errors.push(required(`${path}.seccompProfile.localhostProfile`, 'must be set when seccomp type is Localhost'))
    if (type !== 'Localhost' && localhostProfile)
      errors.push(
        invalid(
          `${path}.seccompProfile.localhostProfile`,
          localhostProfile,
          'can only be set when seccomp type is Localhost',
        ),
      )
  }
  if (context.allowPrivilegeEscalation !== false) return
  if (context.privileged)
    errors.push(invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'))
  if (context.capabilities?.add?.some(name => name === 'CAP_SYS_ADMIN'))
    errors.push(
      invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN'),
    )
}

/** Privileged containers of the host's network and such need nothing more here; whether they are allowed is admission's. */
export function validateHostNamespaces(spec: PodSpec, path: string, errors: FieldError[]): void {
  const hostUsers = (spec as { hostUsers?: boolean }).hostUsers
  if (hostUsers !== false) return
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC'] as const)
    if (spec[field]) errors.push(forbidden(`${path}.${field}`, `when \`hostUsers\` is false`))
}

function checkId(id: number | undefined, path: string, errors: FieldError[]): void {
  if (id !== undefined && (id < 0 || id > greatestId)) errors.push(invalid(path, id, between(0, greatestId)))
}
