import type { Clock } from '../../clock.ts'
import type { Machine } from '../../machine/machine.ts'
import type { Process } from '../../machine/program.ts'
import type { Random } from '../../random.ts'
import type { Client } from '../client.ts'
import type { EventRecorder } from '../eventRecorder.ts'
import type { BackOff } from './backOff.ts'
import type { ImagePuller } from './imagePuller.ts'
import type { Runtime } from './runtime.ts'

/** What the kubelet gives to those who look after single pods. */
export interface NodeWork {
  readonly node: Machine
  readonly nodeName: string
  /** The node's address on the LAN. */
  readonly hostIP: string
  /** The kubelet's own process. */
  readonly process: Process
  readonly clock: Clock
  readonly random: Random
  readonly client: Client
  readonly runtime: Runtime
  readonly puller: ImagePuller
  readonly crashes: BackOff
  readonly record: EventRecorder
  /** RFC 3339 in whole seconds. */
  timestamp(at?: number): string
  /** Asks the runtime at once what has become of its containers, save those of a pod about which all is known. */
  relist(known: string | undefined): void
  /** Writes a line into the kubelet's own log. */
  log(place: string, text: string, level?: 'I' | 'E'): void
  /** Whether the API server can be reached. */
  isConnected(): boolean
  /** Why pods get no network here, or undefined. */
  networkProblem(): string | undefined
}

/** A duration that is up to `factor` longer than asked for (k8s.io/apimachinery/pkg/util/wait, Jitter). */
export function jitter(work: Pick<NodeWork, 'random'>, duration: number, factor = 0.5): number {
  return Math.round(duration * (1 + work.random.fraction() * factor))
}
