import type { ReplicationControllerSpec, ReplicationControllerStatus } from 'kubernetes-types/core/v1'
import { requireNonNegative } from '../api/checks.ts'
import { type FieldError, invalid, required } from '../api/fieldError.ts'
import { validateLabels } from '../api/labels.ts'
import type { KubernetesObject } from '../api/object.ts'
import { matchesSelector } from '../api/selector.ts'
import { ageColumn, formatLabels, imagesOf, nameColumn, namesOf } from './columns.ts'
import { defineKind } from './kind.ts'
import { setTemplateDefaults, validateTemplate } from './pods/template.ts'

/** Keeps a number of pods alive; the ancestor of ReplicaSets. */
export interface ReplicationController extends KubernetesObject {
  spec: ReplicationControllerSpec
  status: ReplicationControllerStatus
}

export const replicationController = defineKind<ReplicationController>({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  singular: 'replicationcontroller',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status', 'scale'],
  hasGeneration: true,
  fieldLabels: ['status.replicas'],
  fieldText: ({ status }, field) => (field === 'status.replicas' ? String(status?.replicas ?? 0) : undefined),
  defaults({ metadata, spec }) {
    if (spec.template) setTemplateDefaults(spec.template)
    const labels = spec.template?.metadata?.labels
    if (labels) {
      if (!Object.keys(spec.selector ?? {}).length) spec.selector = { ...labels }
      if (!Object.keys(metadata.labels ?? {}).length) metadata.labels = { ...labels }
    }
    spec.replicas ??= 1
  },
  prepare(controller, previous) {
    if (!previous) controller.status = { replicas: 0 }
  },
  validate({ spec }) {
    const errors: FieldError[] = []
    requireNonNegative(spec.minReadySeconds, 'spec.minReadySeconds', errors)
    validateLabels(spec.selector, 'spec.selector', errors)
    if (!Object.keys(spec.selector ?? {}).length) errors.push(required('spec.selector'))
    requireNonNegative(spec.replicas, 'spec.replicas', errors)
    if (!spec.template) errors.push(required('spec.template'))
    else {
      if (spec.selector && !matchesSelector({ matchLabels: spec.selector }, spec.template.metadata?.labels))
        errors.push(
          invalid(
            'spec.template.metadata.labels',
            spec.template.metadata?.labels,
            '`selector` does not match template `labels`',
          ),
        )
      validateTemplate(spec.template, 'spec.template', errors)
    }
    return errors
  },
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', value: ({ spec }) => spec.replicas ?? 0 },
    { name: 'Current', type: 'integer', value: ({ status }) => status.replicas ?? 0 },
    { name: 'Ready', type: 'integer', value: ({ status }) => status.readyReplicas ?? 0 },
    ageColumn,
    { name: 'Containers', wide: true, value: ({ spec }) => namesOf(spec.template) },
    { name: 'Images', wide: true, value: ({ spec }) => imagesOf(spec.template) },
    { name: 'Selector', wide: true, value: ({ spec }) => formatLabels(spec.selector) },
  ],
})
