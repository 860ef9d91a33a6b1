import { ApiError } from '../../api/error.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { formatSelector } from '../../api/selector.ts'
import type { ApiResponse } from '../../client.ts'
import type { Kind } from '../../kinds/kind.ts'
import type { Pod } from '../../kinds/pod.ts'
import { bindPod } from '../binding.ts'
import type { Writer } from '../store.ts'
import { deleteOptions, json } from './answers.ts'
import { placeObject, readBody } from './body.ts'
import { answerPodStream, isPodStream } from './podStreams.ts'
import { answerProxy } from './proxy.ts'
import type { Route } from './route.ts'
import type { Asked, RestServer } from './server.ts'

/** Answers a request for a part of an object: its status, its scale, the log of a pod. */
export function answerSubresource(server: RestServer, asked: Asked, route: Route, writer: Writer): ApiResponse {
  const { kind, namespace, name = '', subresource = '' } = route
  if (!kind.subresources.includes(subresource)) throw ApiError.unknownPath()
  const { store } = server.parts
  if (isPodStream(subresource)) return answerPodStream(server.parts, asked, route)
  switch (subresource) {
    case 'status':
    case 'approval':
    case 'ephemeralcontainers':
    case 'resize':
      return changePart(server, asked, route, writer, subresource === 'status')
    case 'scale':
      return answerScale(server, asked, route, writer)
    case 'finalize': {
      const object = readBody(asked.body, route, undefined, () => {})
      placeObject(object, route)
      return json(
        200,
        store.update(kind, namespace, name, () => object, writer, 'finalize'),
      )
    }
    case 'binding': {
      const { target } = asked.body as { target?: { name?: string } }
      bindPod(store, namespace ?? 'default', name, target?.name ?? '', writer)
      return json(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 })
    }
    case 'eviction':
      return evict(server, asked, route, writer)
    case 'token':
      return json(201, tokenFor(server, asked, route))
    case 'proxy':
      return answerProxy(server.parts, asked, route)
    default:
      throw ApiError.methodNotAllowed()
  }
}

function changePart(server: RestServer, asked: Asked, route: Route, writer: Writer, isStatus: boolean): ApiResponse {
  const { kind, namespace, name = '' } = route
  const { store } = server.parts
  const part = isStatus ? 'status' : undefined
  if (asked.method === 'GET') return server.present(200, asked, route, store.get(kind, namespace, name))
  if (asked.method === 'PATCH') return server.present(200, asked, route, server.patch(asked, route, writer, part))
  if (asked.method !== 'PUT') throw ApiError.methodNotAllowed()
  const object = readBody(asked.body, route, asked.query['fieldValidation'], text => writer.warn?.(text))
  placeObject(object, route)
  return server.present(
    200,
    asked,
    route,
    store.update(kind, namespace, name, () => object, writer, part),
  )
}

type Scalable = KubernetesObject & {
  readonly spec: { readonly replicas?: number; readonly selector?: Parameters<typeof formatSelector>[0] }
  readonly status?: { readonly replicas?: number }
}

/** `scale` shows and changes only how many there are to be. */
function answerScale(
  server: RestServer,
  asked: Asked,
  { kind, namespace, name = '' }: Route,
  writer: Writer,
): ApiResponse {
  const { store } = server.parts
  if (asked.method === 'GET') return json(200, scaleOf(store.get(kind, namespace, name) as Scalable, kind))
  const wanted = asked.body as { spec?: { replicas?: number }; metadata?: { resourceVersion?: string } }
  const changed = store.update(
    kind,
    namespace,
    name,
    current => {
      const { spec } = current as Scalable
      const { resourceVersion = current.metadata.resourceVersion } = wanted.metadata ?? {}
      const replicas = wanted.spec?.replicas ?? (asked.method === 'PUT' ? 0 : spec.replicas)
      return {
        ...current,
        metadata: { ...current.metadata, resourceVersion },
        spec: { ...spec, replicas },
      } as KubernetesObject
    },
    writer,
  )
  return json(200, scaleOf(changed as Scalable, kind))
}

function scaleOf({ metadata, spec, status }: Scalable, kind: Kind) {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata
  const selector = kind.kind === 'ReplicationController' ? undefined : spec.selector
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: spec.replicas ? { replicas: spec.replicas } : {},
    status: { replicas: status?.replicas ?? 0, ...(selector ? { selector: formatSelector(selector) } : {}) },
  }
}

/** Eviction is a deletion that disruption budgets may forbid. */
function evict(server: RestServer, asked: Asked, { kind, namespace, name = '' }: Route, writer: Writer): ApiResponse {
  const { store } = server.parts
  const { metadata, status } = store.get(kind, namespace, name) as Pod
  const budgetKind = store.storage.kinds.find(one => one.kind === 'PodDisruptionBudget')
  if (budgetKind && status.phase === 'Running') checkBudgets(server, budgetKind, metadata)
  const { deleteOptions: options } = (asked.body ?? {}) as { deleteOptions?: object }
  store.delete(kind, namespace, name, deleteOptions({ ...asked, body: options ?? {} }), writer)
  return json(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 })
}

function checkBudgets(server: RestServer, kind: Kind, { namespace, labels }: Pod['metadata']): void {
  for (const { object } of server.parts.store.storage.collection(kind).entries(namespace ?? '')) {
    const budget = object as KubernetesObject & {
      spec: { selector?: { matchLabels?: Readonly<Record<string, string>> } }
      status?: { disruptionsAllowed?: number; desiredHealthy?: number; currentHealthy?: number }
    }
    const wanted = Object.entries(budget.spec.selector?.matchLabels ?? {})
    if (wanted.length === 0 || !wanted.every(([key, value]) => labels?.[key] === value)) continue
    const { disruptionsAllowed = 0, desiredHealthy = 0, currentHealthy = 0 } = budget.status ?? {}
    if (disruptionsAllowed > 0) continue
    const { name } = budget.metadata
    const message = `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`
    throw ApiError.tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", [
      { reason: 'DisruptionBudget', message },
    ])
  }
}

// Simplified: the signature of a token is a fixed text; nobody checks it.
/** A token that speaks for a service account. */
function tokenFor(server: RestServer, asked: Asked, { kind, namespace, name = '' }: Route) {
  const { store } = server.parts
  const { metadata } = store.get(kind, namespace, name)
  const body = asked.body as { spec?: { expirationSeconds?: number; audiences?: string[] } }
  const seconds = body.spec?.expirationSeconds ?? 3600
  const issued = Math.floor(store.now / 1000)
  const claims = {
    aud: body.spec?.audiences ?? ['https://kubernetes.default.svc.cluster.local'],
    exp: issued + seconds,
    iat: issued,
    iss: 'https://kubernetes.default.svc.cluster.local',
    'kubernetes.io': { namespace, serviceaccount: { name, uid: metadata.uid } },
    nbf: issued,
    sub: `system:serviceaccount:${namespace}:${name}`,
  }
  const part = (value: unknown) =>
    btoa(JSON.stringify(value)).replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_')
  return {
    ...(asked.body as object),
    status: {
      token: `${part({ alg: 'RS256', kid: 'lab' })}.${part(claims)}.${part('signed by the lab')}`,
      expirationTimestamp: new Date((issued + seconds) * 1000).toISOString().replace('.000Z', 'Z'),
    },
  }
}
