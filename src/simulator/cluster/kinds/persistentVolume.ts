import type { PersistentVolumeSpec, PersistentVolumeStatus } from 'kubernetes-types/core/v1'
import { allowOneOf } from '../api/checks.ts'
import { isEqual } from '../api/equality.ts'
import { type FieldError, forbidden, required } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'
import { requirePositiveAmount } from './storage/claimSpec.ts'
import { accessModes, shortModes, sourceOf, validateVolumeSource } from './storage/volumeSource.ts'

/** A piece of storage of the cluster. */
export interface PersistentVolume extends KubernetesObject {
  spec: PersistentVolumeSpec
  status: PersistentVolumeStatus & { lastPhaseTransitionTime?: string }
}

export const persistentVolume = defineKind<PersistentVolume>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  singular: 'persistentvolume',
  shortNames: ['pv'],
  categories: [],
  namespaced: false,
  subresources: ['status'],
  defaults({ spec }) {
    spec.persistentVolumeReclaimPolicy ||= 'Retain'
    spec.volumeMode ??= 'Filesystem'
    if (spec.hostPath) spec.hostPath.type ??= ''
  },
  prepare(volume, previous) {
    if (previous) return
    volume.status = { phase: 'Pending' }
    // The StorageObjectInUseProtection admission plugin.
    volume.metadata.finalizers = [...new Set([...(volume.metadata.finalizers ?? []), 'kubernetes.io/pv-protection'])]
  },
  validate({ spec }) {
    const errors: FieldError[] = []
    if (!spec.accessModes?.length) errors.push(required('spec.accessModes'))
    for (const mode of spec.accessModes ?? []) allowOneOf(mode, accessModes, 'spec.accessModes', errors)
    if (!Object.keys(spec.capacity ?? {}).length) errors.push(required('spec.capacity'))
    for (const [name, amount] of Object.entries(spec.capacity ?? {}))
      requirePositiveAmount(String(amount), `spec.capacity[${name}]`, errors)
    allowOneOf(
      spec.persistentVolumeReclaimPolicy,
      ['Delete', 'Recycle', 'Retain'],
      'spec.persistentVolumeReclaimPolicy',
      errors,
    )
    validateVolumeSource(spec, 'spec', errors)
    allowOneOf(spec.volumeMode, ['Block', 'Filesystem'], 'spec.volumeMode', errors)
    return errors
  },
  validateUpdate({ spec }, previous) {
    const source = sourceOf(spec)
    const isSame =
      source === sourceOf(previous.spec) && isEqual(source && spec[source], source && previous.spec[source])
    return isSame
      ? []
      : [forbidden('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation')]
  },
  columns: [
    nameColumn,
    { name: 'Capacity', value: ({ spec }) => String(spec.capacity?.['storage'] ?? '') },
    { name: 'Access Modes', value: ({ spec }) => shortModes(spec.accessModes) },
    { name: 'Reclaim Policy', value: ({ spec }) => spec.persistentVolumeReclaimPolicy ?? '' },
    {
      name: 'Status',
      value: ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : (status.phase ?? '')),
    },
    {
      name: 'Claim',
      value: ({ spec }) => (spec.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : ''),
    },
    { name: 'StorageClass', value: ({ spec }) => spec.storageClassName ?? '' },
    { name: 'VolumeAttributesClass', value: ({ spec }) => attributesClassOf(spec) },
    { name: 'Reason', value: ({ status }) => status.reason ?? '' },
    ageColumn,
    { name: 'VolumeMode', wide: true, value: ({ spec }) => spec.volumeMode ?? '<unset>' },
  ],
})

function attributesClassOf(spec: object): string {
  return (spec as { volumeAttributesClassName?: string }).volumeAttributesClassName || '<unset>'
}
