import type { IngressClassSpec } from 'kubernetes-types/networking/v1'
import { type FieldError, forbidden, invalid, required, tooLong } from '../api/fieldError.ts'
import { checkPathSegment } from '../api/names.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Which controller serves an Ingress. */
export interface IngressClass extends KubernetesObject {
  spec?: IngressClassSpec
}

const longestController = 250

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
  defaults({ spec }) {
    if (spec?.parameters) spec.parameters.scope ??= 'Cluster'
  },
  validate({ spec }) {
    const errors: FieldError[] = []
    const controller = spec?.controller ?? ''
    if (!controller) errors.push(required('spec.controller'))
    else if (controller.length > longestController) errors.push(tooLong('spec.controller', longestController))
    if (spec?.parameters) {
      if (!spec.parameters.kind) errors.push(required('spec.parameters.kind', 'kind is required'))
      else
        for (const text of checkPathSegment(spec.parameters.kind))
          errors.push(invalid('spec.parameters.kind', spec.parameters.kind, text))
      if (!spec.parameters.name) errors.push(required('spec.parameters.name', 'name is required'))
    }
    return errors
  },
  validateUpdate: ({ spec }, previous) =>
    spec?.controller === previous.spec?.controller ? [] : [forbidden('spec.controller', 'field is immutable')],
  columns: [
    nameColumn,
    { name: 'Controller', value: ({ spec }) => spec?.controller ?? '' },
    { name: 'Parameters', value: parametersOf },
    ageColumn,
  ],
})

function parametersOf({ spec }: IngressClass): string {
  const parameters = spec?.parameters
  if (!parameters) return '<none>'
  const group = parameters.apiGroup ? `.${parameters.apiGroup}` : ''
  return `${parameters.kind}${group}/${parameters.name}`
}
