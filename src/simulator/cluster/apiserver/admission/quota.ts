import { ApiError } from '../../api/error.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { Quantity } from '../../api/quantity.ts'
import { type ResourceQuota, resourceQuota } from '../../kinds/resourceQuota.ts'
import { isInScope } from '../../kinds/workloads/quotaScope.ts'
import { usageOf } from '../../kinds/workloads/usage.ts'
import { type Admission, nameOf } from './admission.ts'

/** Refuses what would exceed the quota of its namespace. */
export const quota: Admission = {
  name: 'ResourceQuota',
  on: ['create'],
  handles: kind => kind.namespaced && kind !== resourceQuota,
  check({ kind, object, store, writer }) {
    const collection = store.storage.collection(resourceQuota)
    if (collection.size === 0) return
    const needed = usageOf(kind, object)
    for (const entry of [...collection.entries(object.metadata.namespace)]) {
      const found = entry.object as ResourceQuota
      if (!isInScope(found.spec, object)) continue
      const hard = found.status?.hard ?? found.spec.hard ?? {}
      const requested = pick(needed, hard)
      requireValues(kind, object, hard, needed, found)
      if (requested.size === 0) continue
      const used = found.status?.used ?? {}
      const total = new Map([...requested].map(([name, amount]) => [name, read(used[name] ?? '0').plus(amount)]))
      const exceeded = [...total].filter(([name, amount]) => amount.compare(read(hard[name])) > 0).map(([name]) => name)
      if (exceeded.length > 0) {
        const list = (amounts: (name: string) => string): string =>
          exceeded
            .sort()
            .map(name => `${name}=${amounts(name)}`)
            .join(',')
        throw ApiError.forbidden(
          kind,
          nameOf(object),
          `exceeded quota: ${found.metadata.name}, requested: ${list(name => String(requested.get(name)))}, used: ${list(name => String(used[name] ?? '0'))}, limited: ${list(name => String(hard[name]))}`,
        )
      }
      if (writer.isDryRun) continue
      const status = { ...found.status, hard, used: { ...used, ...texts(total) } }
      store.update(
        resourceQuota,
        found.metadata.namespace,
        found.metadata.name,
        () => ({ ...found, status }) as KubernetesObject,
        { user: 'system:apiserver', manager: 'kube-apiserver' },
        'status',
      )
    }
  },
}

/** A quota on requests or limits makes every container say its own. */
function requireValues(
  kind: Attempted,
  object: KubernetesObject,
  hard: object,
  needed: ReadonlyMap<string, Quantity>,
  found: ResourceQuota,
): void {
  if (kind.kind !== 'Pod') return
  const containers = (object as { spec?: { containers?: readonly { name: string }[] } }).spec?.containers ?? []
  const missing = Object.keys(hard).filter(
    name => /^(requests\.|limits\.)?(cpu|memory)$/.test(name) && !needed.has(name),
  )
  if (missing.length === 0) return
  const list = missing
    .sort()
    .map(name => `${name} for: ${containers.map(container => container.name).join(',')}`)
    .join('; ')
  throw ApiError.forbidden(kind, nameOf(object), `failed quota: ${found.metadata.name}: must specify ${list}`)
}

interface Attempted {
  readonly group: string
  readonly plural: string
  readonly kind: string
}

function pick(needed: ReadonlyMap<string, Quantity>, hard: Readonly<Record<string, unknown>>): Map<string, Quantity> {
  return new Map([...needed].filter(([name]) => hard[name] !== undefined))
}

function texts(amounts: ReadonlyMap<string, Quantity>): Record<string, string> {
  return Object.fromEntries([...amounts].map(([name, amount]) => [name, amount.toString()]))
}

function read(amount: unknown): Quantity {
  return Quantity.parse(String(amount))
}
