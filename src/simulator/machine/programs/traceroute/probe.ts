import { icmpType } from '../../../network/packet.ts'
import type { SocketFault } from '../../../network/sockets.ts'
import type { Random } from '../../../random.ts'
import { openIcmp } from '../../icmp.ts'
import type { Process } from '../../program.ts'
import { openUdp } from '../../udp.ts'

/** What came back for one probe. */
export interface Answer {
  readonly from: number
  /** Milliseconds. */
  readonly time: number
  /** The destination itself has answered. */
  readonly isDestination: boolean
  /** `!H` and its like; empty when all is well. */
  readonly mark: string
  /** The size that would have passed, when it was too long. */
  readonly mtu: number | undefined
}

/** How probes are sent. */
export interface ProbeOptions {
  readonly kind: 'udp' | 'icmp'
  /** The port of the first probe; each further one uses the next. */
  readonly port: number
  /** Bytes of the whole packet. */
  readonly size: number
  readonly dontFragment?: boolean
}

/** Sends packets that live for a few hops only, and listens for those who tell that they died. */
export class Prober {
  readonly #process: Process
  readonly #destination: number
  readonly #options: ProbeOptions
  readonly #random: Random
  #count = 0

  constructor(process: Process, destination: number, options: ProbeOptions) {
    this.#process = process
    this.#destination = destination
    this.#options = options
    this.#random = process.kernel.random.fork(`probe ${process.pid} ${process.kernel.clock.now}`)
  }

  /** Sends one probe for each of these times to live at once; undefined for those without an answer in time. */
  send(ttls: readonly number[], timeout: number): Promise<(Answer | undefined)[]> {
    return this.#options.kind === 'udp' ? this.#sendUdp(ttls, timeout) : this.#sendEcho(ttls, timeout)
  }

  async #sendUdp(ttls: readonly number[], timeout: number): Promise<(Answer | undefined)[]> {
    const socket = openUdp(this.#process)
    const started = this.#process.kernel.clock.now
    const first = this.#options.port + this.#count
    this.#count += ttls.length
    const answers: (Answer | undefined)[] = ttls.map(() => undefined)
    const data = new Uint8Array(Math.max(0, this.#options.size - 28)).fill(64)
    const how = this.#options.dontFragment ? { dontFragment: true } : {}
    try {
      for (const [i, ttl] of ttls.entries()) socket.send(data, this.#destination, first + i, { ttl, ...how })
      while (answers.includes(undefined)) {
        const left = started + timeout - this.#process.kernel.clock.now
        const event = left > 0 ? await socket.next(left) : undefined
        if (!event) break
        if (!('code' in event)) continue
        const body = event.message.original?.body
        const index = body?.kind === 'udp' ? body.destinationPort - first : -1
        if (index >= 0 && index < ttls.length) answers[index] ??= this.#answer(event, started)
      }
    } finally {
      socket.close()
    }
    return answers
  }

  async #sendEcho(ttls: readonly number[], timeout: number): Promise<(Answer | undefined)[]> {
    const socket = openIcmp(this.#process)
    const started = this.#process.kernel.clock.now
    const first = 1 + this.#count
    this.#count += ttls.length
    const answers: (Answer | undefined)[] = ttls.map(() => undefined)
    const size = Math.max(0, this.#options.size - 28)
    try {
      for (const [i, ttl] of ttls.entries())
        socket.sendEcho({ destination: this.#destination, sequence: first + i, ttl, size })
      while (answers.includes(undefined)) {
        const left = started + timeout - this.#process.kernel.clock.now
        const event = left > 0 ? await socket.next(left) : undefined
        if (!event) break
        if (event.kind === 'reply') {
          const time = this.#time(started)
          answers[event.message.sequence - first] ??= {
            from: event.packet.source,
            time,
            isDestination: true,
            mark: '',
            mtu: undefined,
          }
          continue
        }
        const body = event.fault.message.original?.body
        const index = body?.kind === 'icmp' ? body.sequence - first : -1
        if (index >= 0 && index < ttls.length) answers[index] ??= this.#answer(event.fault, started)
      }
    } finally {
      socket.close()
    }
    return answers
  }

  #answer(fault: SocketFault, started: number): Answer {
    const { type, code, mtu } = fault.message
    const isDead = type === icmpType.timeExceeded
    const marks: Readonly<Record<number, string>> = {
      0: '!N',
      1: '!H',
      2: '!P',
      3: '',
      4: `!F-${mtu ?? 0}`,
      9: '!X',
      10: '!X',
      13: '!X',
    }
    return {
      from: fault.from,
      time: this.#time(started),
      isDestination: !isDead,
      mark: isDead ? '' : (marks[code] ?? `!<${code}>`),
      mtu,
    }
  }

  /** The clock's milliseconds, and a random part that it cannot see. */
  #time(started: number): number {
    return this.#process.kernel.clock.now - started + (20 + this.#random.below(180)) / 1000
  }
}
