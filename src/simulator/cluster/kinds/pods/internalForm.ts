import type { PodSpec } from 'kubernetes-types/core/v1'
import { type GoField, goTypes } from '../../api/goTypes.ts'

/**
 * A pod's spec as the server holds it, as indented JSON: names as Go has them, and every field, even those that are not
 * set. Refusals show it. The server's own structures are those of the API but for a few (pkg/apis/core/types.go).
 */
export function internalLines(spec: PodSpec): string[] {
  return JSON.stringify(structure(toInternal(spec), 'PodSpec'), null, 1).split('\n')
}

/** A value of one of the API's types as refusals show it. */
export function internalForm(value: object, type: string): object {
  return structure(value as Values, type)
}

type Values = Readonly<Record<string, unknown>>

const securityFields = ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers'] as const

/** What a pod shares with its node stands among its rights there. */
function toInternal(spec: PodSpec): Values {
  const whole = spec as unknown as Values
  const shared = Object.fromEntries(securityFields.map(field => [field, whole[field]]))
  const context = whole['securityContext']
  const isShared = Object.values(shared).some(value => value !== undefined)
  return { ...whole, securityContext: context || isShared ? { ...(context as object), ...shared } : undefined }
}

/** Fields of the server's own structures where they stand in another order, or elsewhere. */
const internal: Readonly<Record<string, string>> = {
  'v1.PodSpec':
    'Volumes InitContainers Containers EphemeralContainers RestartPolicy TerminationGracePeriodSeconds ActiveDeadlineSeconds DNSPolicy NodeSelector ServiceAccountName AutomountServiceAccountToken NodeName SecurityContext ImagePullSecrets Hostname Subdomain SetHostnameAsFQDN Affinity SchedulerName Tolerations HostAliases PriorityClassName Priority PreemptionPolicy DNSConfig ReadinessGates RuntimeClassName Overhead EnableServiceLinks TopologySpreadConstraints OS SchedulingGates ResourceClaims Resources HostnameOverride SchedulingGroup',
  'v1.VolumeSource':
    'HostPath EmptyDir GCEPersistentDisk AWSElasticBlockStore GitRepo Secret NFS ISCSI Glusterfs PersistentVolumeClaim RBD Quobyte FlexVolume Cinder CephFS Flocker DownwardAPI FC AzureFile ConfigMap VsphereVolume AzureDisk PhotonPersistentDisk Projected PortworxVolume ScaleIO StorageOS CSI Ephemeral Image',
}

const sharedFields: readonly GoField[] = [
  { name: 'HostNetwork', key: 'hostNetwork', type: 'bool' },
  { name: 'HostPID', key: 'hostPID', type: 'bool' },
  { name: 'HostIPC', key: 'hostIPC', type: 'bool' },
  { name: 'ShareProcessNamespace', key: 'shareProcessNamespace', type: '*bool' },
  { name: 'HostUsers', key: 'hostUsers', type: '*bool' },
]

function fieldsOf(type: string): readonly GoField[] | undefined {
  const fields = goTypes.get(type)
  if (type === 'v1.PodSecurityContext') return [...sharedFields, ...fields!]
  const order = internal[type]?.split(' ')
  return order ? order.flatMap(name => fields?.find(field => field.name === name) ?? []) : fields
}

function structure(value: Values, type: string): Values {
  const fields = fieldsOf(type.startsWith('v1.') ? type : `v1.${type}`)
  if (!fields) return value
  const entries = fields.flatMap(({ name, key, type: fieldType }) => {
    // Fields of an embedded structure stand among the others.
    if (key === undefined) return Object.entries(structure(value, fieldType))
    return [[name, written(value[key], fieldType)] as const]
  })
  return Object.fromEntries(entries)
}

function written(value: unknown, type: string): unknown {
  if (type.startsWith('*')) return value === undefined || value === null ? null : written(value, type.slice(1))
  if (type.startsWith('[]')) return Array.isArray(value) ? value.map(item => written(item, type.slice(2))) : null
  if (type.startsWith('map[') || type === 'v1.ResourceList') {
    if (!value) return null
    const sorted = Object.entries(value as Values).sort(([a], [b]) => (a < b ? -1 : 1))
    return Object.fromEntries(sorted)
  }
  if (type === 'bool') return value ?? false
  if (/^int\d+$/.test(type) || type === 'intstr.IntOrString') return value ?? 0
  if (type === 'resource.Quantity') return value ?? '0'
  if (goTypes.has(type)) return structure((value ?? {}) as Values, type)
  return value ?? ''
}
