import type { IngressClassSpec } from 'kubernetes-types/networking/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Which controller serves an Ingress. */
export interface IngressClass extends KubernetesObject {
  spec?: IngressClassSpec
}

export const ingressClass = defineKind<IngressClass>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  singular: 'ingressclass',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: [],
  hasGeneration: true,
  columns: [nameColumn, ageColumn],
})
