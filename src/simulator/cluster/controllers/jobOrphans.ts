import { controllerOf } from '../api/object.ts'
import type { Change, Client } from '../client.ts'
import { type Job, job } from '../kinds/job.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { defineController, type Key, keyOf, lookUp, watch } from './controller.ts'
import { release, trackingFinalizer } from './jobs/pods.ts'

/** Lets go of pods that no Job will count, because it is gone or they were taken from it. */
export const jobOrphanController = defineController({
  name: 'job-controller',
  watches: [watch(job, podsOfDeleted), watch(pod, orphan)],
  reconcile(key, { client }) {
    const found = lookUp(client, pod, key)
    if (found && isOrphan(found, client)) release([found], client)
  },
})

function podsOfDeleted({ type, object }: Change<Job>, client: Client): Key[] {
  return type === 'DELETED' ? client.ownedBy(pod, object.metadata.uid).map(keyOf) : []
}

function orphan({ type, object }: Change<Pod>, client: Client): Key[] {
  return type !== 'DELETED' && isOrphan(object, client) ? [keyOf(object)] : []
}

function isOrphan(member: Pod, client: Client): boolean {
  const { finalizers, namespace } = member.metadata
  if (!finalizers?.includes(trackingFinalizer)) return false
  const owner = controllerOf(member)
  if (!owner) return true
  return owner.kind === 'Job' && client.get(job, owner.name, namespace)?.metadata.uid !== owner.uid
}
