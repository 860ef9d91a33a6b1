import { formatAge } from '../../cluster/api/age.ts'
import { controllerOf } from '../../cluster/api/object.ts'
import { type Pod, pod } from '../../cluster/kinds/pod.ts'
import { describeContainers, describeResources } from './containers.ts'
import { defineDescriber } from './describer.ts'
import { Description, timeText } from './description.ts'
import { describeEvents } from './events.ts'
import { describeScheduling } from './scheduling.ts'
import { describeVolumes } from './volumes.ts'

export const podDescriber = defineDescriber(pod, async (object, around) => {
  const text = new Description()
  const { metadata, spec, status } = object
  text.line(0, `Name:\t${metadata.name}`)
  text.line(0, `Namespace:\t${metadata.namespace}`)
  if (spec.priority !== undefined) text.line(0, `Priority:\t${spec.priority}`)
  if (spec.priorityClassName) text.line(0, `Priority Class Name:\t${spec.priorityClassName}`)
  if (spec.runtimeClassName) text.line(0, `Runtime Class Name:\t${spec.runtimeClassName}`)
  if (spec.serviceAccountName) text.line(0, `Service Account:\t${spec.serviceAccountName}`)
  text.line(0, `Node:\t${spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>'}`)
  if (status.startTime) text.line(0, `Start Time:\t${timeText(status.startTime)}`)
  text.labels(0, metadata.labels)
  text.annotations(metadata.annotations)
  describePhase(text, object, around.now)
  if (status.reason) text.line(0, `Reason:\t${status.reason}`)
  if (status.message) text.line(0, `Message:\t${status.message}`)
  const seccomp = spec.securityContext?.seccompProfile
  if (seccomp) {
    text.line(0, `SeccompProfile:\t${seccomp.type}`)
    if (seccomp.type === 'Localhost') text.line(0, `LocalhostProfile:\t${seccomp.localhostProfile}`)
  }
  describeAddresses(text, object)
  const controller = controllerOf(object)
  if (controller) text.line(0, `Controlled By:\t${controller.kind}/${controller.name}`)
  if (status.nominatedNodeName) text.line(0, `NominatedNodeName:\t${status.nominatedNodeName}`)
  const { resources } = spec as { resources?: Parameters<typeof describeResources>[2] }
  if (resources) {
    text.line(0, 'Resources:')
    describeResources(text, 1, resources)
  }
  if (spec.initContainers?.length)
    describeContainers(text, 'Init Containers', spec.initContainers, status.initContainerStatuses, '')
  describeContainers(text, 'Containers', spec.containers, status.containerStatuses, '')
  if (spec.ephemeralContainers?.length)
    describeContainers(text, 'Ephemeral Containers', spec.ephemeralContainers, status.ephemeralContainerStatuses, '')
  describeConditions(text, object)
  describeVolumes(text, spec.volumes, '')
  text.line(0, `QoS Class:\t${status.qosClass ?? ''}`)
  describeScheduling(text, spec, '')
  await describeEvents(text, object, around)
  return text.toString()
})

function describePhase(text: Description, { metadata, status }: Pod, now: number): void {
  if (!metadata.deletionTimestamp || status.reason === 'NodeLost') return text.line(0, `Status:\t${status.phase}`)
  text.line(0, `Status:\tTerminating (lasts ${formatAge(now - Date.parse(metadata.deletionTimestamp))})`)
  text.line(0, `Termination Grace Period:\t${metadata.deletionGracePeriodSeconds}s`)
}

function describeAddresses(text: Description, { status }: Pod): void {
  text.line(0, `IP:\t${status.podIP ?? ''}`)
  const addresses = status.podIPs ?? []
  if (addresses.length === 0) return text.line(0, 'IPs:\t<none>')
  text.line(0, 'IPs:')
  for (const { ip } of addresses) text.line(1, `IP:\t${ip}`)
}

function describeConditions(text: Description, { spec, status }: Pod): void {
  if (spec.readinessGates?.length) {
    text.line(0, 'Readiness Gates:')
    text.line(1, 'Type\tStatus')
    for (const { conditionType } of spec.readinessGates) {
      const condition = status.conditions?.find(({ type }) => type === conditionType)
      text.line(1, `${conditionType} \t${condition?.status ?? '<none>'} `)
    }
  }
  if (!status.conditions?.length) return
  text.line(0, 'Conditions:')
  text.line(1, 'Type\tStatus')
  for (const { type, status: state } of status.conditions) text.line(1, `${type} \t${state} `)
}
