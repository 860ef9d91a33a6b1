import type { PodSecurityContext, PodSpec, SecurityContext } from 'kubernetes-types/core/v1'
import { allowOneOf, checkName, requireOneOf } from '../../api/checks.ts'
import { duplicate, type FieldError, forbidden, invalid, required } from '../../api/fieldError.ts'
import { between } from '../../api/names.ts'
import { internalForm } from './internalForm.ts'
import { checkDescendingPath } from './paths.ts'

const greatestId = 2 ** 31 - 1
const sysctlName = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*([a-z0-9][-_a-z0-9]*)?[a-z0-9]$/
const ipcSysctl = /^(kernel\.(sem|shm.*|msg.*)|fs\.mqueue\..*)$/
const profiles = ['Localhost', 'RuntimeDefault', 'Unconfined']

interface Profile {
  readonly type?: string
  readonly localhostProfile?: string
}

/** The types that this is written with are older. */
interface Armored {
  readonly appArmorProfile?: Profile
}

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
  validateSysctls(spec, `${at}.sysctls`, errors)
  allowOneOf(context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], `${at}.fsGroupChangePolicy`, errors)
  validateProfile('seccomp', context.seccompProfile, at, errors)
  validateProfile('AppArmor', (context as Armored).appArmorProfile, at, errors)
}

function validateSysctls({ securityContext, hostNetwork, hostIPC }: PodSpec, path: string, errors: FieldError[]): void {
  const names = new Set<string>()
  for (const [index, { name = '' }] of (securityContext?.sysctls ?? []).entries()) {
    const at = `${path}[${index}].name`
    const text = `must have at most 253 characters and match regex ${sysctlName.source.replaceAll('\\/', '/')}`
    if (name === '') errors.push(required(at))
    else if (name.length > 253 || !sysctlName.test(name)) errors.push(invalid(at, name, text))
    else if (names.has(name)) errors.push(duplicate(at, name))
    names.add(name)
    const dotted = name.replaceAll('/', '.')
    if (hostNetwork && dotted.startsWith('net.'))
      errors.push(invalid(at, name, "may not be specified when 'hostNetwork' is true"))
    if (hostIPC && ipcSysctl.test(dotted)) errors.push(invalid(at, name, "may not be specified when 'hostIPC' is true"))
  }
}

/** What is wrong with the rights of a container. */
export function validateSecurityContext(context: SecurityContext, path: string, errors: FieldError[]): void {
  checkId(context.runAsUser, `${path}.runAsUser`, errors)
  checkId(context.runAsGroup, `${path}.runAsGroup`, errors)
  allowOneOf(context.procMount, ['Default', 'Unmasked'], `${path}.procMount`, errors)
  validateProfile('seccomp', context.seccompProfile, path, errors)
  validateProfile('AppArmor', (context as Armored).appArmorProfile, path, errors)
  if (context.allowPrivilegeEscalation !== false) return
  if (context.privileged)
    errors.push(
      invalid(
        path,
        internalForm(context, 'SecurityContext'),
        'cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
      ),
    )
  if (context.capabilities?.add?.some(name => name === 'CAP_SYS_ADMIN'))
    errors.push(
      invalid(
        path,
        internalForm(context, 'SecurityContext'),
        'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN',
      ),
    )
}

function validateProfile(
  what: 'seccomp' | 'AppArmor',
  profile: Profile | undefined,
  path: string,
  errors: FieldError[],
): void {
  if (!profile) return
  const field = what === 'seccomp' ? 'seccompProfile' : 'appArmorProfile'
  const { type, localhostProfile } = profile
  const at = `${path}.${field}.localhostProfile`
  requireOneOf(type, profiles, `${path}.${field}.type`, errors, `type is required when ${field} is set`)
  if (type === 'Localhost') {
    if (!localhostProfile) errors.push(required(at, `must be set when ${what} type is Localhost`))
    else if (what === 'seccomp') checkName(localhostProfile, checkDescendingPath, at, errors)
    else if (localhostProfile.trim() !== localhostProfile)
      errors.push(invalid(at, localhostProfile, 'must not be padded with whitespace'))
  } else if (localhostProfile)
    errors.push(invalid(at, localhostProfile, `can only be set when ${what} type is Localhost`))
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
