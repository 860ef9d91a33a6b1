import type { DeploymentSpec, DeploymentStatus } from 'kubernetes-types/apps/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Keeps pods alive and replaces them step by step when their template changes. */
export interface Deployment extends KubernetesObject {
  spec: DeploymentSpec
  status: DeploymentStatus & { terminatingReplicas?: number }
}

export const deployment = defineKind<Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status', 'scale'],
  hasGeneration: true,
  columns: [nameColumn, ageColumn],
})
