import { type FieldError, invalid, required } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Which requests to the API server wait in which line. */
export type FlowSchema = KubernetesObject & {
  spec: {
    matchingPrecedence?: number
    priorityLevelConfiguration?: { name?: string }
    distinguisherMethod?: { type: string }
  }
  status?: { conditions?: readonly { type: string; status: string }[] }
}

const lastPrecedence = 10_000

// Simplified: flow schemas are kept and shown; no request ever waits.
export const flowSchema = defineKind<FlowSchema>({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'FlowSchema',
  plural: 'flowschemas',
  singular: 'flowschema',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: ['status'],
  hasGeneration: true,
  defaults(flowSchema) {
    flowSchema.spec ??= {}
    flowSchema.spec.matchingPrecedence ??= 1000
  },
  validate({ spec: { matchingPrecedence = 0, priorityLevelConfiguration } }) {
    const errors: FieldError[] = []
    if (matchingPrecedence < 1 || matchingPrecedence > lastPrecedence)
      errors.push(invalid('spec.matchingPrecedence', matchingPrecedence, `must be in range: [1, ${lastPrecedence}]`))
    if (!priorityLevelConfiguration?.name)
      errors.push(required('spec.priorityLevelConfiguration.name', 'must reference a priority level'))
    return errors
  },
  columns: [
    nameColumn,
    { name: 'PriorityLevel', value: ({ spec }) => spec.priorityLevelConfiguration?.name ?? '<none>' },
    { name: 'MatchingPrecedence', type: 'integer', value: ({ spec }) => spec.matchingPrecedence ?? 0 },
    { name: 'DistinguisherMethod', value: ({ spec }) => spec.distinguisherMethod?.type ?? '<none>' },
    ageColumn,
    {
      name: 'MissingPL',
      value: ({ status }) => status?.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?',
    },
  ],
})
