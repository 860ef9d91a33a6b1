import { isEqual } from '../../api/equality.ts'
import { controllerReference, type KubernetesObject } from '../../api/object.ts'
import type { Client } from '../../client.ts'
import { type ControllerRevision, controllerRevision } from '../../kinds/controllerRevision.ts'

/** A workload that remembers its templates. */
export interface Versioned extends KubernetesObject {
  spec: { template: { metadata?: { labels?: Record<string, string> } }; revisionHistoryLimit?: number }
}

/** The remembered template in the form of a patch that would bring it back, in the order in which Go writes maps. */
export function templatePatch({ spec }: Versioned) {
  return sorted({ spec: { template: { ...spec.template, $patch: 'replace' } } })
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]))
}

export function revisionsOf(owner: KubernetesObject, client: Client): ControllerRevision[] {
  return [...client.ownedBy(controllerRevision, owner.metadata.uid)].sort(
    (a, b) => a.revision - b.revision || (a.metadata.name < b.metadata.name ? -1 : 1),
  )
}

/** Finds the revision of the template as it is, makes it the newest, or creates it under the given name and labels. */
export function syncRevision(
  owner: Versioned,
  history: readonly ControllerRevision[],
  name: string,
  labels: Readonly<Record<string, string>>,
  client: Client,
): ControllerRevision {
  const data = templatePatch(owner)
  const last = history.at(-1)?.revision ?? 0
  const same = history.findLast(revision => isEqual((revision as { data?: unknown }).data, data))
  if (same && same.revision === last) return same
  if (same) return client.update(controllerRevision, { ...same, revision: last + 1 })
  const { annotations, namespace } = owner.metadata
  return client.create(controllerRevision, {
    metadata: {
      name,
      namespace: namespace!,
      labels: { ...owner.spec.template.metadata?.labels, ...labels },
      ...(annotations && { annotations }),
      ownerReferences: [controllerReference(owner)],
    },
    data,
    revision: last + 1,
  } as Parameters<typeof client.create<ControllerRevision>>[1])
}

/** Forgets the oldest revisions that no pod has any more, beyond `spec.revisionHistoryLimit`. */
export function forgetRevisions(
  owner: Versioned,
  history: readonly ControllerRevision[],
  isLive: (revision: ControllerRevision) => boolean,
  client: Client,
): void {
  const idle = history.filter(revision => !isLive(revision))
  const surplus = idle.length - (owner.spec.revisionHistoryLimit ?? 10)
  for (const { metadata } of idle.slice(0, Math.max(0, surplus)))
    client.delete(controllerRevision, metadata.name, metadata.namespace)
}
