import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** How many requests of a sort are answered at a time. */
export const priorityLevelConfiguration = defineKind<KubernetesObject>({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  singular: 'prioritylevelconfiguration',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: ['status'],
  // Simplified: prioritylevelconfigurations can be listed, but none can be made.
  isInert: true,
  columns: [nameColumn, ageColumn],
})
