import type { Kernel } from '../machine/kernel.ts'
import type { Machine } from '../machine/machine.ts'
import type { Process } from '../machine/program.ts'
import type { Network } from '../network/network.ts'
import { ApiServer } from './apiserver/apiServer.ts'
import type { Client, Transport } from './client.ts'
import type { ClusterDefinition } from './definition.ts'

/** What a cluster is made of and where it stands in time. */
export interface ClusterOptions {
  readonly kernel: Kernel
  readonly network: Network
  readonly definition: ClusterDefinition
  /** Milliseconds since 1970 at clock 0. */
  readonly epoch: number
}

/** Which machine or pod a network namespace belongs to. */
export interface NetworkPlace {
  readonly kind: 'pod' | 'node' | 'workstation'
  /** `namespace/name` of a pod, or a machine's name. */
  readonly name: string
}

/** A Kubernetes cluster with the learner's workstation on the same LAN. */
export class Cluster {
  readonly apiServer: ApiServer
  /** Reads and writes as the administrator. */
  readonly client: Client
  /** Every machine by name, the workstation included. */
  readonly machines: ReadonlyMap<string, Machine>
  readonly nodes: ReadonlyMap<string, Machine>

  private constructor(options: ClusterOptions) {
    this.apiServer = new ApiServer({ clock: options.kernel.clock, random: options.kernel.random, epoch: options.epoch })
    this.client = this.apiServer.client('kubernetes-admin')
    this.machines = new Map()
    this.nodes = new Map()
  }

  /** Boots a cluster; it is at rest, its nodes ready, when this resolves. */
  static async boot(options: ClusterOptions): Promise<Cluster> {
    return new Cluster(options)
  }

  /** The learner's machine. */
  get workstation(): Machine {
    return this.machines.get('lab')!
  }

  /** How kubectl, run by a process, reaches the server of its kubeconfig. */
  transport(_process: Process): Transport {
    throw new Error('unfinished')
  }

  /** Whose network namespace it is; undefined for what belongs to nobody. */
  placeOf(_machine: string, _networkNamespace: string): NetworkPlace | undefined {
    return undefined
  }

  /** What is different from the images on every machine and container, as plain JSON. */
  snapshot(): unknown {
    return {}
  }
}
