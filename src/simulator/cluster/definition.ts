import { formatIpv4, parsePrefix } from '../network/address.ts'
import type { FaultDefinition } from './faults.ts'

/** The learner's machine: what its prompt and its network namespace are called. */
export const workstationName = 'lab'

/** What a lab may have installed besides what every cluster has. */
export const addonNames: readonly string[] = [
  'cloud-provider',
  'gateway-api',
  'ingress-nginx',
  'istio',
  'linkerd',
  'local-path-provisioner',
  'metallb',
  'metrics-server',
  'nginx-gateway',
]

/** How the cluster differs from the reference cluster. */
export interface ClusterDefinition {
  readonly cni: CniDefinition
  readonly proxy: 'iptables' | 'nftables' | 'ipvs'
  /** The network that all machines are on, a /24: the workstation, which is the others' gateway, has the first address. */
  readonly lan: string
  readonly nodes: readonly NodeDefinition[]
  /** What is installed besides, by name. */
  readonly addons?: readonly string[]
  /** What is broken from the start. */
  readonly faults?: readonly FaultDefinition[]
}

export interface CniDefinition {
  readonly plugin: string
  /** How packets cross from node to node, where the plugin has a choice: `vxlan`, `host-gw`. */
  readonly backend?: string
  /** The same range on every node, for plugins that do not share one out. */
  readonly subnet?: string
  /** The only node that lacks the plugin, or that has it: depends on the plugin. */
  readonly on?: string
  /** The range of all pods as the plugin believes it to be, where that differs from the cluster's. */
  readonly podRange?: string
}

export interface NodeDefinition {
  readonly name: string
  readonly address: string
  readonly isControlPlane: boolean
}

const referenceLan = '192.168.64.0/24'

/** The address of a LAN with this number at its end. */
export function lanAddress(lan: string, host: number): string {
  return formatIpv4(parsePrefix(lan)!.address + host)
}

/** A control plane and workers on a LAN, so many machines in all; `hosts` are the numbers at the ends of their addresses. */
export function machinesOf(
  count: number,
  lan = referenceLan,
  hosts: readonly number[] = Array.from({ length: count }, (_, index) => 10 + index),
): readonly NodeDefinition[] {
  return hosts.map((host, index) => ({
    name: index === 0 ? 'control-plane' : `node${index}`,
    address: lanAddress(lan, host),
    isControlPlane: index === 0,
  }))
}

/** Three machines, flannel over vxlan, kube-proxy in iptables mode. */
export const referenceCluster: ClusterDefinition = {
  cni: { plugin: 'flannel', backend: 'vxlan' },
  proxy: 'iptables',
  lan: referenceLan,
  nodes: machinesOf(3),
}
