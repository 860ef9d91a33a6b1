import type { ComponentStatus as ComponentStatusFields } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../api/object.ts'
import { nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Whether parts of the control plane answer; deprecated. */
export type ComponentStatus = KubernetesObject & Omit<ComponentStatusFields, keyof KubernetesObject>

export const componentStatus = defineKind<ComponentStatus>({
  group: '',
  version: 'v1',
  kind: 'ComponentStatus',
  plural: 'componentstatuses',
  singular: 'componentstatus',
  shortNames: ['cs'],
  categories: [],
  namespaced: false,
  subresources: [],
  verbs: ['get', 'list'],
  deprecation: 'v1 ComponentStatus is deprecated in v1.19+',
  columns: [
    nameColumn,
    { name: 'Status', value: statusOf },
    { name: 'Message', value: status => healthy(status)?.message ?? '' },
    { name: 'Error', value: status => healthy(status)?.error ?? '' },
  ],
})

function statusOf(status: ComponentStatus): string {
  const condition = healthy(status)
  if (!condition) return 'Unknown'
  return condition.status === 'True' ? 'Healthy' : 'Unhealthy'
}

function healthy({ conditions }: ComponentStatus) {
  return conditions?.find(({ type }) => type === 'Healthy')
}
