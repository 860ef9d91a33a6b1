import type { PodTemplateSpec } from 'kubernetes-types/core/v1'
import type { FieldError } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, formatLabels, imagesOf, nameColumn, namesOf } from './columns.ts'
import { defineKind } from './kind.ts'
import { setOwnTemplateDefaults, validateTemplate } from './pods/template.ts'

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
  defaults: podTemplate => setOwnTemplateDefaults(podTemplate),
  validate({ template }) {
    const errors: FieldError[] = []
    validateTemplate(template ?? {}, 'template', errors)
    return errors
  },
  columns: [
    nameColumn,
    { name: 'Containers', value: ({ template }) => namesOf(template) },
    { name: 'Images', value: ({ template }) => imagesOf(template) },
    { name: 'Pod Labels', value: ({ template }) => formatLabels(template.metadata?.labels) },
    ageColumn,
  ],
})
