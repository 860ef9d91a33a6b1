import type { PodDisruptionBudgetSpec, PodDisruptionBudgetStatus } from 'kubernetes-types/policy/v1'
import { allowOneOf } from '../api/checks.ts'
import { type FieldError, invalid } from '../api/fieldError.ts'
import { validateSelector } from '../api/labels.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'
import { checkIntOrPercent } from './workloads/intOrPercent.ts'

/** How many pods may be away at once on purpose. */
export interface PodDisruptionBudget extends KubernetesObject {
  spec: PodDisruptionBudgetSpec
  status: PodDisruptionBudgetStatus
}

export const podDisruptionBudget = defineKind<PodDisruptionBudget>({
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  categories: [],
  namespaced: true,
  subresources: ['status'],
  hasGeneration: true,
  prepare(budget, previous) {
    if (!previous) budget.status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }
  },
  validate({ spec }) {
    const errors: FieldError[] = []
    if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined)
      errors.push(
        invalid(
          'spec',
          {
            MinAvailable: spec.minAvailable,
            Selector: spec.selector ?? null,
            MaxUnavailable: spec.maxUnavailable,
            UnhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? null,
          },
          'minAvailable and maxUnavailable cannot be both set',
        ),
      )
    checkIntOrPercent(spec.minAvailable, 'spec.minAvailable', errors)
    checkIntOrPercent(spec.maxUnavailable, 'spec.maxUnavailable', errors)
    validateSelector(spec.selector, 'spec.selector', errors)
    allowOneOf(
      spec.unhealthyPodEvictionPolicy,
      ['AlwaysAllow', 'IfHealthyBudget'],
      'spec.unhealthyPodEvictionPolicy',
      errors,
    )
    return errors
  },
  columns: [
    nameColumn,
    { name: 'Min Available', value: ({ spec }) => String(spec.minAvailable ?? 'N/A') },
    { name: 'Max Unavailable', value: ({ spec }) => String(spec.maxUnavailable ?? 'N/A') },
    { name: 'Allowed Disruptions', type: 'integer', value: ({ status }) => status.disruptionsAllowed },
    ageColumn,
  ],
})
