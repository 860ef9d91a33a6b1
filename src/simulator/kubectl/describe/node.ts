import { lease } from '../../cluster/kinds/lease.ts'
import { type Node, node } from '../../cluster/kinds/node.ts'
import { pod } from '../../cluster/kinds/pod.ts'
import { defineDescriber, type Surroundings } from './describer.ts'
import { Description, timeText } from './description.ts'
import { describeEvents } from './events.ts'
import { describeNodePods } from './nodePods.ts'

export const nodeDescriber = defineDescriber(node, async (object, around) => {
  const text = new Description()
  const { metadata, spec } = object
  text.line(0, `Name:\t${metadata.name}`)
  text.line(0, `Roles:\t${rolesOf(object).join(',') || '<none>'}`)
  text.labels(0, metadata.labels)
  text.annotations(metadata.annotations)
  text.line(0, `CreationTimestamp:\t${timeText(metadata.creationTimestamp)}`)
  const taints = (spec?.taints ?? []).map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`)
  text.line(0, `Taints:\t${taints[0] ?? '<none>'}`)
  for (const taint of taints.slice(1)) text.line(0, `\t${taint}`)
  text.line(0, `Unschedulable:\t${spec?.unschedulable ?? false}`)
  await describeLease(text, object, around)
  describeStatus(text, object)
  const { podCIDR, podCIDRs, providerID } = spec ?? {}
  if (podCIDR) text.line(0, `PodCIDR:\t${podCIDR}`)
  if (podCIDRs?.length) text.line(0, `PodCIDRs:\t${podCIDRs.join(',')}`)
  if (providerID) text.line(0, `ProviderID:\t${providerID}`)
  const pods = await around.list(pod, { fields: `spec.nodeName=${metadata.name}` })
  describeNodePods(text, object, pods, around.now)
  await describeEvents(text, object, around)
  return text.toString()
})

function rolesOf({ metadata }: Node): string[] {
  const prefix = 'node-role.kubernetes.io/'
  return Object.keys(metadata.labels ?? {})
    .filter(key => key.startsWith(prefix))
    .map(key => key.slice(prefix.length))
    .sort()
}

async function describeLease(text: Description, { metadata }: Node, around: Surroundings): Promise<void> {
  const found = await around.get(lease, metadata.name, 'kube-node-lease')
  text.line(0, 'Lease:')
  if (!found) return text.line(1, '<none>')
  const { holderIdentity, acquireTime, renewTime } = found.spec ?? {}
  text.line(1, `HolderIdentity:\t${holderIdentity ?? '<unset>'}`)
  text.line(1, `AcquireTime:\t${timeText(acquireTime) || '<unset>'}`)
  text.line(1, `RenewTime:\t${timeText(renewTime) || '<unset>'}`)
}

function describeStatus(text: Description, { status }: Node): void {
  if (status.conditions?.length) {
    text.line(0, 'Conditions:')
    text.line(1, 'Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage')
    text.line(1, '----\t------\t-----------------\t------------------\t------\t-------')
    for (const one of status.conditions) {
      const times = `${timeText(one.lastHeartbeatTime)} \t${timeText(one.lastTransitionTime)} `
      text.line(1, `${one.type} \t${one.status} \t${times}\t${one.reason} \t${one.message}`)
    }
  }
  text.line(0, 'Addresses:')
  for (const { type, address } of status.addresses ?? []) text.line(1, `${type}:\t${address}`)
  describeAmounts(text, 'Capacity', status.capacity)
  describeAmounts(text, 'Allocatable', status.allocatable)
  text.line(0, 'System Info:')
  const { nodeInfo } = status
  if (!nodeInfo) return
  const facts = [
    ['Machine ID', nodeInfo.machineID],
    ['System UUID', nodeInfo.systemUUID],
    ['Boot ID', nodeInfo.bootID],
    ['Kernel Version', nodeInfo.kernelVersion],
    ['OS Image', nodeInfo.osImage],
    ['Operating System', nodeInfo.operatingSystem],
    ['Architecture', nodeInfo.architecture],
    ['Container Runtime Version', nodeInfo.containerRuntimeVersion],
    ['Kubelet Version', nodeInfo.kubeletVersion],
  ]
  for (const [title, value] of facts) text.line(1, `${title}:\t${value}`)
}

function describeAmounts(
  text: Description,
  title: string,
  amounts: Readonly<Record<string, string>> | undefined,
): void {
  const names = Object.keys(amounts ?? {}).sort()
  if (names.length > 0) text.line(0, `${title}:`)
  for (const name of names) text.line(1, `${name}:\t${amounts![name]}`)
}
