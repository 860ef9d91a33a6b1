import type { Clock } from '../../clock.ts'
import type { Machine } from '../../machine/machine.ts'
import type { Program } from '../../machine/program.ts'
import type { Client } from '../client.ts'
import type { Image } from '../images/image.ts'
import type { CniExecutable } from './executables/executable.ts'

/** A pod network that a lab can choose: everything that is special to one, in the order in which it happens. */
export interface NetworkPlugin {
  readonly name: string
  /** One sentence about how packets travel. */
  readonly summary: string
  /** How packets can cross from node to node; the first is used when a lab says nothing. */
  readonly backends?: readonly string[]
  /** Whether NetworkPolicies have an effect. */
  readonly enforcesPolicies?: boolean
  /** Whether Services work without kube-proxy, which is then not installed. */
  readonly replacesKubeProxy?: boolean
  /** The range of all pods, where the plugin does not take the usual one. */
  readonly podRange?: string
  /** The images of its own pods. */
  readonly images?: readonly Image[]
  /** Names with tags of those that lie on every node from the start. */
  readonly preloaded?: readonly string[]
  /** What it brings to /opt/cni/bin by itself, as its installer copies it there. */
  readonly executables?: readonly CniExecutable[]
  /** Creates its objects, as its manifest does. */
  manifest?(client: Client, options: NetworkOptions): void
  /** Sets nodes up for the plugin, as far as its manifest does not. */
  install?(cluster: FreshCluster, options: NetworkOptions): void
  /** The programs that its own pods run, by name. */
  programs?(control: PluginControl): ReadonlyMap<string, Program>
  /** What its users install on their own machine: `calicoctl`, `cilium`. */
  commands?(control: PluginControl): readonly Program[]
}

/** What a lab says about its network. */
export interface NetworkOptions {
  /** How packets cross from node to node, where the plugin has a choice. */
  readonly backend: string
  /** The range of all pods: `10.244.0.0/16`. */
  readonly podRange: string
  /** The API server's address on the LAN. */
  readonly server: string
  /** The range of every node's bridge, for plugins that do not share one out. */
  readonly subnet?: string | undefined
  /** Nodes that stay without a network. */
  readonly without: readonly string[]
}

/** A cluster that has nodes and no pod network yet. */
export interface FreshCluster {
  readonly client: Client
  readonly nodes: readonly Machine[]
}

/** What a plugin's programs work with. */
export interface PluginControl {
  readonly clock: Clock
  /** Milliseconds since 1970 at clock 0. */
  readonly epoch: number
  client(user: string): Client
}
