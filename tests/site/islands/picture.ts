import type { Topology, TopologyMachine, TopologyPod } from '#simulator/topology.ts'

/** A pod of the default namespace, as the picture is told of it. */
export function pod(name: string): TopologyPod {
  return {
    namespace: 'default',
    name,
    address: '10.244.1.2',
    isReady: true,
    status: 'Running',
    cable: `veth-${name}`,
    isHostNetwork: false,
    containers: ['c'],
  }
}

/** A node with a bridge and a tunnel. */
export function machine(name: string, pods: readonly TopologyPod[]): TopologyMachine {
  return {
    name,
    address: '192.168.64.11',
    role: 'node',
    isReady: true,
    bridge: { name: 'cni0', address: '10.244.1.1' },
    tunnel: { name: 'flannel.1', address: '10.244.1.0' },
    gate: 'netfilter',
    pods,
  }
}

export function topology(...machines: readonly TopologyMachine[]): Topology {
  return { machines, services: [] }
}
