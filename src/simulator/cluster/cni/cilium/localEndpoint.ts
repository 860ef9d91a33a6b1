import type { NetworkInterface } from '../../../network/interface.ts'
import type { NetworkNamespace } from '../../../network/namespace.ts'
import type { NamedPort } from './objects.ts'
import type { PolicyMap } from './policyMap.ts'

/** A pod of the node, as the node's programs know it. */
export interface LocalEndpoint {
  readonly id: number
  readonly namespace: string
  readonly pod: string
  readonly uid: string
  readonly containerId: string
  readonly address: number
  /** The pod's own Ethernet address. */
  readonly mac: string
  /** The node's end of the pod's cable. */
  readonly device: NetworkInterface
  readonly network: NetworkNamespace
  readonly namedPorts: readonly NamedPort[]
  identity: number
  /** Each with its source: `k8s:app=web`. */
  labels: Readonly<Record<string, string>>
  policy: PolicyMap
}
