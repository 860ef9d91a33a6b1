import type { Client } from '../cluster/client.ts'
import type { Machine } from '../machine/machine.ts'
import type { NetworkNamespace } from '../network/namespace.ts'
import type { PacketPlace } from '../packetPath.ts'

/** Where someone sends from: a network, and the machine whose files say how names are looked up. */
export interface Position {
  readonly network: NetworkNamespace
  /** Undefined while no container of the pod runs. */
  readonly machine: Machine | undefined
}

/** What `kubehop` sees of the lab that it runs in. */
export interface TraceWorld {
  readonly client: Client
  placeOf(machine: string, networkNamespace: string): PacketPlace | undefined
  positionOf(place: PacketPlace): Position | undefined
}
