import type { CSINodeSpec } from 'kubernetes-types/storage/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** The storage drivers on a node. */
export interface CSINode extends KubernetesObject {
  spec: CSINodeSpec
}

export const csiNode = defineKind<CSINode>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  plural: 'csinodes',
  singular: 'csinode',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: [],
  columns: [nameColumn, ageColumn],
})
