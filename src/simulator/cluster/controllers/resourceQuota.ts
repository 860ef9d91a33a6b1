import type { Container } from 'kubernetes-types/core/v1'
import { isEqual } from '../api/equality.ts'
import { Quantity } from '../api/quantity.ts'
import type { Change, Client } from '../client.ts'
import type { Kind } from '../kinds/kind.ts'
import { persistentVolumeClaim } from '../kinds/persistentVolumeClaim.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { kinds } from '../kinds/registry.ts'
import { resourceQuota } from '../kinds/resourceQuota.ts'
import { service } from '../kinds/service.ts'
import { defineController, keyOf, lookUp, watch } from './controller.ts'
import { isTerminal } from './pods/state.ts'

const counted = kinds.filter(kind => kind.namespaced && kind.kind !== 'Event' && kind.kind !== 'Lease')

/** Counts how much of a quota a namespace has used. */
export const resourceQuotaController = defineController({
  name: 'resourcequota-controller',
  watches: [watch(resourceQuota), ...counted.map(kind => watch(kind, quotasOf))],
  reconcile(key, { client }) {
    const found = lookUp(client, resourceQuota, key)
    if (!found || found.metadata.deletionTimestamp) return
    const hard = found.spec?.hard ?? {}
    const { namespace } = found.metadata
    const used: Record<string, string> = {}
    for (const name of Object.keys(hard)) {
      const amount = usage(name, namespace!, client)
      if (amount) used[name] = amount.toString()
    }
    const status = { hard, used }
    if (!isEqual(status, found.status)) client.updateStatus(resourceQuota, { ...found, status })
  },
})

/** Only what comes, goes or ends changes a count; what a Service or a claim asks for may change too. */
function quotasOf({ type, object, previous }: Change, client: Client): string[] {
  const hasEnded =
    object.kind === 'Pod' && isTerminal(object as Pod) !== (previous ? isTerminal(previous as Pod) : false)
  const isAmended = object.kind === 'Service' || object.kind === 'PersistentVolumeClaim'
  if (type === 'MODIFIED' && !hasEnded && !isAmended) return []
  return client.list(resourceQuota, { namespace: object.metadata.namespace! }).map(keyOf)
}

/** How much of a resource of a quota the namespace uses; undefined for names that mean nothing here. */
function usage(name: string, namespace: string, client: Client): Quantity | undefined {
  const pods = () => client.list(pod, { namespace }).filter(member => !isTerminal(member))
  if (name === 'pods') return Quantity.of(pods().length)
  if (name === 'services.nodeports' || name === 'services.loadbalancers')
    return Quantity.of(countServices(name, namespace, client))
  if (name === 'requests.storage')
    return sum(
      client.list(persistentVolumeClaim, { namespace }).map(({ spec }) => spec?.resources?.requests?.['storage']),
    )
  const compute = /^(?:(requests|limits)\.)?(cpu|memory|ephemeral-storage|hugepages-.+)$/.exec(name)
  if (compute)
    return sum(
      pods().flatMap(member => amountsOf(member, compute[1] === 'limits' ? 'limits' : 'requests', compute[2]!)),
    )
  const kind = kindOf(name.startsWith('count/') ? name.slice('count/'.length) : name)
  return kind && Quantity.of(client.list(kind, { namespace }).length)
}

function kindOf(resource: string): Kind | undefined {
  const dot = resource.indexOf('.')
  const [plural, group] = dot < 0 ? [resource, ''] : [resource.slice(0, dot), resource.slice(dot + 1)]
  return counted.find(kind => kind.plural === plural && kind.group === group)
}

function countServices(name: string, namespace: string, client: Client): number {
  const services = client.list(service, { namespace })
  if (name === 'services.loadbalancers') return services.filter(({ spec }) => spec.type === 'LoadBalancer').length
  return services.flatMap(({ spec }) => spec.ports ?? []).filter(({ nodePort }) => nodePort).length
}

/** Init containers run before the others: only what they need beyond them counts. */
function amountsOf({ spec }: Pod, side: 'requests' | 'limits', resource: string): (string | undefined)[] {
  const amount = ({ resources }: Container) => resources?.[side]?.[resource] as string | undefined
  const total = sum(spec.containers.map(amount))
  const starts = (spec.initContainers ?? []).map(container => Quantity.parse(amount(container) ?? '0'))
  const most = starts.reduce((highest, start) => (start.compare(highest) > 0 ? start : highest), total)
  return [most.toString()]
}

function sum(amounts: readonly (string | undefined)[]): Quantity {
  return amounts.reduce((total, amount) => total.plus(Quantity.parse(amount ?? '0')), Quantity.of(0))
}
