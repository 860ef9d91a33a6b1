import type { IngressBackend } from 'kubernetes-types/networking/v1'
import type { EndpointSlice } from '../../kinds/endpointSlice.ts'
import type { Service, ServicePort } from '../../kinds/service.ts'
import type { BackendEndpoint } from './model.ts'

/** Where the Services and their endpoints are found. */
export interface ServiceSource {
  service(namespace: string, name: string): Service | undefined
  slices(namespace: string, name: string): readonly EndpointSlice[]
  /** Adds a line to the controller's log. */
  warn(place: string, text: string): void
}

/** What an upstream is called: `default-web-80`. */
export function upstreamName(namespace: string, service: NonNullable<IngressBackend['service']>): string {
  return `${namespace}-${service.name}-${portText(service)}`
}

/** The port as the Ingress names it, by number or by name. */
export function portText({ port }: NonNullable<IngressBackend['service']>): string {
  return String(port?.number || port?.name || '')
}

/** The addresses behind a Service and one of its ports; empty, with a warning, when there are none. */
export function endpointsOf(
  source: ServiceSource,
  namespace: string,
  name: string,
  port: string,
  isServiceUpstream: boolean,
): readonly BackendEndpoint[] {
  const key = `${namespace}/${name}`
  const service = source.service(namespace, name)
  if (!service) {
    source.warn(
      'controller.go:1165',
      `Error obtaining Endpoints for Service "${key}": no object matching key "${key}" in local store`,
    )
    return []
  }
  const found = findPort(service, port)
  if (service.spec.type === 'ExternalName') return external(service, found, port)
  if (isServiceUpstream) {
    const { clusterIP } = service.spec
    return clusterIP && clusterIP !== 'None' && found ? [{ address: clusterIP, port: found.port }] : []
  }
  const endpoints = found ? readyEndpoints(source.slices(namespace, name), found) : []
  if (endpoints.length === 0) source.warn('controller.go:1216', `Service "${key}" does not have any active Endpoint.`)
  return endpoints
}

function findPort(service: Service, text: string): ServicePort | undefined {
  return service.spec.ports?.find(
    ({ port, name, targetPort }) => String(port) === text || name === text || String(targetPort) === text,
  )
}

function external({ spec }: Service, port: ServicePort | undefined, text: string): readonly BackendEndpoint[] {
  const number = Number(port?.targetPort ?? port?.port ?? text)
  return spec.externalName && number > 0 ? [{ address: spec.externalName, port: number }] : []
}

function readyEndpoints(slices: readonly EndpointSlice[], { name = '' }: ServicePort): readonly BackendEndpoint[] {
  const found = new Map<string, BackendEndpoint>()
  for (const slice of slices) {
    if (slice.addressType !== 'IPv4') continue
    for (const port of slice.ports ?? []) {
      if ((port.name ?? '') !== name || port.port === undefined) continue
      for (const { addresses, conditions } of slice.endpoints ?? []) {
        if (conditions?.ready === false) continue
        for (const address of addresses) found.set(`${address}:${port.port}`, { address, port: port.port })
      }
    }
  }
  return [...found.values()]
}
