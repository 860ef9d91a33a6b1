import type { DaemonSetSpec, DaemonSetStatus } from 'kubernetes-types/apps/v1'
import { requireNonNegative, requireOneOf, requireSame } from '../api/checks.ts'
import { isEqual } from '../api/equality.ts'
import { type FieldError, invalid, required } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, formatLabels, nameColumn, selectorColumn, templateColumns } from './columns.ts'
import { defineKind } from './kind.ts'
import { setOwnTemplateDefaults, validateSelectorAndTemplate } from './pods/template.ts'
import { checkIntOrPercent, isZero } from './workloads/intOrPercent.ts'

/** One pod on every node. */
export interface DaemonSet extends KubernetesObject {
  spec: DaemonSetSpec
  status: DaemonSetStatus
}

const templateGeneration = 'deprecated.daemonset.template.generation'

export const daemonSet = defineKind<DaemonSet>({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  singular: 'daemonset',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  hasGeneration: true,
  defaults({ spec }) {
    setOwnTemplateDefaults(spec)
    spec.updateStrategy ??= {}
    spec.updateStrategy.type ||= 'RollingUpdate'
    if (spec.updateStrategy.type === 'RollingUpdate') {
      spec.updateStrategy.rollingUpdate ??= {}
      spec.updateStrategy.rollingUpdate.maxUnavailable ??= 1
      spec.updateStrategy.rollingUpdate.maxSurge ??= 0
    }
    spec.revisionHistoryLimit ??= 10
  },
  prepare(set, previous) {
    if (!previous) {
      set.status = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 }
      set.metadata.annotations = { ...set.metadata.annotations, [templateGeneration]: '1' }
      return
    }
    const before = Number(previous.metadata.annotations?.[templateGeneration] ?? 0)
    const isSame = isEqual(set.spec.template, previous.spec.template)
    set.metadata.annotations = {
      ...set.metadata.annotations,
      [templateGeneration]: String(isSame ? before : before + 1),
    }
  },
  validate({ spec }) {
    const errors: FieldError[] = []
    validateSelectorAndTemplate('daemonset', spec.selector, spec.template, errors)
    requireNonNegative(spec.minReadySeconds, 'spec.minReadySeconds', errors)
    const path = 'spec.updateStrategy'
    requireOneOf(spec.updateStrategy?.type, ['OnDelete', 'RollingUpdate'], `${path}.type`, errors)
    if (spec.updateStrategy?.type === 'RollingUpdate') {
      const { maxUnavailable, maxSurge } = spec.updateStrategy.rollingUpdate ?? {}
      if (!spec.updateStrategy.rollingUpdate) errors.push(required(`${path}.rollingUpdate`))
      checkIntOrPercent(maxUnavailable, `${path}.rollingUpdate.maxUnavailable`, errors)
      checkIntOrPercent(maxSurge, `${path}.rollingUpdate.maxSurge`, errors)
      if (isZero(maxUnavailable) && isZero(maxSurge))
        errors.push(invalid(`${path}.rollingUpdate.maxUnavailable`, maxUnavailable, 'cannot be 0 when maxSurge is 0'))
      else if (!isZero(maxUnavailable) && !isZero(maxSurge))
        errors.push(
          invalid(`${path}.rollingUpdate.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'),
        )
    }
    requireNonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit', errors)
    return errors
  },
  validateUpdate({ spec }, previous) {
    const errors: FieldError[] = []
    requireSame(spec.selector, previous.spec.selector, 'spec.selector', errors)
    return errors
  },
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', value: ({ status }) => status.desiredNumberScheduled ?? 0 },
    { name: 'Current', type: 'integer', value: ({ status }) => status.currentNumberScheduled ?? 0 },
    { name: 'Ready', type: 'integer', value: ({ status }) => status.numberReady ?? 0 },
    { name: 'Up-to-date', type: 'integer', value: ({ status }) => status.updatedNumberScheduled ?? 0 },
    { name: 'Available', type: 'integer', value: ({ status }) => status.numberAvailable ?? 0 },
    { name: 'Node Selector', value: ({ spec }) => formatLabels(spec.template.spec?.nodeSelector) },
    ageColumn,
    ...templateColumns,
    selectorColumn,
  ],
})
