import type { CSIDriverSpec } from 'kubernetes-types/storage/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** A storage driver of the cluster. */
export interface CSIDriver extends KubernetesObject {
  spec: CSIDriverSpec
}

export const csiDriver = defineKind<CSIDriver>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  plural: 'csidrivers',
  singular: 'csidriver',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: [],
  columns: [nameColumn, ageColumn],
})
