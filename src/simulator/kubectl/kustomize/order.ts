import { Failure } from '../failure.ts'
import type { SortOptions } from './kustomization.ts'
import type { Resource } from './resource.ts'
import { formatGvk, type ResourceId } from './resourceId.ts'
import type { ResourceSet } from './resourceSet.ts'

const first = [
  'Namespace',
  'ResourceQuota',
  'StorageClass',
  'CustomResourceDefinition',
  'ServiceAccount',
  'PodSecurityPolicy',
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ConfigMap',
  'Secret',
  'Endpoints',
  'Service',
  'LimitRange',
  'PriorityClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Deployment',
  'StatefulSet',
  'CronJob',
  'PodDisruptionBudget',
]
const last = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']

/** Brings resources into the order in which they can be created, unless `sortOptions` wants them as they came. */
export function sortResources(resources: ResourceSet, options: SortOptions | undefined): void {
  const { order, legacySortOptions } = options ?? { order: 'legacy' }
  if (order !== 'fifo' && order !== 'legacy')
    throw new Failure("the field 'sortOptions.order' must be one of [fifo, legacy]")
  if (order === 'fifo') {
    if (legacySortOptions) {
      throw new Failure(
        "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'",
      )
    }
    return
  }
  const [head, tail] = legacySortOptions
    ? [legacySortOptions.orderFirst ?? [], legacySortOptions.orderLast ?? []]
    : [first, last]
  const ranks = new Map([
    ...head.map((kind, i) => [kind, i - head.length] as const),
    ...tail.map((kind, i) => [kind, i + 1] as const),
  ])
  const rank = ({ id }: Resource) => ranks.get(id.kind) ?? 0
  resources.sort((a, b) => {
    if (formatGvk(a.id) === formatGvk(b.id)) return compare(sortText(a.id), sortText(b.id))
    return rank(a) - rank(b) || compare(gvkText(a.id), gvkText(b.id))
  })
}

function gvkText({ group, version, kind }: ResourceId): string {
  return [group || '~G', version || '~V', kind || '~K'].join('_')
}

function sortText(id: ResourceId): string {
  return [formatGvk(id), id.namespace || '~X', id.name || '~N'].join('|')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
