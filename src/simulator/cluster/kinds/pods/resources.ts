import type { ResourceRequirements } from 'kubernetes-types/core/v1'
import { type FieldError, forbidden, invalid, required } from '../../api/fieldError.ts'
import { checkQualifiedName } from '../../api/names.ts'
import { Quantity } from '../../api/quantity.ts'

const standard = new Set(['cpu', 'memory', 'ephemeral-storage'])
const fractional = new Set(['cpu', 'memory', 'ephemeral-storage'])

/** What is wrong with the resources that a container asks for and is limited to. */
export function validateResources(resources: ResourceRequirements, path: string, errors: FieldError[]): void {
  const limits = readAll(resources.limits, `${path}.limits`, errors)
  const requests = readAll(resources.requests, `${path}.requests`, errors)
  for (const [name, request] of requests) {
    const limit = limits.get(name)
    if (!limit) {
      if (isExtended(name) || name.startsWith('hugepages-'))
        errors.push(required(`${path}.limits`, 'Limit must be set for non overcommitable resources'))
      continue
    }
    if ((isExtended(name) || name.startsWith('hugepages-')) && request.compare(limit) !== 0)
      errors.push(invalid(`${path}.requests`, request.toString(), `must be equal to ${name} limit of ${limit}`))
    else if (request.compare(limit) > 0)
      errors.push(
        invalid(`${path}.requests`, request.toString(), `must be less than or equal to ${name} limit of ${limit}`),
      )
  }
  if ([...limits.keys()].some(name => name.startsWith('hugepages-')) && !requests.has('cpu') && !requests.has('memory'))
    errors.push(forbidden(path, 'HugePages require cpu or memory'))
}

function readAll(amounts: ResourceRequirements['limits'], path: string, errors: FieldError[]): Map<string, Quantity> {
  const quantities = new Map<string, Quantity>()
  for (const name in amounts) {
    validateResourceName(name, `${path}[${name}]`, errors, true)
    const quantity = Quantity.parse(String(amounts[name]))
    quantities.set(name, quantity)
    if (quantity.isNegative)
      errors.push(invalid(`${path}[${name}]`, quantity.toString(), 'must be greater than or equal to 0'))
    if (!fractional.has(name) && quantity.toThousandths() % 1000 !== 0)
      errors.push(invalid(`${path}[${name}]`, amounts[name], 'must be an integer'))
  }
  return quantities
}

/** Resources have a plain name that Kubernetes knows or one that begins with a domain. */
function validateResourceName(name: string, path: string, errors: FieldError[], isForContainer = false): void {
  for (const text of checkQualifiedName(name)) errors.push(invalid(path, name, text))
  if (name.includes('/') || standard.has(name) || name.startsWith('hugepages-')) return
  if (!isForContainer && knownElsewhere.has(name)) return
  errors.push(invalid(path, name, 'must be a standard resource type or fully qualified'))
  if (isForContainer) errors.push(invalid(path, name, 'must be a standard resource for containers'))
}

const knownElsewhere = new Set(['storage', 'pods', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'])

function isExtended(name: string): boolean {
  return name.includes('/') && !/^(.*\.)?kubernetes\.io\//.test(name)
}
