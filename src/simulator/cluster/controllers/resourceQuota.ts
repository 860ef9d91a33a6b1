import { isEqual } from '../api/equality.ts'
import type { KubernetesObject } from '../api/object.ts'
import { Quantity } from '../api/quantity.ts'
import type { Change, Client } from '../client.ts'
import type { Kind } from '../kinds/kind.ts'
import { pod } from '../kinds/pod.ts'
import { kinds } from '../kinds/registry.ts'
import { type ResourceQuota, resourceQuota } from '../kinds/resourceQuota.ts'
import { isInScope } from '../kinds/workloads/quotaScope.ts'
import { usageOf } from '../kinds/workloads/usage.ts'
import { defineController, keyOf, lookUp, watch } from './controller.ts'

const counted = kinds.filter(kind => kind.namespaced && kind.kind !== 'Event' && kind.kind !== 'Lease')

/** Counts how much of a quota a namespace has used. */
export const resourceQuotaController = defineController({
  name: 'resourcequota-controller',
  watches: [watch(resourceQuota), ...counted.map(kind => watch(kind, quotasOf(kind)))],
  reconcile(key, { client }) {
    const found = lookUp(client, resourceQuota, key)
    if (!found || found.metadata.deletionTimestamp) return
    const hard = found.spec?.hard ?? {}
    const used: Record<string, string> = {}
    for (const [name, amount] of usageUnder(found, client)) used[name] = amount.toString()
    const status = { hard, used }
    if (!isEqual(status, found.status)) client.updateStatus(resourceQuota, { ...found, status })
  },
})

/** Only what changes what an object counts changes a quota: pods, for one, change for many other reasons. */
function quotasOf(kind: Kind): (change: Change, client: Client) => string[] {
  return ({ type, object, previous }, client) => {
    const quotas = client.list(resourceQuota, { namespace: object.metadata.namespace! })
    if (quotas.length === 0 || (type === 'MODIFIED' && previous && countsAlike(kind, object, previous))) return []
    return quotas.map(keyOf)
  }
}

function countsAlike(kind: Kind, object: KubernetesObject, previous: KubernetesObject): boolean {
  if (kind.group !== '') return true
  const [after, before] = [usageOf(kind, object), usageOf(kind, previous)]
  if (after.size !== before.size) return false
  return [...after].every(([name, amount]) => before.get(name)?.compare(amount) === 0)
}

/** What the objects of the namespace count, by the names in the quota that mean something here. */
function usageUnder({ metadata, spec }: ResourceQuota, client: Client): Map<string, Quantity> {
  const names = Object.keys(spec?.hard ?? {})
  const used = new Map<string, Quantity>()
  for (const name of names) if (kindsUnder(name).length > 0) used.set(name, Quantity.of(0))
  for (const kind of new Set(names.flatMap(kindsUnder)))
    for (const object of client.list(kind, { namespace: metadata.namespace! })) {
      if (!isInScope(spec, object)) continue
      const usage = usageOf(kind, object)
      for (const [name, before] of used) {
        const amount = usage.get(name)
        if (amount) used.set(name, before.plus(amount))
      }
    }
  return used
}

/** Whose objects count under a name of a quota. */
function kindsUnder(name: string): Kind[] {
  const resource = name.startsWith('count/') ? name.slice('count/'.length) : plurals[name]
  if (resource !== undefined) return kindsNamed(resource)
  if (/\.storageclass\.storage\.k8s\.io\//.test(name)) return kindsNamed('persistentvolumeclaims')
  if (/^(requests|limits)\.|^(cpu|memory|ephemeral-storage)$|^hugepages-/.test(name)) return [pod as unknown as Kind]
  return kindsNamed(name)
}

const plurals: Readonly<Record<string, string>> = {
  'services.nodeports': 'services',
  'services.loadbalancers': 'services',
  'requests.storage': 'persistentvolumeclaims',
}

/** The kind called `secrets` or `deployments.apps`. */
function kindsNamed(resource: string): Kind[] {
  const dot = resource.indexOf('.')
  const [plural, group] = dot < 0 ? [resource, ''] : [resource.slice(0, dot), resource.slice(dot + 1)]
  return counted.filter(kind => kind.plural === plural && kind.group === group)
}
