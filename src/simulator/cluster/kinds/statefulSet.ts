import type { StatefulSetSpec, StatefulSetStatus } from 'kubernetes-types/apps/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Pods with names and storage of their own, one after the other. */
export interface StatefulSet extends KubernetesObject {
  spec: StatefulSetSpec
  status: StatefulSetStatus
}

export const statefulSet = defineKind<StatefulSet>({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  singular: 'statefulset',
  shortNames: ['sts'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status', 'scale'],
  hasGeneration: true,
  columns: [nameColumn, ageColumn],
})
