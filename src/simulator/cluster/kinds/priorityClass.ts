import type { PriorityClass as PriorityClassFields } from 'kubernetes-types/scheduling/v1'
import { type FieldError, forbidden, invalid } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** How important pods are. */
export type PriorityClass = KubernetesObject & Omit<PriorityClassFields, keyof KubernetesObject>

const mostForPeople = 1_000_000_000
const ownClasses: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
}

export const priorityClass = defineKind<PriorityClass>({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  singular: 'priorityclass',
  shortNames: ['pc'],
  categories: [],
  namespaced: false,
  subresources: [],
  hasGeneration: true,
  defaults(priorityClass) {
    priorityClass.preemptionPolicy ??= 'PreemptLowerPriority'
    priorityClass.value ??= 0
  },
  validate({ metadata, value }) {
    const errors: FieldError[] = []
    if (metadata.name?.startsWith('system-') && ownClasses[metadata.name] !== value)
      errors.push(
        forbidden(
          'metadata.name',
          "priority class names with 'system-' prefix are reserved for system use only. error: " +
            `${metadata.name} is not a known system priority class`,
        ),
      )
    if (!metadata.name?.startsWith('system-') && value > mostForPeople)
      errors.push(forbidden('value', `maximum allowed value of a user defined priority is ${mostForPeople}`))
    return errors
  },
  validateUpdate({ value, preemptionPolicy }, previous) {
    const errors: FieldError[] = []
    if (value !== previous.value) errors.push(forbidden('value', 'may not be changed in an update.'))
    if (preemptionPolicy !== previous.preemptionPolicy)
      errors.push(invalid('preemptionPolicy', preemptionPolicy, 'field is immutable'))
    return errors
  },
  columns: [
    nameColumn,
    { name: 'Value', type: 'integer', value: ({ value }) => value },
    { name: 'Global-Default', type: 'boolean', value: ({ globalDefault }) => globalDefault ?? false },
    ageColumn,
    { name: 'PreemptionPolicy', value: ({ preemptionPolicy }) => preemptionPolicy ?? '' },
  ],
})
