import { matchesSelector } from '../cluster/api/selector.ts'
import { namespace as namespaceKind } from '../cluster/kinds/namespace.ts'
import { type NetworkPolicy, type NetworkPolicyPeer, networkPolicy } from '../cluster/kinds/networkPolicy.ts'
import { type Pod, pod } from '../cluster/kinds/pod.ts'
import type { World } from './world.ts'

/** The policies that select a pod in one direction. */
export function policiesOn({ client }: World, chosen: Pod, direction: 'Ingress' | 'Egress'): NetworkPolicy[] {
  return client
    .list(networkPolicy, { namespace: chosen.metadata.namespace! })
    .filter(({ spec }) => spec.policyTypes?.includes(direction))
    .filter(({ spec }) => matchesSelector(spec.podSelector, chosen.metadata.labels))
}

/** Whether a policy's own ingress rules name a pod `namespace/pod` by its labels; ports and addresses are not asked. */
export function letsIn(world: World, { metadata, spec }: NetworkPolicy, place: string): boolean {
  const [space, name = ''] = place.split('/')
  const caller = world.client.get(pod, name, space)
  if (!caller) return false
  const spaceLabels = world.client.get(namespaceKind, space!)?.metadata.labels
  const fits = ({ ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer) =>
    !ipBlock &&
    (namespaceSelector ? matchesSelector(namespaceSelector, spaceLabels) : space === metadata.namespace) &&
    (!podSelector || matchesSelector(podSelector, caller.metadata.labels))
  return spec.ingress?.some(({ from }) => !from?.length || from.some(fits)) ?? false
}
