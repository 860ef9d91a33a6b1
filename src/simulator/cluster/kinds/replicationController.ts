import type { ReplicationControllerSpec, ReplicationControllerStatus } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

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
  columns: [nameColumn, ageColumn],
})
