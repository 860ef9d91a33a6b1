import type { PodDisruptionBudgetSpec, PodDisruptionBudgetStatus } from 'kubernetes-types/policy/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

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
  columns: [nameColumn, ageColumn],
})
