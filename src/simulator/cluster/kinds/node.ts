import type { NodeSpec, NodeStatus } from 'kubernetes-types/core/v1'
import type { FieldError } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'
import { validateTaints } from './pods/scheduling.ts'

export type { NodeCondition, NodeSpec, NodeStatus, Taint } from 'kubernetes-types/core/v1'

/** A machine that runs pods. */
export interface Node extends KubernetesObject {
  spec: NodeSpec
  status: NodeStatus
}

const rolePrefix = 'node-role.kubernetes.io/'

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
  keepsStatus: true,
  fieldLabels: ['spec.unschedulable'],
  fieldText: ({ spec }, field) => (field === 'spec.unschedulable' ? String(spec?.unschedulable ?? false) : undefined),
  validate({ spec }) {
    const errors: FieldError[] = []
    validateTaints(spec?.taints, 'spec.taints', errors)
    return errors
  },
  columns: [
    nameColumn,
    { name: 'Status', value: statusOf },
    { name: 'Roles', value: rolesOf },
    ageColumn,
    { name: 'Version', value: ({ status }) => status?.nodeInfo?.kubeletVersion ?? '' },
    { name: 'Internal-IP', wide: true, value: node => addressOf(node, 'InternalIP') },
    { name: 'External-IP', wide: true, value: node => addressOf(node, 'ExternalIP') },
    { name: 'OS-Image', wide: true, value: ({ status }) => status?.nodeInfo?.osImage || '<unknown>' },
    { name: 'Kernel-Version', wide: true, value: kernelOf },
    {
      name: 'Container-Runtime',
      wide: true,
      value: ({ status }) => status?.nodeInfo?.containerRuntimeVersion || '<unknown>',
    },
  ],
})

function statusOf({ spec, status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')
  const words = [ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown']
  if (spec?.unschedulable) words.push('SchedulingDisabled')
  return words.join(',')
}

function rolesOf({ metadata }: Node): string {
  const roles: string[] = []
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    if (key.startsWith(rolePrefix) && key.length > rolePrefix.length) roles.push(key.slice(rolePrefix.length))
    else if (key === 'kubernetes.io/role' && value) roles.push(value)
  }
  return roles.sort().join(',') || '<none>'
}

function addressOf({ status }: Node, kind: string): string {
  return status?.addresses?.find(({ type }) => type === kind)?.address ?? '<none>'
}

/** The kernel and the architecture it is built for. */
function kernelOf({ status }: Node): string {
  const { kernelVersion, architecture } = status?.nodeInfo ?? {}
  if (!kernelVersion) return '<unknown>'
  return architecture ? `${kernelVersion} (${architecture})` : kernelVersion
}
