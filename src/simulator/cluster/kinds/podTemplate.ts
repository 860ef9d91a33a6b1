import type { PodTemplateSpec } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** A pod to be, kept for others to copy. */
export interface PodTemplate extends KubernetesObject {
  template: PodTemplateSpec
}

export const podTemplate = defineKind<PodTemplate>({
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  singular: 'podtemplate',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  hasGeneration: true,
  columns: [nameColumn, ageColumn],
})
