import type { Invocation } from '../invocation.ts'
import type { AnyList } from '../server/object.ts'
import { type DeletionFlags, sendDeletion } from './deletion.ts'
import { type DryRun, dryRunQuery, withDryRun } from './dryRun.ts'
import { lastApplied } from './lastApplied.ts'
import { readQuery } from './selection.ts'
import { nameOf, type Target } from './target.ts'

/** What pruning looks at besides the objects that were applied. */
export interface PruneOptions extends DeletionFlags {
  readonly selector: string
  readonly 'prune-allowlist': readonly string[]
  readonly dryRun: DryRun
}

const namespaced = [
  ...[
    'v1/ConfigMap',
    'v1/Endpoints',
    'v1/PersistentVolumeClaim',
    'v1/Pod',
    'v1/ReplicationController',
    'v1/Secret',
    'v1/Service',
  ],
  ...['batch/v1/Job', 'batch/v1/CronJob', 'networking.k8s.io/v1/Ingress', 'apps/v1/DaemonSet', 'apps/v1/Deployment'],
  ...['apps/v1/ReplicaSet', 'apps/v1/StatefulSet'],
]
const clusterWide = ['v1/Namespace', 'v1/PersistentVolume']

/** Deletes what was applied before, matches the selector, and is no longer among the manifests. */
export async function prune(invocation: Invocation, applied: readonly Target[], options: PruneOptions): Promise<void> {
  const resources = await invocation.resources()
  const kept = new Set(applied.map(({ object }) => object.metadata.uid))
  const namespaces = [
    ...new Set(applied.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace]))),
  ].sort()
  const kinds = options['prune-allowlist'].length > 0 ? options['prune-allowlist'] : [...namespaced, ...clusterWide]
  for (const each of kinds) {
    const parts = each.split('/')
    const kind = parts.pop()!
    const resource = resources.ofKind(parts.join('/'), kind)
    for (const namespace of resource.namespaced ? namespaces : [undefined]) {
      const query = { resource, namespace, selector: options.selector, fieldSelector: '' }
      for (const object of (await readQuery<AnyList>(invocation.api, query)).items) {
        if (lastApplied.of(object) === undefined || kept.has(object.metadata.uid)) continue
        const target = { resource, namespace, name: object.metadata.name ?? '', object }
        if (options.dryRun !== 'client') await sendDeletion(invocation, target, options, dryRunQuery(options.dryRun))
        await invocation.print(`${nameOf(target)} ${withDryRun('pruned', options.dryRun)}\n`)
      }
    }
  }
}
