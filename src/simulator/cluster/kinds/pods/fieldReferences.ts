import type { ObjectFieldSelector, ResourceFieldSelector } from 'kubernetes-types/core/v1'
import { checkName } from '../../api/checks.ts'
import { type FieldError, invalid, notSupported, required } from '../../api/fieldError.ts'
import { checkQualifiedName } from '../../api/names.ts'
import { Quantity } from '../../api/quantity.ts'

/** Fields of a pod that have a name for what runs in it. */
const labels = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.phase',
  'status.podIP',
  'status.podIPs',
]

const resources = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
]

const sizes = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei']

const divisors: readonly (readonly [resource: RegExp, divisors: readonly string[], text: string])[] = [
  [/\.cpu$/, ['1m', '1'], '1m and 1 are supported with the cpu resource'],
  [/\.memory$/, sizes, `${sizes.join(', ')} are supported with the memory resource`],
  [/\.hugepages-/, sizes, `${sizes.join(', ')} are supported with the hugepages resource`],
  [/\.ephemeral-storage$/, sizes, `${sizes.join(', ')} are supported with the local ephemeral storage resource`],
]

/** What is wrong with the name of a field of the pod. */
export function validateFieldReference(
  { fieldPath }: ObjectFieldSelector,
  allowed: readonly string[],
  path: string,
  errors: FieldError[],
): void {
  if (!fieldPath) return void errors.push(required(`${path}.fieldPath`))
  const [, field, subscript = ''] = /^(.+)\['(.*)'\]$/.exec(fieldPath) ?? []
  if (!labels.includes(field ?? fieldPath)) {
    const text = `error converting fieldPath: field label not supported: ${field ?? fieldPath}`
    return void errors.push(invalid(`${path}.fieldPath`, fieldPath, text))
  }
  if (field === 'metadata.annotations') checkName(subscript.toLowerCase(), checkQualifiedName, path, errors)
  else if (field === 'metadata.labels') checkName(subscript, checkQualifiedName, path, errors)
  else if (field !== undefined) errors.push(invalid(path, field, 'does not support subscript'))
  else if (!allowed.includes(fieldPath)) errors.push(notSupported(`${path}.fieldPath`, fieldPath, allowed))
}

/** What is wrong with the name of a container's resource; in a volume the container must be named as well. */
export function validateResourceReference(
  { containerName, resource, divisor }: ResourceFieldSelector,
  isInVolume: boolean,
  path: string,
  errors: FieldError[],
): void {
  if (isInVolume && !containerName) errors.push(required(`${path}.containerName`))
  else if (!resource) errors.push(required(`${path}.resource`))
  else if (!resources.includes(resource) && !/^(limits|requests)\.hugepages-/.test(resource))
    errors.push(notSupported(`${path}.resource`, resource, resources))
  if (!divisor || Quantity.parse(divisor).compare(Quantity.parse('0')) === 0) return
  for (const [pattern, allowed, text] of divisors)
    if (pattern.test(resource) && !allowed.includes(divisor))
      errors.push(invalid(`${path}.divisor`, resource, `only divisor's values ${text}`))
}
