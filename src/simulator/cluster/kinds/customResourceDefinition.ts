import { createdColumn, nameColumn } from './columns.ts'
import type { CustomResourceDefinition } from './definitions/definition.ts'
import { validateDefinition, validateDefinitionChange } from './definitions/definitionRules.ts'
import { defineKind } from './kind.ts'

/** Teaches the API server a new kind. */
export const customResourceDefinition = defineKind<CustomResourceDefinition>({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: ['status'],
  hasGeneration: true,
  defaults(object) {
    object.spec ??= { group: '', names: { kind: '', plural: '' }, scope: '', versions: [] }
    const { spec } = object
    const { names, conversion } = spec
    if (names?.kind) {
      names.singular ||= names.kind.toLowerCase()
      names.listKind ||= `${names.kind}List`
    }
    if (!conversion) spec.conversion = { strategy: 'None' }
  },
  prepare(object, previous) {
    if (!previous) object.status = { acceptedNames: { kind: '', plural: '' }, conditions: [] }
    const stored = previous?.status?.storedVersions ?? []
    const version = object.spec.versions?.find(({ storage }) => storage)?.name
    if (version !== undefined && !stored.includes(version))
      object.status = { ...object.status, storedVersions: [...stored, version] }
  },
  // Simplified: webhooks are not asked to convert objects.
  warnings: ({ spec }) =>
    spec.conversion?.strategy === 'Webhook'
      ? ['conversion webhooks are not simulated here: versions differ in nothing but their names']
      : [],
  validate: validateDefinition,
  validateUpdate: validateDefinitionChange,
  columns: [nameColumn, createdColumn],
})
