import type { NamespaceSpec, NamespaceStatus } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** A room for names: what is inside is deleted with it. */
export interface Namespace extends KubernetesObject {
  spec: NamespaceSpec
  status: NamespaceStatus
}

export const namespace = defineKind<Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  categories: [],
  namespaced: false,
  subresources: ['status', 'finalize'],
  columns: [nameColumn, ageColumn],
})
