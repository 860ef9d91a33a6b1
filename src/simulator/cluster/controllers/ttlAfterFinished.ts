import { job } from '../kinds/job.ts'
import { defineController, lookUp, watch } from './controller.ts'

/** Deletes jobs `ttlSecondsAfterFinished` seconds after they have ended, pods first. */
export const ttlAfterFinishedController = defineController({
  name: 'ttl-after-finished-controller',
  watches: [watch(job)],
  reconcile(key, control) {
    const found = lookUp(control.client, job, key)
    const seconds = found?.spec.ttlSecondsAfterFinished
    if (!found || found.metadata.deletionTimestamp || seconds === undefined) return
    const end = found.status?.conditions?.find(
      ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
    )
    if (!end?.lastTransitionTime) return
    const left = Date.parse(end.lastTransitionTime) + seconds * 1000 - control.now
    if (left > 0) control.enqueue(key, left)
    else
      control.client.delete(job, found.metadata.name, found.metadata.namespace, {
        propagationPolicy: 'Foreground',
        uid: found.metadata.uid,
      })
  },
})
