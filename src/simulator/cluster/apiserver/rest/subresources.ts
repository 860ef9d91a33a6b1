import { ApiError } from '../../api/error.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { formatSelector } from '../../api/selector.ts'
import { valueAt, withValueAt } from '../../api/valueAt.ts'
import type { ApiResponse } from '../../client.ts'
import type { Kind, ScalePaths } from '../../kinds/kind.ts'
import type { Pod } from '../../kinds/pod.ts'
import { admitConnection } from '../admission/connection.ts'
import { bindPod } from '../binding.ts'
import type { Store, Writer } from '../store.ts'
import { deleteOptions, json } from './answers.ts'
import { placeObject, readAsked, readObject } from './body.ts'
import { answerPodStream, isPodStream } from './podStreams.ts'
import { answerProxy } from './proxy.ts'
import type { Route } from './route.ts'
import type { Asked, RestServer } from './server.ts'

/** Answers a request for a part of an object: its status, its scale, the log of a pod. */
export function answerSubresource(server: RestServer, asked: Asked, route: Route, writer: Writer): ApiResponse {
  const { kind, namespace, name = '', subresource = '' } = route
  if (!kind.subresources.includes(subresource)) throw ApiError.unknownPath()
  const { store } = server.parts
  if (isPodStream(subresource)) {
    if (subresource !== 'log') admitConnection({ ...connectionOf(asked, route), kind, writer, store })
    return answerPodStream(server.parts, asked, route)
  }
  switch (subresource) {
    case 'status':
    case 'approval':
    case 'ephemeralcontainers':
    case 'resize':
      return changePart(server, asked, route, writer, subresource)
    case 'scale':
      return answerScale(server, asked, route, writer)
    case 'finalize': {
      const object = readObject(asked.body, route, undefined, () => {})
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

const parts = ['status', 'approval', 'resize'] as const

const connectionKinds: Readonly<Record<string, string>> = {
  attach: 'PodAttachOptions',
  exec: 'PodExecOptions',
  portforward: 'PodPortForwardOptions',
}

/** What webhooks are shown of a connection: what it asks for. */
function connectionOf({ query }: Asked, { namespace, name, subresource = '' }: Route) {
  const options = Object.entries(query).map(([key, value]) => [key, value === 'true' ? true : value])
  const metadata = { name, namespace }
  const object = {
    kind: connectionKinds[subresource] ?? '',
    apiVersion: 'v1',
    metadata,
    ...Object.fromEntries(options),
  }
  return { object: object as KubernetesObject, connection: subresource }
}

function changePart(server: RestServer, asked: Asked, route: Route, writer: Writer, subresource: string): ApiResponse {
  const { kind, namespace, name = '' } = route
  const { store } = server.parts
  const part = parts.find(each => each === subresource)
  if (asked.method === 'GET') return server.present(200, asked, route, store.get(kind, namespace, name))
  if (asked.method === 'PATCH') return server.present(200, asked, route, server.patch(asked, route, writer, part))
  if (asked.method !== 'PUT') throw ApiError.methodNotAllowed()
  const object = readAsked(asked, route, writer)
  placeObject(object, route)
  return server.present(
    200,
    asked,
    route,
    store.update(kind, namespace, name, () => object, writer, part),
  )
}

/** `scale` shows and changes only how many there are to be. */
function answerScale(
  server: RestServer,
  asked: Asked,
  { kind, namespace, name = '' }: Route,
  writer: Writer,
): ApiResponse {
  const { store } = server.parts
  if (asked.method === 'GET') return json(200, scaleOf(store.get(kind, namespace, name), kind))
  const { specReplicasPath } = kind.custom?.scale ?? usualPaths
  const wanted = asked.body as { spec?: { replicas?: number }; metadata?: { resourceVersion?: string } }
  const changed = store.update(
    kind,
    namespace,
    name,
    current => {
      const { resourceVersion = current.metadata.resourceVersion } = wanted.metadata ?? {}
      const replicas = wanted.spec?.replicas ?? (asked.method === 'PUT' ? 0 : valueAt(current, specReplicasPath))
      const next = withValueAt(current, specReplicasPath, replicas) as KubernetesObject
      return { ...next, metadata: { ...current.metadata, resourceVersion } }
    },
    writer,
  )
  return json(200, scaleOf(changed, kind))
}

const usualPaths: ScalePaths = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' }

function scaleOf(object: KubernetesObject, kind: Kind) {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const { specReplicasPath, statusReplicasPath } = kind.custom?.scale ?? usualPaths
  const replicas = valueAt(object, specReplicasPath) as number | undefined
  if (kind.custom && replicas === undefined)
    throw ApiError.internal(`the spec replicas field ${JSON.stringify(specReplicasPath)} does not exist`)
  const selector = selectorText(object, kind)
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas ? { replicas } : {},
    status: { replicas: valueAt(object, statusReplicasPath) ?? 0, ...(selector && { selector }) },
  }
}

function selectorText(object: KubernetesObject, kind: Kind): string | undefined {
  const path = kind.custom?.scale?.labelSelectorPath
  if (kind.custom) return path && (valueAt(object, path) as string | undefined)
  if (kind.kind === 'ReplicationController') return undefined
  const selector = valueAt(object, '.spec.selector') as Parameters<typeof formatSelector>[0]
  return selector && formatSelector(selector)
}

/** Eviction is a deletion that disruption budgets may forbid. */
function evict(server: RestServer, asked: Asked, { kind, namespace, name = '' }: Route, writer: Writer): ApiResponse {
  const { store } = server.parts
  const { metadata, status } = store.get(kind, namespace, name) as Pod
  const budgetKind = store.storage.kinds.find(one => one.kind === 'PodDisruptionBudget')
  if (budgetKind && status.phase === 'Running') checkBudgets(server, budgetKind, metadata)
  const { deleteOptions: options } = (asked.body ?? {}) as { deleteOptions?: object }
  if (!writer.isDryRun) markEvicted(store, kind, metadata, writer)
  store.delete(kind, namespace, name, deleteOptions({ ...asked, body: options ?? {} }), writer)
  return json(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 })
}

/** Says in the pod why it goes: a Job may count that differently. */
function markEvicted(store: Store, kind: Kind, { namespace, name }: Pod['metadata'], writer: Writer): void {
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    lastProbeTime: null as never,
    lastTransitionTime: store.timestamp,
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  }
  const change = (current: KubernetesObject) => {
    const { status } = current as Pod
    const conditions = [...(status.conditions ?? []).filter(({ type }) => type !== condition.type), condition]
    return { ...current, status: { ...status, conditions } }
  }
  store.update(kind, namespace, name, change, writer, 'status')
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
    jti: server.parts.random.uuid(),
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
