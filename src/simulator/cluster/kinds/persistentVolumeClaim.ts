import type { PersistentVolumeClaimSpec, PersistentVolumeClaimStatus } from 'kubernetes-types/core/v1'
import { isEqual } from '../api/equality.ts'
import { type FieldError, forbidden } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'
import { validateClaimSpec } from './storage/claimSpec.ts'
import { shortModes } from './storage/volumeSource.ts'

/** A wish for storage. */
export interface PersistentVolumeClaim extends KubernetesObject {
  spec: PersistentVolumeClaimSpec
  status: PersistentVolumeClaimStatus
}

export const persistentVolumeClaim = defineKind<PersistentVolumeClaim>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  categories: [],
  namespaced: true,
  subresources: ['status'],
  defaults({ spec }) {
    spec.volumeMode ??= 'Filesystem'
  },
  prepare(claim, previous) {
    if (previous) return
    claim.status = { phase: 'Pending' }
    // The StorageObjectInUseProtection admission plugin.
    claim.metadata.finalizers = [...new Set([...(claim.metadata.finalizers ?? []), 'kubernetes.io/pvc-protection'])]
  },
  validate({ spec }) {
    const errors: FieldError[] = []
    validateClaimSpec(spec, 'spec', errors)
    return errors
  },
  validateUpdate({ spec }, previous) {
    const fixed = ({ resources: _, volumeName: __, ...rest }: PersistentVolumeClaimSpec): object => rest
    const isBoundNow = spec.volumeName === previous.spec.volumeName || !previous.spec.volumeName
    if (isEqual(fixed(spec), fixed(previous.spec)) && isBoundNow) return []
    const text =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'
    return [forbidden('spec', text)]
  },
  columns: [
    nameColumn,
    {
      name: 'Status',
      value: ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : (status.phase ?? '')),
    },
    { name: 'Volume', value: ({ spec }) => spec.volumeName ?? '' },
    {
      name: 'Capacity',
      value: ({ spec, status }) => (spec.volumeName ? String(status.capacity?.['storage'] ?? '0') : ''),
    },
    { name: 'Access Modes', value: ({ spec, status }) => (spec.volumeName ? shortModes(status.accessModes) : '') },
    { name: 'StorageClass', value: ({ spec }) => spec.storageClassName ?? '' },
    { name: 'VolumeAttributesClass', value: ({ spec }) => attributesClassOf(spec) },
    ageColumn,
    { name: 'VolumeMode', wide: true, value: ({ spec }) => spec.volumeMode ?? '<unset>' },
  ],
})

function attributesClassOf(spec: object): string {
  return (spec as { volumeAttributesClassName?: string }).volumeAttributesClassName || '<unset>'
}
