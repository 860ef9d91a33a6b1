import type { LimitRangeSpec } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Bounds and defaults for the resources of pods in a namespace. */
export interface LimitRange extends KubernetesObject {
  spec: LimitRangeSpec
}

export const limitRange = defineKind<LimitRange>({
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  singular: 'limitrange',
  shortNames: ['limits'],
  categories: [],
  namespaced: true,
  subresources: [],
  columns: [nameColumn, ageColumn],
})
