import type { CSIStorageCapacity as CSIStorageCapacityFields } from 'kubernetes-types/storage/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** How much storage a driver has left. */
export type CSIStorageCapacity = KubernetesObject & Omit<CSIStorageCapacityFields, keyof KubernetesObject>

export const csiStorageCapacity = defineKind<CSIStorageCapacity>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  singular: 'csistoragecapacity',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  columns: [nameColumn, ageColumn],
})
