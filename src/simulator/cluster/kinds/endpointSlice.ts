import type { EndpointSlice as EndpointSliceFields } from 'kubernetes-types/discovery/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Some of the addresses behind a Service. */
export type EndpointSlice = KubernetesObject & Omit<EndpointSliceFields, keyof KubernetesObject>

export const endpointSlice = defineKind<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  singular: 'endpointslice',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  hasGeneration: true,
  columns: [nameColumn, ageColumn],
})
