import { Quantity } from '../../cluster/api/quantity.ts'
import type { Lease } from '../../cluster/kinds/lease.ts'
import type { Node } from '../../cluster/kinds/node.ts'
import type { Pod } from '../../cluster/kinds/pod.ts'
import { Failure } from '../failure.ts'
import { defineDescriber, type View } from './describer.ts'
import { longTime } from './description.ts'
import { describeNodeUse } from './nodeUse.ts'
import { describeTaints } from './placement.ts'

export const node = defineDescriber<Node>({
  group: '',
  kind: 'Node',
  async describe(node, view) {
    const { metadata, spec, status } = node
    const { text } = view
    text.field('Name', metadata.name)
    text.field('Roles', rolesOf(node).join(',') || '<none>')
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.field('CreationTimestamp', longTime(metadata.creationTimestamp))
    describeTaints(spec?.taints, text)
    text.field('Unschedulable', spec?.unschedulable ?? false)
    await describeLease(node, view)
    describeConditions(node, view)
    text.heading('Addresses')
    for (const { type, address } of status?.addresses ?? []) text.field(type, address, 1)
    for (const [name, amounts] of [
      ['Capacity', status?.capacity],
      ['Allocatable', status?.allocatable],
    ] as const) {
      if (!amounts || Object.keys(amounts).length === 0) continue
      text.heading(name)
      for (const resource of Object.keys(amounts).sort()) {
        text.field(resource, Quantity.parse(String(amounts[resource])), 1)
      }
    }
    describeSystem(node, view)
    const pods = await view.list<Pod>('pods', {
      fieldSelector: `spec.nodeName=${metadata.name},status.phase!=Succeeded,status.phase!=Failed`,
    })
    describeNodeUse(pods, status?.allocatable ?? status?.capacity ?? {}, text, view.now)
    // Controllers report events under the node's uid, kubelets under its name.
    await view.events(node, [metadata.uid, metadata.name])
  },
})

function rolesOf({ metadata }: Node): string[] {
  const prefix = 'node-role.kubernetes.io/'
  const roles = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(prefix)) return key.length > prefix.length ? [key.slice(prefix.length)] : []
    return key === 'kubernetes.io/role' && value ? [value] : []
  })
  return [...new Set(roles)].sort()
}

async function describeLease({ metadata }: Node, view: View): Promise<void> {
  const { text } = view
  try {
    const { spec } = await view.get<Lease>('leases.coordination.k8s.io', 'kube-node-lease', metadata.name)
    text.heading('Lease')
    text.field('HolderIdentity', spec?.holderIdentity ?? '<unset>', 1)
    text.field('AcquireTime', spec?.acquireTime ? longTime(spec.acquireTime) : '<unset>', 1)
    text.field('RenewTime', spec?.renewTime ? longTime(spec.renewTime) : '<unset>', 1)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    text.field('Lease', `Failed to get lease: ${error.message}`)
  }
}

function describeConditions({ status }: Node, { text }: View): void {
  if (!status?.conditions?.length) return
  text.heading('Conditions')
  text.header(['Type', 'Status', 'LastHeartbeatTime', 'LastTransitionTime', 'Reason', 'Message'])
  for (const {
    type,
    status: state,
    lastHeartbeatTime,
    lastTransitionTime,
    reason = '',
    message = '',
  } of status.conditions) {
    const cells = [type, state, longTime(lastHeartbeatTime), longTime(lastTransitionTime), reason]
    text.line(`${cells.map(cell => `${cell} \t`).join('')}${message}`, 1)
  }
}

function describeSystem({ spec, status }: Node, { text }: View): void {
  const system = status?.nodeInfo
  text.heading('System Info')
  text.field('Machine ID', system?.machineID ?? '', 1)
  text.field('System UUID', system?.systemUUID ?? '', 1)
  text.field('Boot ID', system?.bootID ?? '', 1)
  text.field('Kernel Version', system?.kernelVersion ?? '', 1)
  text.field('OS Image', system?.osImage ?? '', 1)
  text.field('Operating System', system?.operatingSystem ?? '', 1)
  text.field('Architecture', system?.architecture ?? '', 1)
  text.field('Container Runtime Version', system?.containerRuntimeVersion ?? '', 1)
  text.field('Kubelet Version', system?.kubeletVersion ?? '', 1)
  if (spec?.podCIDR) text.field('PodCIDR', spec.podCIDR)
  if (spec?.podCIDRs?.length) text.field('PodCIDRs', spec.podCIDRs.join(','))
  if (spec?.providerID) text.field('ProviderID', spec.providerID)
}
