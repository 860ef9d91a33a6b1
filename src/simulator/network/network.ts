import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'
import type { NetworkInterface } from './interface.ts'
import { KernelLog } from './kernelLog.ts'
import { NetworkNamespace } from './namespace.ts'
import type { Frame } from './packet.ts'
import type { SocketBuffer } from './socketBuffer.ts'
import { TraceLog } from './trace.ts'

/** Frames that may pass in one millisecond; the rest of a storm waits for the next. */
const framesPerMillisecond = 100_000

interface Delivery {
  readonly to: NetworkInterface
  readonly frame: Frame
  readonly buffer: SocketBuffer | undefined
}

/** All network namespaces of a lab, the cables between them, and what happened in them. */
export class Network {
  readonly clock: Clock
  readonly random: Random
  readonly trace = new TraceLog()
  readonly #namespaces = new Set<NetworkNamespace>()
  readonly #kernelLogs = new Map<string, KernelLog>()
  #queue: Delivery[] = []
  #isDelivering = false
  #lastFlow = 0
  #lastSerial = 0
  #carried = 0

  constructor(clock: Clock, random: Random) {
    this.clock = clock
    this.random = random
  }

  /** Every namespace, in the order of their making. */
  get namespaces(): readonly NetworkNamespace[] {
    return [...this.#namespaces]
  }

  /** How many frames have run over cables so far. */
  get carried(): number {
    return this.#carried
  }

  /** Makes a network namespace with a loopback interface on a machine. */
  createNamespace(name: string, options: { readonly machine: string }): NetworkNamespace {
    const namespace = new NetworkNamespace(this, name, options.machine)
    this.#namespaces.add(namespace)
    return namespace
  }

  /** Forgets a namespace that has been taken down. */
  forgetNamespace(namespace: NetworkNamespace): void {
    this.#namespaces.delete(namespace)
  }

  /** What the kernel of a machine has said. */
  kernelLog(machine: string): KernelLog {
    let log = this.#kernelLogs.get(machine)
    if (!log) {
      log = new KernelLog(this.clock)
      this.#kernelLogs.set(machine, log)
    }
    return log
  }

  /** Everything that has state, as plain JSON. */
  snapshot(): unknown {
    return this.namespaces.map(namespace => namespace.snapshot())
  }

  /** Hands a frame over to the far end of a cable, after everything that is already on its way. */
  enqueue(to: NetworkInterface, frame: Frame, buffer?: SocketBuffer): void {
    this.#queue.push({ to, frame, buffer })
    this.#carried++
    if (this.#isDelivering) return
    this.#isDelivering = true
    this.clock.after(0, () => this.#deliver())
  }

  /** A number for a new story of the trace. */
  nextFlow(): number {
    return ++this.#lastFlow
  }

  /** A number for a new packet. */
  nextSerial(): number {
    return ++this.#lastSerial
  }

  #deliver(): void {
    const queue = this.#queue
    let count = 0
    try {
      while (count < queue.length && count < framesPerMillisecond) {
        const { to, frame, buffer } = queue[count++]!
        to.receive(frame, buffer)
      }
    } finally {
      this.#queue = queue.slice(count)
      this.#isDelivering = this.#queue.length > 0
      if (this.#isDelivering) this.clock.after(1, () => this.#deliver())
    }
  }
}
