import type { DaemonSetSpec, DaemonSetStatus } from 'kubernetes-types/apps/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** One pod on every node. */
export interface DaemonSet extends KubernetesObject {
  spec: DaemonSetSpec
  status: DaemonSetStatus
}

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
  columns: [nameColumn, ageColumn],
})
