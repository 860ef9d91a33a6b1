import type { Container, ContainerPort, PodSpec, VolumeMount } from 'kubernetes-types/core/v1'
import { allowOneOf, checkName, requireName, requireOneOf } from '../../api/checks.ts'
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
} from '../../api/fieldError.ts'
import { checkDns1123Label, checkPort, checkPortName } from '../../api/names.ts'
import { validateEnvironment } from './environment.ts'
import { checkDescendingPath } from './paths.ts'
import { validateLifecycle, validateProbe } from './probes.ts'
import { validateResources } from './resources.ts'
import { validateSecurityContext } from './security.ts'

const protocols = ['SCTP', 'TCP', 'UDP']
const pullPolicies = ['Always', 'IfNotPresent', 'Never']
const propagations = ['Bidirectional', 'HostToContainer', 'None']

/** What is wrong with the containers of a pod, those that start it, and those added for debugging. */
export function validateContainers(spec: PodSpec, path: string, errors: FieldError[]): void {
  const names = new Set<string>()
  if (!spec.containers?.length) errors.push(required(`${path}.containers`))
  for (const [index, container] of (spec.containers ?? []).entries())
    validateContainer(container, spec, `${path}.containers[${index}]`, names, errors, true)
  checkHostPorts(spec.containers ?? [], `${path}.containers`, errors)
  for (const [index, container] of (spec.initContainers ?? []).entries()) {
    const at = `${path}.initContainers[${index}]`
    const isSidecar = (container as { restartPolicy?: string }).restartPolicy === 'Always'
    validateContainer(container, spec, at, names, errors, isSidecar)
    if (!isSidecar) refuseForInit(container, at, errors)
  }
}

function validateContainer(
  container: Container,
  spec: PodSpec,
  path: string,
  names: Set<string>,
  errors: FieldError[],
  isLongLived: boolean,
): void {
  const { name, image } = container
  requireName(name, checkDns1123Label, `${path}.name`, errors)
  if (!image) errors.push(required(`${path}.image`))
  else if (image !== image.trim())
    errors.push(invalid(`${path}.image`, image, 'must not have leading or trailing whitespace'))
  requireOneOf(
    container.terminationMessagePolicy,
    ['FallbackToLogsOnError', 'File'],
    `${path}.terminationMessagePolicy`,
    errors,
  )
  validatePorts(container.ports ?? [], spec, `${path}.ports`, errors)
  validateEnvironment(container, `${path}`, errors)
  validateMounts(container.volumeMounts ?? [], spec, `${path}.volumeMounts`, errors)
  requireOneOf(container.imagePullPolicy, pullPolicies, `${path}.imagePullPolicy`, errors)
  if (container.resources) validateResources(container.resources, `${path}.resources`, errors)
  if (container.securityContext) validateSecurityContext(container.securityContext, `${path}.securityContext`, errors)
  if (names.has(name ?? '')) errors.push(duplicate(`${path}.name`, name ?? ''))
  names.add(name ?? '')
  if (!isLongLived) return
  if (container.lifecycle) validateLifecycle(container.lifecycle, `${path}.lifecycle`, errors)
  validateProbe(container.livenessProbe, `${path}.livenessProbe`, errors, true)
  validateProbe(container.readinessProbe, `${path}.readinessProbe`, errors)
  validateProbe(container.startupProbe, `${path}.startupProbe`, errors, true)
}

/** Containers that must end before others start have nobody to ask whether they live. */
function refuseForInit(container: Container, path: string, errors: FieldError[]): void {
  for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const)
    if (container[field])
      errors.push(forbidden(`${path}.${field}`, 'may not be set for init containers without restartPolicy=Always'))
  const policy = (container as { restartPolicy?: string }).restartPolicy
  if (policy !== undefined) errors.push(notSupported(`${path}.restartPolicy`, policy, ['Always']))
}

function validatePorts(ports: readonly ContainerPort[], spec: PodSpec, path: string, errors: FieldError[]): void {
  const names = new Set<string>()
  for (const [index, port] of ports.entries()) {
    const at = `${path}[${index}]`
    if (port.name) {
      const wrong = checkPortName(port.name)
      for (const text of wrong) errors.push(invalid(`${at}.name`, port.name, text))
      if (wrong.length === 0 && names.has(port.name)) errors.push(duplicate(`${at}.name`, port.name))
      names.add(port.name)
    }
    if (!port.containerPort) errors.push(required(`${at}.containerPort`))
    else
      for (const text of checkPort(port.containerPort))
        errors.push(invalid(`${at}.containerPort`, port.containerPort, text))
    if (port.hostPort) {
      for (const text of checkPort(port.hostPort)) errors.push(invalid(`${at}.hostPort`, port.hostPort, text))
      if (spec.hostNetwork && port.hostPort !== port.containerPort)
        errors.push(invalid(`${at}.hostPort`, port.hostPort, 'must match `containerPort` when `hostNetwork` is true'))
    }
    requireOneOf(port.protocol, protocols, `${at}.protocol`, errors)
  }
}

/** Two containers of a pod cannot have the same port of the node. */
function checkHostPorts(containers: readonly Container[], path: string, errors: FieldError[]): void {
  const taken = new Set<string>()
  for (const [index, { ports }] of containers.entries())
    for (const [place, { protocol, hostIP = '', hostPort }] of (ports ?? []).entries()) {
      if (!hostPort) continue
      const key = `${protocol}/${hostIP}/${hostPort}`
      if (taken.has(key)) errors.push(duplicate(`${path}[${index}].ports[${place}].hostPort`, key))
      taken.add(key)
    }
}

function validateMounts(mounts: readonly VolumeMount[], spec: PodSpec, path: string, errors: FieldError[]): void {
  const paths = new Set<string>()
  for (const [index, { name, mountPath, subPath, subPathExpr, mountPropagation }] of mounts.entries()) {
    const at = `${path}[${index}]`
    if (!name) errors.push(required(`${at}.name`))
    if (!spec.volumes?.some(volume => volume.name === name)) errors.push(notFound(`${at}.name`, name ?? ''))
    if (!mountPath) errors.push(required(`${at}.mountPath`))
    if (paths.has(mountPath)) errors.push(invalid(`${at}.mountPath`, mountPath, 'must be unique'))
    paths.add(mountPath)
    if (subPath) checkName(subPath, checkDescendingPath, `${at}.subPath`, errors)
    if (subPath && subPathExpr)
      errors.push(invalid(`${at}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive'))
    allowOneOf(mountPropagation, propagations, `${at}.mountPropagation`, errors)
  }
}
