import type { StorageClass as StorageClassFields } from 'kubernetes-types/storage/v1'
import { allowOneOf } from '../api/checks.ts'
import { isEqual } from '../api/equality.ts'
import { type FieldError, forbidden, required } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** A sort of storage that can be made on demand. */
export type StorageClass = KubernetesObject & Omit<StorageClassFields, keyof KubernetesObject>

const isDefault = 'storageclass.kubernetes.io/is-default-class'

export const storageClass = defineKind<StorageClass>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  singular: 'storageclass',
  shortNames: ['sc'],
  categories: [],
  namespaced: false,
  subresources: [],
  defaults(storageClass) {
    storageClass.reclaimPolicy ??= 'Delete'
    storageClass.volumeBindingMode ??= 'Immediate'
  },
  validate({ provisioner, reclaimPolicy, volumeBindingMode }) {
    const errors: FieldError[] = []
    if (!provisioner) errors.push(required('provisioner'))
    allowOneOf(reclaimPolicy, ['Delete', 'Retain'], 'reclaimPolicy', errors)
    allowOneOf(volumeBindingMode, ['Immediate', 'WaitForFirstConsumer'], 'volumeBindingMode', errors)
    return errors
  },
  validateUpdate(next, previous) {
    const errors: FieldError[] = []
    if (!isEqual(next.parameters, previous.parameters))
      errors.push(forbidden('parameters', 'updates to parameters are forbidden.'))
    if (next.provisioner !== previous.provisioner)
      errors.push(forbidden('provisioner', 'updates to provisioner are forbidden.'))
    if (next.reclaimPolicy !== previous.reclaimPolicy)
      errors.push(forbidden('reclaimPolicy', 'updates to reclaimPolicy are forbidden.'))
    return errors
  },
  columns: [
    {
      name: 'Name',
      format: 'name',
      value: ({ metadata }) =>
        metadata.annotations?.[isDefault] === 'true' ? `${metadata.name} (default)` : metadata.name,
    },
    { name: 'Provisioner', value: ({ provisioner }) => provisioner },
    { name: 'ReclaimPolicy', value: ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete' },
    { name: 'VolumeBindingMode', value: ({ volumeBindingMode }) => volumeBindingMode ?? 'Immediate' },
    { name: 'AllowVolumeExpansion', value: ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false },
    ageColumn,
  ],
})
