import type { Endpoint } from '../../../network/sockets.ts'
import { invert, type Tuple, TupleMap } from '../../../network/tuple.ts'
import type { Random } from '../../../random.ts'

/** A connection from outside that a node sends on to a pod of another one, under an address of its own. */
export interface Translation {
  /** As it goes on: from this node to the pod. */
  readonly sent: Tuple
  readonly client: Endpoint
  /** The address that the client knows. */
  readonly frontend: Endpoint
}

const firstPort = 32_768
const lastPort = 65_535
// The real map holds half a million and forgets what was not used for longest (bpf-nat-global-max).
const capacity = 524_288

/** Which connections a node has put its own address on (the map cilium_snat_v4_external). */
export class NatMap {
  readonly #random: Random
  readonly #byAnswer = new TupleMap<Translation>()
  readonly #byClient = new Map<string, Translation>()

  constructor(random: Random) {
    this.#random = random
  }

  get translations(): Translation[] {
    return [...this.#byClient.values()]
  }

  /** What an answer belongs to. */
  ofAnswer(tuple: Tuple): Translation | undefined {
    return this.#byAnswer.get(tuple)
  }

  /** The translation of a client's connection to a backend: the one that there is, or a new one. */
  translate(
    protocol: Tuple['protocol'],
    client: Endpoint,
    frontend: Endpoint,
    backend: Endpoint,
    address: number,
  ): Translation {
    const key = `${protocol} ${client.address}:${client.port} ${frontend.address}:${frontend.port} ${backend.address}:${backend.port}`
    const known = this.#byClient.get(key)
    if (known) return known
    const tupleFrom = (sourcePort: number): Tuple => ({
      protocol,
      source: address,
      sourcePort,
      destination: backend.address,
      destinationPort: backend.port,
    })
    let sent = tupleFrom(client.port)
    while (this.#byAnswer.get(invert(sent))) sent = tupleFrom(firstPort + this.#random.below(lastPort - firstPort + 1))
    const translation = { sent, client, frontend }
    this.#byClient.set(key, translation)
    if (this.#byClient.size > capacity) this.#forgetOldest()
    this.#byAnswer.set(invert(sent), translation)
    return translation
  }

  #forgetOldest(): void {
    const [key, { sent }] = this.#byClient.entries().next().value!
    this.#byClient.delete(key)
    this.#byAnswer.delete(invert(sent), each => each.sent === sent)
  }
}
