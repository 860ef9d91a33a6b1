/** The learner's machine: what its prompt and its network namespace are called. */
export const workstationName = 'lab'

/** What a lab may have installed besides what every cluster has. */
export const addonNames: readonly string[] = ['gateway-api', 'local-path-provisioner', 'metrics-server']

/** How the cluster differs from the reference cluster. */
export interface ClusterDefinition {
  readonly cni: CniDefinition
  readonly proxy: 'iptables' | 'nftables' | 'ipvs'
  readonly nodes: readonly NodeDefinition[]
  /** What is installed besides, by name. */
  readonly addons?: readonly string[]
}

export interface CniDefinition {
  readonly plugin: string
  /** How packets cross from node to node, where the plugin has a choice: `vxlan`, `host-gw`. */
  readonly backend?: string
  /** The same range on every node, for plugins that do not share one out. */
  readonly subnet?: string
  /** The only node that lacks the plugin, or that has it: depends on the plugin. */
  readonly on?: string
}

export interface NodeDefinition {
  readonly name: string
  readonly address: string
  readonly isControlPlane: boolean
}

/** Three machines, flannel over vxlan, kube-proxy in iptables mode. */
export const referenceCluster: ClusterDefinition = {
  cni: { plugin: 'flannel', backend: 'vxlan' },
  proxy: 'iptables',
  nodes: [
    { name: 'control-plane', address: '192.168.64.10', isControlPlane: true },
    { name: 'node1', address: '192.168.64.11', isControlPlane: false },
    { name: 'node2', address: '192.168.64.12', isControlPlane: false },
  ],
}
