import type { FileSystem } from '../../../machine/files.ts'
import type { Machine } from '../../../machine/machine.ts'
import type { NetworkNamespace } from '../../../network/namespace.ts'
import type { Random } from '../../../random.ts'
import type { Client } from '../../client.ts'

/** The container that is to be connected, and the node it stands on. */
export interface CniRequest {
  readonly containerId: string
  /** Whose container it is: what runtimes pass as K8S_POD_NAMESPACE, K8S_POD_NAME and K8S_POD_UID. */
  readonly pod: { readonly namespace: string; readonly name: string; readonly uid: string }
  /** `eth0`. */
  readonly interfaceName: string
  /** The container's network namespace. */
  readonly namespace: NetworkNamespace
  /** The node's own network namespace. */
  readonly host: NetworkNamespace
  readonly node: Machine
  /** The node's files. */
  readonly files: FileSystem
  readonly random: Random
  readonly portMappings: readonly PortMapping[]
  /** Reads and writes as a service account, `namespace:name`, for plugins that have one. */
  clientOf(account: string): Client
}

/** A port of the node that leads to one of the container. */
export interface PortMapping {
  readonly hostPort: number
  readonly containerPort: number
  readonly protocol: 'tcp' | 'udp' | 'sctp'
  readonly hostIP?: string
}

/** What a plugin has done, for the runtime and the next plugin of the chain. */
export interface CniResult {
  /** Addresses with prefix length and gateway: `10.244.1.5/24`, `10.244.1.1`. */
  readonly addresses: readonly { readonly address: string; readonly gateway: string | undefined }[]
}

/** One plugin's part of a network configuration; what else it holds depends on the plugin. */
export interface PluginConfiguration {
  readonly type: string
  readonly name: string
  readonly [key: string]: unknown
}

/** Another plugin's work, for plugins that delegate. */
export interface Delegates {
  /** `before` is what the plugin before it in a chain has done. */
  add(configuration: PluginConfiguration, request: CniRequest, before?: CniResult): CniResult
  remove(configuration: PluginConfiguration, request: CniRequest): void
}

/** A program of /opt/cni/bin: connects a container to a network and takes it off again. */
export interface CniExecutable {
  /** Its file name, which network configurations call `type`. */
  readonly type: string
  /** The kind of program it is; a network configuration names interface plugins and `meta` ones. */
  readonly kind: 'main' | 'ipam' | 'meta'
  add(
    configuration: PluginConfiguration,
    request: CniRequest,
    before: CniResult | undefined,
    delegates: Delegates,
  ): CniResult
  remove(configuration: PluginConfiguration, request: CniRequest, delegates: Delegates): void
}

/** Why a plugin failed, in its own words. */
export class CniError extends Error {}
