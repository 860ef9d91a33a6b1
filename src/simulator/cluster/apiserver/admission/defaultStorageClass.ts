import { type PersistentVolumeClaim, persistentVolumeClaim } from '../../kinds/persistentVolumeClaim.ts'
import { type StorageClass, storageClass } from '../../kinds/storageClass.ts'
import type { Admission } from './admission.ts'

/** Claims that name no class get the one that is marked as the default, if there is one. */
export const defaultStorageClass: Admission = {
  name: 'DefaultStorageClass',
  on: ['create'],
  handles: kind => kind === persistentVolumeClaim,
  admit({ object, store }) {
    const { spec } = object as PersistentVolumeClaim
    if (spec.storageClassName !== undefined) return
    for (const entry of store.storage.collection(storageClass).entries()) {
      const { metadata } = entry.object as StorageClass
      if (metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] !== 'true') continue
      spec.storageClassName = metadata.name
      return
    }
  },
}
