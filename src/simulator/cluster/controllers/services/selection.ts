import { matchesSelector } from '../../api/selector.ts'
import type { Change, Client } from '../../client.ts'
import type { Pod } from '../../kinds/pod.ts'
import { type Service, service } from '../../kinds/service.ts'
import { type Key, keyOf } from '../controller.ts'
import { conditionOf, isReady, isTerminal } from '../pods/state.ts'

export type ServicePort = NonNullable<Service['spec']['ports']>[number]

/** Services that may have to look again because a pod has come, gone, or changed in a way that concerns them. */
export function servicesOfPod(change: Change<Pod>, client: Client): Key[] {
  const { object, previous } = change
  if (change.type === 'MODIFIED' && previous && isSameForServices(previous, object)) return []
  const before = previous?.metadata.labels
  const after = object.metadata.labels
  return client
    .list(service, { namespace: object.metadata.namespace! })
    .filter(({ spec }) => spec.selector && (selects(spec.selector, after) || selects(spec.selector, before)))
    .map(keyOf)
}

/** An empty selector selects every pod of the namespace. */
function selects(selector: Readonly<Record<string, string>>, labels: Record<string, string> | undefined): boolean {
  return labels !== undefined || Object.keys(selector).length === 0
    ? matchesSelector({ matchLabels: selector }, labels)
    : false
}

function isSameForServices(before: Pod, after: Pod): boolean {
  return (
    before.metadata.labels === after.metadata.labels &&
    before.metadata.deletionTimestamp === after.metadata.deletionTimestamp &&
    before.status?.podIP === after.status?.podIP &&
    before.status?.phase === after.status?.phase &&
    before.spec.nodeName === after.spec.nodeName &&
    isReady(before) === isReady(after)
  )
}

/** A pod with an address whose containers have not all ended belongs to its Services, ready or not. */
export function hasEndpoint(pod: Pod): boolean {
  return Boolean(pod.status?.podIP) && !isTerminal(pod)
}

/** The number of the port on which this pod serves: ports by name differ from pod to pod. */
export function targetPortOf(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port
  if (typeof target === 'number') return target
  const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')
  for (const { ports } of [...pod.spec.containers, ...sidecars])
    for (const { name, protocol, containerPort } of ports ?? [])
      if (name === target && (protocol ?? 'TCP') === (port.protocol ?? 'TCP')) return containerPort
  return undefined
}

/** The name that the pod has under the Service: `spec.subdomain` must be the Service's name. */
export function hostnameUnder(pod: Pod, parent: Service): string | undefined {
  const isMember = pod.spec.hostname && pod.spec.subdomain === parent.metadata.name
  return isMember ? pod.spec.hostname : undefined
}

export function referenceToPod(pod: Pod) {
  const { namespace, name, uid } = pod.metadata
  return { kind: 'Pod', namespace: namespace!, name, uid }
}

/** Remembers what each Service has been told of, to say when the change happened that an update is about. */
export class ChangeTimes {
  readonly #pods = new Map<Key, Map<string, string>>()

  /** The earliest change since the last call: of the Service itself, or of a pod's readiness. */
  since(parent: Service, pods: readonly Pod[]): string | undefined {
    const key = `${keyOf(parent)}/${parent.metadata.uid}`
    const known = this.#pods.get(key)
    const times = new Map<string, string>()
    const changes = known ? [] : [parent.metadata.creationTimestamp]
    for (const pod of pods) {
      const time = conditionOf(pod, 'Ready')?.lastTransitionTime
      if (time === undefined) continue
      times.set(pod.metadata.name, time)
      if (time > (known?.get(pod.metadata.name) ?? '')) changes.push(time)
    }
    this.#pods.set(key, times)
    return changes.length > 0 ? changes.sort()[0] : undefined
  }

  forget(key: Key): void {
    for (const known of this.#pods.keys()) if (known.startsWith(`${key}/`)) this.#pods.delete(known)
  }
}
