import { ApiError } from '../api/error.ts'
import { controllerReference, isControlledBy } from '../api/object.ts'
import { persistentVolumeClaim } from '../kinds/persistentVolumeClaim.ts'
import { pod } from '../kinds/pod.ts'
import { defineController, keyOf, lookUp, watch } from './controller.ts'

/** Makes the claims of volumes that live as long as their pod: `ephemeral.volumeClaimTemplate`. */
export const ephemeralVolumeController = defineController({
  name: 'ephemeral-volume-controller',
  watches: [
    watch(pod, ({ object }) => (object.spec.volumes?.some(({ ephemeral }) => ephemeral) ? [keyOf(object)] : [])),
  ],
  reconcile(key, { client, record }) {
    const found = lookUp(client, pod, key)
    if (!found || found.metadata.deletionTimestamp) return
    const { namespace } = found.metadata
    for (const { name: volume, ephemeral } of found.spec.volumes ?? []) {
      const template = ephemeral?.volumeClaimTemplate
      if (!template) continue
      const name = `${found.metadata.name}-${volume}`
      const existing = client.get(persistentVolumeClaim, name, namespace)
      if (existing && !isControlledBy(existing, found))
        throw ApiError.conflict(persistentVolumeClaim, name, `PVC ${namespace}/${name} was not created for pod ${key}`)
      if (existing) continue
      try {
        client.create(persistentVolumeClaim, {
          metadata: {
            name,
            namespace: namespace!,
            ...(template.metadata?.labels && { labels: template.metadata.labels }),
            ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
            ownerReferences: [controllerReference(found)],
          },
          spec: template.spec,
        })
      } catch (error) {
        if (error instanceof ApiError) record(found, 'Warning', 'FailedCreate', `create PVC ${name}: ${error.message}`)
        throw error
      }
    }
  },
})
