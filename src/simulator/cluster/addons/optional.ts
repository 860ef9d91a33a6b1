import type { Clock } from '../../clock.ts'
import type { Machine } from '../../machine/machine.ts'
import type { Program } from '../../machine/program.ts'
import type { ApiRequest, ApiResponse, Client } from '../client.ts'
import type { Image } from '../images/image.ts'

/** Something that a lab may want to have on its cluster from the start. */
export interface OptionalAddon {
  /** As lab.yaml calls it. */
  readonly name: string
  /** The images of its pods, where no other pod has them. */
  readonly images?: readonly Image[]
  /** Creates its objects, as its manifest does. */
  install(client: Client): void
  /** The programs that its containers run, by name. */
  programs?(parts: AddonParts): ReadonlyMap<string, Program>
  /** What its users install on their own machine: `istioctl`, `linkerd`. */
  commands?(parts: AddonParts): readonly Program[]
}

/** What the programs of an add-on get from its cluster. */
export interface AddonParts {
  readonly clock: Clock
  /** Milliseconds since 1970 at clock 0. */
  readonly epoch: number
  /** Reads and writes as a service account, `namespace:name`. */
  clientOf(account: string): Client
  /** Puts another machine on the LAN, which is no node; `host` is the number at the end of its address. */
  machine(name: string, host: number): Machine
  /** Asks the API server as a user, over the wire: what only requests can do, such as running a command in a pod. */
  ask(user: string, request: ApiRequest, receive: (answer: ApiResponse) => void): void
}
