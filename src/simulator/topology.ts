export interface Topology {
  readonly machines: readonly TopologyMachine[]
  readonly services: readonly TopologyService[]
}

/** A machine on the LAN: the workstation, or a node with its pods. */
export interface TopologyMachine {
  readonly name: string
  readonly address: string
  readonly role: 'workstation' | 'control-plane' | 'node'
  readonly isReady: boolean
  readonly bridge: TopologyDevice | undefined
  readonly tunnel: TopologyDevice | undefined
  readonly pods: readonly TopologyPod[]
}

export interface TopologyDevice {
  readonly name: string
  readonly address: string
}

export interface TopologyPod {
  readonly namespace: string
  readonly name: string
  readonly address: string
  readonly isReady: boolean
  /** As `kubectl get pods` shows it. */
  readonly status: string
  /** The node's end of the pod's cable; empty for pods on the node's own network. */
  readonly cable: string
  readonly isHostNetwork: boolean
  readonly containers: readonly string[]
}

/** A Service has no place: it is an address and rules on every node. */
export interface TopologyService {
  readonly namespace: string
  readonly name: string
  readonly type: string
  readonly address: string
  /** `80/TCP`, `80:30081/TCP`. */
  readonly ports: readonly string[]
  /** `namespace/name` of the pods that are ready behind it. */
  readonly endpoints: readonly string[]
}
