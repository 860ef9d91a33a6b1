import type { KubernetesObject } from '../../api/object.ts'
import type { Client } from '../../client.ts'
import type { Kind } from '../../kinds/kind.ts'

/** The group of Calico's kinds where the Kubernetes API server is its datastore. */
export const calicoGroup = 'crd.projectcalico.org'

/** A range from which pods get their addresses. */
export interface IpPool extends KubernetesObject {
  spec: {
    cidr: string
    blockSize?: number
    ipipMode?: Mode
    vxlanMode?: Mode
    natOutgoing?: boolean
    disabled?: boolean
    nodeSelector?: string
    allowedUses?: string[]
    assignmentMode?: string
  }
}

/** Whether packets to other nodes are wrapped: always, only beyond the own subnet, or never. */
export type Mode = 'Always' | 'CrossSubnet' | 'Never'

/** A part of a pool that a node hands out, and which of its addresses are taken. */
export interface IpamBlock extends KubernetesObject {
  spec: {
    cidr: string
    affinity?: string
    /** For each address the place of its description in `attributes`; null where it is free. */
    allocations: (number | null)[]
    attributes: AllocationAttribute[]
    /** Free addresses by their place, in the order in which they are handed out. */
    unallocated: number[]
    strictAffinity: boolean
    deleted: boolean
  }
}

/** Who has an address. */
interface AllocationAttribute {
  handle_id?: string
  secondary?: Record<string, string>
}

/** Which node hands out a block. */
export interface BlockAffinity extends KubernetesObject {
  spec: { cidr: string; node: string; state: string; deleted: string; type?: string }
}

/** Which addresses were given out under one name, that of a container. */
export interface IpamHandle extends KubernetesObject {
  spec: { handleID: string; block: Record<string, number>; deleted: boolean }
}

/** How the agents on the nodes behave. */
export interface FelixConfiguration extends KubernetesObject {
  spec: { bpfConnectTimeLoadBalancing?: string; defaultEndpointToHostAction?: string; logSeverityScreen?: string }
}

/** What is known of the cluster as a whole. */
export interface ClusterInformation extends KubernetesObject {
  spec: { calicoVersion: string; clusterGUID: string; clusterType: string; datastoreReady: boolean }
}

/** Each of the kinds with what its objects hold. */
interface CalicoKinds {
  IPPool: IpPool
  IPAMBlock: IpamBlock
  BlockAffinity: BlockAffinity
  IPAMHandle: IpamHandle
  FelixConfiguration: FelixConfiguration
  ClusterInformation: ClusterInformation
}

/** One of Calico's kinds; undefined while the API server does not serve it. */
export function findCalicoKind<Name extends keyof CalicoKinds>(
  client: Client,
  name: Name,
): Kind<CalicoKinds[Name]> | undefined {
  return client.kinds().find(({ group, kind }) => group === calicoGroup && kind === name) as
    | Kind<CalicoKinds[Name]>
    | undefined
}
