import type { ReplicaSetSpec, ReplicaSetStatus } from 'kubernetes-types/apps/v1'
import { requireNonNegative, requireSame } from '../api/checks.ts'
import type { FieldError } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn, selectorColumn, templateColumns } from './columns.ts'
import { defineKind } from './kind.ts'
import { setOwnTemplateDefaults, validateSelectorAndTemplate } from './pods/template.ts'

/** Keeps a number of equal pods alive. */
export interface ReplicaSet extends KubernetesObject {
  spec: ReplicaSetSpec
  status: ReplicaSetStatus & { terminatingReplicas?: number }
}

export const replicaSet = defineKind<ReplicaSet>({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status', 'scale'],
  hasGeneration: true,
  fieldLabels: ['status.replicas'],
  fieldText: ({ status }, field) => (field === 'status.replicas' ? String(status?.replicas ?? 0) : undefined),
  defaults({ spec }) {
    setOwnTemplateDefaults(spec)
    spec.replicas ??= 1
  },
  prepare(set, previous) {
    if (!previous) set.status = { replicas: 0 }
  },
  validate({ spec }) {
    const errors: FieldError[] = []
    requireNonNegative(spec.replicas, 'spec.replicas', errors)
    requireNonNegative(spec.minReadySeconds, 'spec.minReadySeconds', errors)
    validateSelectorAndTemplate('replicaset', spec.selector, spec.template, errors)
    return errors
  },
  validateUpdate({ spec }, previous) {
    const errors: FieldError[] = []
    requireSame(spec.selector, previous.spec.selector, 'spec.selector', errors)
    return errors
  },
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', value: ({ spec }) => spec.replicas ?? 0 },
    { name: 'Current', type: 'integer', value: ({ status }) => status.replicas ?? 0 },
    { name: 'Ready', type: 'integer', value: ({ status }) => status.readyReplicas ?? 0 },
    ageColumn,
    ...templateColumns,
    selectorColumn,
  ],
})
