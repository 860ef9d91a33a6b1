import { ApiError } from '../../api/error.ts'
import type { ApiResponse, ApiStream, NodeConnection } from '../../client.ts'
import type { Pod } from '../../kinds/pod.ts'
import type { Route } from './route.ts'
import type { Asked, RestServerParts } from './server.ts'

const streams = new Set(['log', 'exec', 'attach', 'portforward'])

/** Whether a subresource is answered by the kubelet of the pod's node. */
export function isPodStream(subresource: string): boolean {
  return streams.has(subresource)
}

/** Hands a request for a running container on to the kubelet of its node. */
export function answerPodStream({ store, nodes }: RestServerParts, asked: Asked, route: Route): ApiResponse {
  const { kind, namespace = 'default', name = '', subresource } = route
  const object = store.get(kind, namespace, name) as Pod
  if (!object.spec.nodeName) {
    if (subresource === 'log') return stream(nothing)
    throw ApiError.badUpgrade(`pod ${name} does not have a host assigned`)
  }
  const node = nodeNamed(object.spec.nodeName, nodes)
  const { query } = asked
  const failure = node.dialFailure?.()
  if (failure !== undefined) throw unreachable(object, failure, subresource, query['container'])
  const isSet = (key: string) => query[key] === 'true' || query[key] === '1'
  if (subresource === 'portforward') {
    const port = Number(asked.repeated?.['ports']?.[0] ?? query['ports'] ?? 0)
    return stream(node.portForward({ namespace, pod: name, port }))
  }
  const container = containerOf(object, query['container'])
  if (subresource === 'log') {
    const count = (key: string) => (query[key] === undefined ? undefined : Number(query[key]))
    const [tailLines, limitBytes, sinceSeconds] = [count('tailLines'), count('limitBytes'), count('sinceSeconds')]
    return stream(
      node.logs({
        namespace,
        pod: name,
        container,
        follow: isSet('follow'),
        previous: isSet('previous'),
        timestamps: isSet('timestamps'),
        ...(tailLines === undefined ? {} : { tailLines }),
        ...(limitBytes === undefined ? {} : { limitBytes }),
        ...(sinceSeconds === undefined ? {} : { sinceSeconds }),
        ...(query['sinceTime'] === undefined ? {} : { sinceTime: query['sinceTime'] }),
      }),
    )
  }
  const session = {
    namespace,
    pod: name,
    container,
    stdin: isSet('stdin'),
    stdout: isSet('stdout'),
    stderr: isSet('stderr'),
    tty: isSet('tty'),
  }
  if (subresource === 'attach') return stream(node.attach(session))
  const command = asked.repeated?.['command'] ?? (query['command'] === undefined ? [] : [query['command']])
  if (command.length === 0) throw ApiError.badRequest('you must specify at least one command for the container')
  return stream(node.exec({ ...session, command }))
}

function stream(from: ApiResponse['stream']): ApiResponse {
  return { status: 200, headers: { 'content-type': 'text/plain' }, ...(from ? { stream: from } : {}) }
}

/** The log of a pod that no node runs yet. */
const nothing: ApiStream = { onData() {}, onEnd: receive => receive(), send() {}, close() {} }

function nodeNamed(name: string, nodes: ReadonlyMap<string, NodeConnection>): NodeConnection {
  const node = nodes.get(name)
  if (!node) throw ApiError.internal(`error dialing backend: dial tcp: lookup ${name}: no such host`)
  return node
}

/** What the API server says when it can't get through to the kubelet of a pod. */
function unreachable(
  object: Pod,
  failure: string,
  subresource: string | undefined,
  container: string | undefined,
): ApiError {
  const { metadata, spec, status } = object
  const address = `${status?.hostIP}:10250`
  const dial = `dial tcp ${address}: ${failure}`
  if (subresource !== 'log') return new ApiError(500, '', `error dialing backend: ${dial}`)
  const path = `${metadata.namespace}/${metadata.name}/${container ?? spec.containers[0]!.name}`
  return new ApiError(500, '', `Get "https://${address}/containerLogs/${path}": ${dial}`)
}

/** The container that a request names, or the only one there is. */
function containerOf({ metadata, spec }: Pod, wanted: string | undefined): string {
  const names = spec.containers.map(container => container.name)
  const inits = (spec.initContainers ?? []).map(container => container.name)
  const ephemeral = (spec.ephemeralContainers ?? []).map(container => container.name)
  if (wanted) {
    if ([...names, ...inits, ...ephemeral].includes(wanted)) return wanted
    throw ApiError.badRequest(`container ${wanted} is not valid for pod ${metadata.name}`)
  }
  if (names.length === 1) return names[0]!
  const choices = inits.length > 0 ? ` or one of the init containers: [${inits.join(' ')}]` : ''
  throw ApiError.badRequest(
    `a container name must be specified for pod ${metadata.name}, choose one of: [${names.join(' ')}]${choices}`,
  )
}
