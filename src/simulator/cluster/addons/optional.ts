import type { Program } from '../../machine/program.ts'
import type { Client } from '../client.ts'

/** Something that a lab may want to have on its cluster from the start. */
export interface OptionalAddon {
  /** As lab.yaml calls it. */
  readonly name: string
  /** Creates its objects, as its manifest does. */
  install(client: Client): void
  /** What its container runs, if it has any. */
  program?(parts: AddonParts): Program
}

/** What the program of an add-on gets from its cluster. */
export interface AddonParts {
  /** Reads and writes as a service account, `namespace:name`. */
  clientOf(account: string): Client
}
