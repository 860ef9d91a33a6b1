import type { NodeSpec, NodeStatus } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** A machine that runs pods. */
export interface Node extends KubernetesObject {
  spec: NodeSpec
  status: NodeStatus
}

export const node = defineKind<Node>({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  categories: [],
  namespaced: false,
  subresources: ['status', 'proxy'],
  columns: [nameColumn, ageColumn],
})
