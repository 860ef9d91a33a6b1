import type { LabelSelector } from 'kubernetes-types/meta/v1'
import type { NetworkPolicyPeer } from '../../kinds/networkPolicy.ts'
import { namedPortSetName, selectorSetName } from './identifiers.ts'
import { selectorText } from './selectors.ts'

/** Which pods' addresses a set holds, with one of their ports where it has a name. */
export interface MemberSelector {
  /** Of the set. */
  readonly name: string
  /** The only namespace whose pods count; absent, those that `namespaces` selects. */
  readonly namespace?: string
  readonly namespaces: LabelSelector
  readonly pods: LabelSelector
  readonly port?: { readonly name: string; readonly protocol: 'TCP' | 'UDP' | 'SCTP' }
}

/** The pods that a peer of a policy stands for. */
export function membersOf(peer: NetworkPolicyPeer, namespace: string): MemberSelector {
  return { name: selectorSetName(textOf(peer, namespace)), ...placeOf(peer, namespace) }
}

/** The pods of a peer, or all there are, with a port of that name. */
export function namedPortMembersOf(
  protocol: string,
  port: string,
  peer: NetworkPolicyPeer | undefined,
  namespace: string,
): MemberSelector {
  const text = peer ? textOf(peer, namespace) : 'all()'
  return {
    name: namedPortSetName(text, protocol, port),
    ...(peer ? placeOf(peer, namespace) : { namespaces: {}, pods: {} }),
    port: { name: port, protocol: protocol.toUpperCase() as 'TCP' | 'UDP' | 'SCTP' },
  }
}

function textOf({ namespaceSelector, podSelector }: NetworkPolicyPeer, namespace: string): string {
  return selectorText(podSelector, namespaceSelector ? { namespaces: namespaceSelector } : { namespace })
}

function placeOf({ namespaceSelector, podSelector = {} }: NetworkPolicyPeer, namespace: string) {
  return namespaceSelector
    ? { namespaces: namespaceSelector, pods: podSelector }
    : { namespace, namespaces: {}, pods: podSelector }
}
