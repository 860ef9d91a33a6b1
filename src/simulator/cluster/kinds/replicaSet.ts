import type { ReplicaSetSpec, ReplicaSetStatus } from 'kubernetes-types/apps/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

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
  columns: [nameColumn, ageColumn],
})
