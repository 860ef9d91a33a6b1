import { formatAge } from '../../cluster/api/age.ts'
import { controllerOf } from '../../cluster/api/object.ts'
import type { Pod } from '../../cluster/kinds/pod.ts'
import { valueAt } from '../server/object.ts'
import { describeContainers, describeResources } from './containers.ts'
import { defineDescriber, type View } from './describer.ts'
import { longTime } from './description.ts'
import { describeSpread, describeTolerations } from './placement.ts'
import { describeVolumes } from './volumes.ts'

export const pod = defineDescriber<Pod>({
  group: '',
  kind: 'Pod',
  async describe(pod, view) {
    const { metadata, spec, status } = pod
    const { text } = view
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    if (spec.priority !== undefined) text.field('Priority', spec.priority)
    if (spec.priorityClassName) text.field('Priority Class Name', spec.priorityClassName)
    if (spec.runtimeClassName) text.field('Runtime Class Name', spec.runtimeClassName)
    if (spec.serviceAccountName) text.field('Service Account', spec.serviceAccountName)
    text.field('Node', spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>')
    if (status.startTime) text.field('Start Time', longTime(status.startTime))
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    describeStatus(pod, view)
    describeContainerGroups(pod, view)
    if (spec.readinessGates?.length) {
      text.heading('Readiness Gates')
      text.row(['Type', 'Status'])
      for (const { conditionType } of spec.readinessGates) {
        const condition = status.conditions?.find(({ type }) => type === conditionType)
        text.line(`${conditionType} \t${condition?.status ?? '<none>'} `, 1)
      }
    }
    if (status.conditions?.length) {
      text.heading('Conditions')
      text.row(['Type', 'Status'])
      for (const condition of status.conditions) text.line(`${condition.type} \t${condition.status} `, 1)
    }
    describeVolumes(spec.volumes, text)
    text.field('QoS Class', status.qosClass ?? 'BestEffort')
    text.labels('Node-Selectors', spec.nodeSelector)
    describeTolerations('Tolerations', spec.tolerations, text)
    describeSpread(spec.topologySpreadConstraints, text)
    const mirrored = metadata.annotations?.['kubernetes.io/config.mirror']
    await view.events(pod, mirrored ? [mirrored] : undefined)
  },
})

function describeStatus(pod: Pod, { text, now }: View): void {
  const { metadata, spec, status } = pod
  if (metadata.deletionTimestamp && status.phase !== 'Failed' && status.phase !== 'Succeeded') {
    text.field('Status', `Terminating (lasts ${formatAge(now - Date.parse(metadata.deletionTimestamp))})`)
    text.field('Termination Grace Period', `${metadata.deletionGracePeriodSeconds}s`)
  } else text.field('Status', status.phase)
  if (status.reason) text.field('Reason', status.reason)
  if (status.message) text.field('Message', status.message)
  const profile = spec.securityContext?.seccompProfile
  if (profile) text.field('SeccompProfile', profile.type)
  if (profile?.type === 'Localhost') text.field('LocalhostProfile', profile.localhostProfile)
  text.field('IP', status.podIP ?? '')
  if (status.podIPs?.length) {
    text.heading('IPs')
    for (const { ip } of status.podIPs) text.field('IP', ip, 1)
  } else text.field('IPs', '<none>')
  const owner = controllerOf(pod)
  if (owner) text.field('Controlled By', `${owner.kind}/${owner.name}`)
  if (status.nominatedNodeName) text.field('NominatedNodeName', status.nominatedNodeName)
}

function describeContainerGroups(pod: Pod, { text }: View): void {
  const { spec, status } = pod
  const { resources } = spec as { resources?: Parameters<typeof describeResources>[0] }
  if (resources) {
    text.heading('Resources')
    describeResources(resources, text, 1)
  }
  const fieldValue = (path: string) => podField(pod, path)
  if (spec.initContainers?.length) {
    const statuses = status.initContainerStatuses
    describeContainers('Init Containers', spec.initContainers, text, { statuses, fieldValue })
  }
  describeContainers('Containers', spec.containers, text, { statuses: status.containerStatuses, fieldValue })
  if (spec.ephemeralContainers?.length) {
    const statuses = status.ephemeralContainerStatuses
    describeContainers('Ephemeral Containers', spec.ephemeralContainers, text, { statuses, fieldValue })
  }
}

/** What a variable that names a field of the pod gets; only metadata is known before the container runs. */
function podField(pod: Pod, path: string): string {
  const [, map, key] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path) ?? []
  if (map) return String(valueAt(pod, 'metadata', map, key!) ?? '')
  return /^metadata\.(name|namespace|uid)$/.test(path) ? String(valueAt(pod, ...path.split('.')) ?? '') : ''
}
