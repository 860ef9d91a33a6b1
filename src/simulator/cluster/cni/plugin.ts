import type { Clock } from '../../clock.ts'
import type { Machine } from '../../machine/machine.ts'
import type { Program } from '../../machine/program.ts'
import type { Client } from '../client.ts'

/** A pod network that a lab can choose. */
export interface NetworkPlugin {
  readonly name: string
  /** One sentence about how packets travel. */
  readonly summary: string
  /** How packets can cross from node to node; the first is used when a lab says nothing. */
  readonly backends?: readonly string[]
  /** Sets a fresh cluster up for the plugin, as far as its manifest does not. */
  install(cluster: FreshCluster, options: NetworkOptions): void
  /** The programs that its own pods run, by name. */
  programs?(control: PluginControl): ReadonlyMap<string, Program>
}

/** What a lab says about its network. */
export interface NetworkOptions {
  /** The range of every node's bridge, for plugins that do not share one out. */
  readonly subnet?: string | undefined
  /** Nodes that stay without a network. */
  readonly without: readonly string[]
}

/** A cluster that has nodes and no pod network yet. */
export interface FreshCluster {
  readonly client: Client
  readonly nodes: readonly Machine[]
  /** The range of all pods: `10.244.0.0/16`. */
  readonly podRange: string
}

/** What a plugin's programs work with. */
export interface PluginControl {
  readonly clock: Clock
  /** Milliseconds since 1970 at clock 0. */
  readonly epoch: number
  client(user: string): Client
}
