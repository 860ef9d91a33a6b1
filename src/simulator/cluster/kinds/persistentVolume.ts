import type { PersistentVolumeSpec, PersistentVolumeStatus } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** A piece of storage of the cluster. */
export interface PersistentVolume extends KubernetesObject {
  spec: PersistentVolumeSpec
  status: PersistentVolumeStatus
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
  columns: [nameColumn, ageColumn],
})
