import { matchesSelector } from '../cluster/api/selector.ts'
import type { Client } from '../cluster/client.ts'
import { networkPolicy } from '../cluster/kinds/networkPolicy.ts'
import type { Pod } from '../cluster/kinds/pod.ts'

/** The names of the NetworkPolicies that hold for a pod, in one direction or in both. */
export function policiesOn(client: Client, { metadata }: Pod, direction: 'ingress' | 'egress' | undefined): string[] {
  const { namespace = '', labels } = metadata
  return client
    .list(networkPolicy, { namespace })
    .filter(({ spec }) => matchesSelector(spec.podSelector, labels))
    .filter(({ spec }) => direction === undefined || spec.policyTypes?.some(type => type.toLowerCase() === direction))
    .map(policy => `${namespace}/${policy.metadata.name}`)
    .sort()
}
