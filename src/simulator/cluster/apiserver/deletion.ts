import type { KubernetesObject, ObjectMeta } from '../api/object.ts'
import type { DeleteOptions } from '../client.ts'
import { customResourceDefinition } from '../kinds/customResourceDefinition.ts'
import { cleanupFinalizer, type DefinitionCondition } from '../kinds/definitions/definition.ts'
import { job } from '../kinds/job.ts'
import type { Kind } from '../kinds/kind.ts'
import { namespace } from '../kinds/namespace.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { replicationController } from '../kinds/replicationController.ts'

/**
 * The object as it waits for its end; undefined when it may go at once (BeforeDelete and
 * deletionFinalizersForGarbageCollection of k8s.io/apiserver/pkg/registry).
 */
export function markDeleted(
  kind: Kind,
  current: KubernetesObject,
  options: DeleteOptions,
  now: number,
): KubernetesObject | undefined {
  const metadata: ObjectMeta = { ...current.metadata }
  const finalizers = finalizersFor(kind, metadata.finalizers ?? [], options)
  if (finalizers.length > 0) metadata.finalizers = finalizers
  else delete metadata.finalizers
  if (kind === namespace) return markNamespace(current, metadata, now)
  if (kind === customResourceDefinition) return markDefinition(current, metadata, now)
  const grace = gracePeriod(kind, current, options)
  if (finalizers.length === 0 && grace === 0) return undefined
  const planned = metadata.deletionGracePeriodSeconds
  if (metadata.deletionTimestamp === undefined) {
    metadata.deletionTimestamp = secondsLater(now, grace)
    metadata.deletionGracePeriodSeconds = grace
    if (metadata.generation !== undefined) metadata.generation++
  } else if (grace < (planned ?? 0)) {
    const asked = Date.parse(metadata.deletionTimestamp) - (planned ?? 0) * 1000
    metadata.deletionTimestamp = secondsLater(asked, grace)
    metadata.deletionGracePeriodSeconds = grace
  }
  return { ...current, metadata }
}

/** Whether an object that is being deleted has nothing left to wait for. */
export function isReadyToGo(object: KubernetesObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata
  if (deletionTimestamp === undefined || finalizers?.length || deletionGracePeriodSeconds) return false
  return object.kind !== 'Namespace' || !ownFinalizers(object).length
}

/** A namespace waits until the controller has emptied it. */
function markNamespace(current: KubernetesObject, metadata: ObjectMeta, now: number): KubernetesObject | undefined {
  if (ownFinalizers(current).length === 0 && !metadata.finalizers?.length) return undefined
  metadata.deletionTimestamp ??= secondsLater(now, 0)
  return { ...current, metadata, status: { ...statusOf(current), phase: 'Terminating' } } as KubernetesObject
}

/** A definition waits until its objects are gone. */
function markDefinition(current: KubernetesObject, metadata: ObjectMeta, now: number): KubernetesObject {
  const { finalizers = [] } = metadata
  if (metadata.deletionTimestamp) return { ...current, metadata }
  metadata.deletionTimestamp = secondsLater(now, 0)
  metadata.deletionGracePeriodSeconds = 0
  if (!finalizers.includes(cleanupFinalizer)) metadata.finalizers = [...finalizers, cleanupFinalizer]
  const { conditions = [] } = statusOf(current) as { conditions?: readonly DefinitionCondition[] }
  const terminating: DefinitionCondition = {
    lastTransitionTime: secondsLater(now, 0),
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    reason: 'InstanceDeletionPending',
    status: 'True',
    type: 'Terminating',
  }
  return {
    ...current,
    metadata,
    status: { ...statusOf(current), conditions: [...conditions, terminating] },
  } as KubernetesObject
}

function ownFinalizers(object: KubernetesObject): readonly string[] {
  return (object as { spec?: { finalizers?: readonly string[] } }).spec?.finalizers ?? []
}

function statusOf(object: KubernetesObject): object {
  return (object as { status?: object }).status ?? {}
}

/** Pods end gracefully: in their own time or the one asked for; other objects go at once. */
function gracePeriod(kind: Kind, object: KubernetesObject, options: DeleteOptions): number {
  if (kind !== pod) return 0
  const { metadata, spec, status } = object as Pod
  if (!spec.nodeName || status.phase === 'Succeeded' || status.phase === 'Failed') return 0
  if (options.gracePeriodSeconds !== undefined) return Math.max(0, options.gracePeriodSeconds)
  return metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30
}

/** The finalizers that make the garbage collector work before the object may go. */
function finalizersFor(kind: Kind, current: readonly string[], { propagationPolicy }: DeleteOptions): string[] {
  const others = current.filter(item => item !== 'orphan' && item !== 'foregroundDeletion')
  // Kinds from before garbage collection leave their dependents alone unless told otherwise.
  const wasEarlier = kind === job || kind === replicationController
  const policy = propagationPolicy ?? (others.length === current.length && wasEarlier ? 'Orphan' : undefined)
  if (policy === 'Orphan') return [...others, 'orphan']
  if (policy === 'Foreground') return [...others, 'foregroundDeletion']
  return policy === 'Background' ? others : [...current]
}

function secondsLater(milliseconds: number, seconds: number): string {
  return new Date((Math.floor(milliseconds / 1000) + seconds) * 1000).toISOString().replace('.000Z', 'Z')
}
