import type { NamespaceSpec, NamespaceStatus } from 'kubernetes-types/core/v1'
import { checkDns1123Label } from '../api/names.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** A room for names: what is inside is deleted with it. */
export interface Namespace extends KubernetesObject {
  spec: NamespaceSpec
  status: NamespaceStatus
}

const nameLabel = 'kubernetes.io/metadata.name'

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
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  checkName: checkDns1123Label,
  fieldLabels: ['status.phase'],
  prepare(namespace, previous) {
    const { metadata } = namespace
    if (metadata.name && metadata.labels?.[nameLabel] !== metadata.name)
      metadata.labels = { ...metadata.labels, [nameLabel]: metadata.name }
    if (previous) {
      namespace.spec = previous.spec
      return
    }
    namespace.status = { phase: 'Active' }
    namespace.spec = { finalizers: ['kubernetes'] }
  },
  columns: [nameColumn, { name: 'Status', value: ({ status }) => status.phase ?? '' }, ageColumn],
})
