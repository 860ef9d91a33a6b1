import type { IngressSpec, IngressStatus } from 'kubernetes-types/networking/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Which HTTP requests from outside go to which Service. */
export interface Ingress extends KubernetesObject {
  spec: IngressSpec
  status: IngressStatus
}

export const ingress = defineKind<Ingress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  singular: 'ingress',
  shortNames: ['ing'],
  categories: [],
  namespaced: true,
  subresources: ['status'],
  hasGeneration: true,
  columns: [nameColumn, ageColumn],
})
