import type { Clock } from '../../../clock.ts'
import type { Ipv4Packet } from '../../../network/packet.ts'

/** Where a packet was seen, in the words of `cilium-dbg monitor`. */
export type ObservationPoint =
  | 'to-endpoint'
  | 'to-stack'
  | 'to-overlay'
  | 'to-network'
  | 'to-host'
  | 'from-endpoint'
  | 'from-overlay'
  | 'from-network'

/** Something that a program did with a packet. */
export interface FlowEvent {
  /** Milliseconds of the clock. */
  readonly at: number
  readonly kind: 'trace' | 'trace-sock' | 'drop' | 'policy-verdict'
  /** Where it was seen, or why it was dropped. */
  readonly words: string
  readonly packet: Ipv4Packet
  readonly sourceIdentity: number
  readonly destinationIdentity: number
  /** The endpoint whose program it was; 0 for the node's own programs. */
  readonly endpoint: number
  /** The endpoint that it is to; 0 for what is no pod of the node. */
  readonly target: number
  readonly tracking: string
  readonly device: string
  /** For verdicts. */
  readonly direction?: 'ingress' | 'egress'
  readonly isAllowed?: boolean
}

// Hubble keeps 4095 flows on every node (hubble-event-buffer-capacity).
const capacity = 4_095

/** What a node's programs did lately: what `cilium-dbg monitor` and `hubble observe` read. */
export class FlowLog {
  readonly #clock: Clock
  #events: FlowEvent[] = []
  #listeners: ((event: FlowEvent) => void)[] = []
  #seen = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The latest, oldest first. */
  get events(): readonly FlowEvent[] {
    return this.#events.slice(-capacity)
  }

  /** How many there have been. */
  get seen(): number {
    return this.#seen
  }

  add(event: Omit<FlowEvent, 'at'>): void {
    const whole = { ...event, at: this.#clock.now }
    this.#events.push(whole)
    this.#seen++
    if (this.#events.length >= capacity * 2) this.#events = this.#events.slice(-capacity)
    for (const listener of this.#listeners) listener(whole)
  }

  /** Hears of every further one, until the answer is called. */
  follow(listener: (event: FlowEvent) => void): () => void {
    this.#listeners = [...this.#listeners, listener]
    return () => {
      this.#listeners = this.#listeners.filter(other => other !== listener)
    }
  }
}
