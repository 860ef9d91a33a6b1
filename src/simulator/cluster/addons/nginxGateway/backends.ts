import type { Client } from '../../client.ts'
import { endpointSlice } from '../../kinds/endpointSlice.ts'
import { service } from '../../kinds/service.ts'
import { type CrossReference, isPermitted } from './grants.ts'
import { type BackendReference, type Condition, gatewayGroup, type ReferenceGrant } from './types.ts'

/** What a reference to a backend leads to: an upstream, or a condition that says why there is none. */
export type ResolvedBackend =
  | { readonly upstream: string; readonly servers: readonly string[] }
  | { readonly problem: Condition }

/** Follows a reference to a Service; `path` is where the reference stands in the route. */
export function resolveBackend(
  client: Client,
  grants: readonly ReferenceGrant[],
  reference: BackendReference,
  namespace: string,
  path: string,
): ResolvedBackend {
  const { group = '', kind = 'Service', name, port } = reference
  const target = reference.namespace ?? namespace
  const refuse = (reason: string, message: string): ResolvedBackend => ({
    problem: { type: 'ResolvedRefs', status: 'False', reason, message },
  })
  if (group !== '' && group !== 'core')
    return refuse('InvalidKind', `${path}.group: Unsupported value: "${group}": supported values: "core", ""`)
  if (kind !== 'Service')
    return refuse('InvalidKind', `${path}.kind: Unsupported value: "${kind}": supported values: "Service"`)
  const crossing: CrossReference = {
    from: { group: gatewayGroup, kind: 'HTTPRoute', namespace },
    to: { group: '', kind: 'Service', namespace: target, name },
  }
  if (!isPermitted(grants, crossing))
    return refuse(
      'RefNotPermitted',
      `${path}.namespace: Forbidden: Backend ref to Service ${target}/${name} not permitted by any ReferenceGrant`,
    )
  if (reference.filters?.length)
    return refuse(
      'UnsupportedValue',
      `${path}.filters: Too many: ${reference.filters.length}: must have at most 0 items`,
    )
  const found = client.get(service, name, target)
  if (!found) return refuse('BackendNotFound', `${path}.name: Not found: "${name}"`)
  const servicePort = found.spec.ports?.find(each => each.port === port)
  if (!servicePort) return refuse('BackendNotFound', `no matching port for Service ${name} and port ${port}`)
  const slices = client.list(endpointSlice, {
    namespace: target,
    labels: { 'kubernetes.io/service-name': name },
  })
  const servers = new Set<string>()
  for (const { addressType, ports, endpoints } of slices) {
    const number = ports?.find(each => (each.name ?? '') === (servicePort.name ?? ''))?.port
    if (addressType !== 'IPv4' || number === undefined) continue
    for (const { addresses, conditions } of endpoints ?? [])
      if (conditions?.ready !== false) for (const address of addresses) servers.add(`${address}:${number}`)
  }
  return { upstream: `${target}_${name}_${port}`, servers: [...servers].sort() }
}
