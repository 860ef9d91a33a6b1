import type { PersistentVolumeClaimSpec, PersistentVolumeClaimStatus } from 'kubernetes-types/core/v1'
import { allowOneOf } from '../api/checks.ts'
import { isEqual } from '../api/equality.ts'
import { type FieldError, forbidden, required } from '../api/fieldError.ts'
import { validateSelector } from '../api/labels.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'
import { accessModes, shortModes } from './storage/volumeSource.ts'

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
    if (!spec.accessModes?.length) errors.push(required('spec.accessModes', 'at least 1 access mode is required'))
    validateSelector(spec.selector, 'spec.selector', errors)
    for (const mode of spec.accessModes ?? []) allowOneOf(mode, accessModes, 'spec.accessModes', errors)
    if (spec.resources?.requests?.['storage'] === undefined) errors.push(required('spec.resources[storage]'))
    allowOneOf(spec.volumeMode, ['Block', 'Filesystem'], 'spec.volumeMode', errors)
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
