import { ApiError } from '../../api/error.ts'
import type { KubernetesObject } from '../../api/object.ts'
import type { ApiResponse } from '../../client.ts'
import type { EndpointSlice } from '../../kinds/endpointSlice.ts'
import type { Pod } from '../../kinds/pod.ts'
import type { Service } from '../../kinds/service.ts'
import { proxiedPage, proxiedPath } from './proxyLinks.ts'
import type { Route } from './route.ts'
import type { Asked, RestServerParts } from './server.ts'

interface Target {
  readonly address: string
  readonly port: number
  readonly scheme: 'http' | 'https'
}

/** Passes a request on to a pod or a Service: `/api/v1/namespaces/default/services/web:80/proxy/`. */
export function answerProxy(parts: RestServerParts, asked: Asked, route: Route): ApiResponse {
  const dial = parts.dial()
  if (!dial) throw ApiError.serviceUnavailable('proxying is not simulated here')
  const target = targetOf(parts, route)
  // HEAD comes from clients outside of the lab alone.
  const method: string = asked.method
  if (route.rest === '' && (method === 'GET' || method === 'HEAD'))
    return { status: 301, headers: { location: `${asked.path}/${queryText(asked.query)}` }, body: '' }
  const request = { ...asked, path: route.rest || '/' }
  const prefix = route.rest === '' ? asked.path : asked.path.slice(0, -route.rest.length)
  return {
    status: 200,
    headers: {},
    later: receive => dial(target, request, answer => receive(rewritten(prefix, answer))),
  }
}

/** What leads back to the server itself leads through the proxy instead. */
function rewritten(prefix: string, answer: ApiResponse): ApiResponse {
  const { headers, body } = answer
  const { location } = headers
  const isPage = headers['content-type']?.startsWith('text/html') && typeof body === 'string'
  const page = isPage ? proxiedPage(prefix, body) : body
  if (location === undefined && page === body) return answer
  const { 'content-length': _, ...kept } = headers
  return {
    ...answer,
    headers: { ...kept, ...(location !== undefined && { location: proxiedPath(prefix, location) }) },
    body: page,
  }
}

function queryText(query: Asked['query']): string {
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value ?? '')}`,
  )
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}

function targetOf({ store }: RestServerParts, { kind, namespace, name = '' }: Route): Target {
  const words = name.split(':')
  const scheme = words.length === 3 ? (words[0] as 'http' | 'https') : 'http'
  const [objectName = '', portName = ''] = words.length === 3 ? words.slice(1) : words
  const object = store.get(kind, namespace, objectName)
  if (kind.kind === 'Service') return serviceTarget(store.storage, object as Service, portName, scheme || 'http')
  const { spec, status } = object as Pod
  const port = Number(portName) || spec.containers[0]?.ports?.[0]?.containerPort || 80
  if (!status.podIP) throw ApiError.badRequest('address not allowed')
  return { address: status.podIP, port, scheme: scheme || 'http' }
}

function serviceTarget(
  storage: RestServerParts['store']['storage'],
  { metadata, spec }: Service,
  portName: string,
  scheme: 'http' | 'https',
): Target {
  const port = spec.ports?.find(one => portName === '' || one.name === portName || String(one.port) === portName)
  const unavailable = (why: string) =>
    ApiError.serviceUnavailable(`${why} "${metadata.name}${portName ? `:${portName}` : ''}"`)
  if (!port && /^\d+$/.test(portName)) {
    throw ApiError.serviceUnavailable(`no service port ${portName} found for service "${metadata.name}"`)
  }
  if (!port) throw unavailable('no endpoints available for service')
  const sliceKind = storage.kinds.find(kind => kind.kind === 'EndpointSlice')!
  for (const { object } of storage
    .collection(sliceKind)
    .withLabel(metadata.namespace, 'kubernetes.io/service-name', metadata.name)) {
    const { endpoints = [], ports = [] } = object as EndpointSlice & KubernetesObject
    const target = ports.find(one => (one.name ?? '') === (port.name ?? ''))?.port
    const address = endpoints.find(endpoint => endpoint.conditions?.ready !== false)?.addresses[0]
    if (address && target) return { address, port: target, scheme }
  }
  throw unavailable('no endpoints available for service')
}
