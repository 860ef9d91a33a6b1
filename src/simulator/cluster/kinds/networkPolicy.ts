import type { NetworkPolicySpec } from 'kubernetes-types/networking/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Who may talk to pods, and to whom they may talk. */
export interface NetworkPolicy extends KubernetesObject {
  spec: NetworkPolicySpec
}

export const networkPolicy = defineKind<NetworkPolicy>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  singular: 'networkpolicy',
  shortNames: ['netpol'],
  categories: [],
  namespaced: true,
  subresources: [],
  hasGeneration: true,
  columns: [nameColumn, ageColumn],
})
