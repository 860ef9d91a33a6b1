import type { ObservedRequest } from './grading/world.ts'
import { formatIpv4 } from './network/address.ts'
import type { Ipv4Packet } from './network/packet.ts'
import type { TraceLog, TraceRecord } from './network/trace.ts'
import { type PacketPath, type PacketPlace, pathOf, verdictOf } from './packetPath.ts'

/** Which place of the picture a network namespace is; undefined for what only the cluster itself uses. */
export type PlaceOf = (machine: string, networkNamespace: string) => PacketPlace | undefined

/** The control plane's own port: its traffic is not what a learner asked for. */
const apiPort = 6443

/** Who asks pods every few seconds whether they are well. */
const prober = 'by kubelet'

/** So many requests are remembered after their steps are not. */
const mostKept = 50_000

/**
 * The requests that people and pods made, read from the trace of the network. The trace makes room for later steps by
 * forgetting the first ones; what was asked outlives that.
 */
export class RequestLog {
  readonly #trace: TraceLog
  readonly #placeOf: PlaceOf
  /** Flows up to this one are nobody's concern. */
  #past = 0
  /** What the trace has forgotten, oldest first. */
  #kept: ObservedRequest[] = []

  constructor(trace: TraceLog, placeOf: PlaceOf) {
    this.#trace = trace
    this.#placeOf = placeOf
    trace.onForget = (flow, records) => {
      if (flow <= this.#past) return
      this.#kept.push(...this.#requests(records))
      if (this.#kept.length > mostKept) this.#kept = this.#kept.slice(mostKept / 10)
    }
  }

  /** Leaves out what has been asked so far. */
  forget(): void {
    this.#past = this.#trace.flows().at(-1) ?? 0
    this.#kept = []
  }

  /** Every request that is still remembered, oldest first. */
  all(): ObservedRequest[] {
    return [...this.#kept, ...this.#flows().flatMap(flow => this.#requests(this.#trace.flow(flow)))]
  }

  /** The latest request; its version changes when more of it is known. */
  last(): { readonly version: number; path(): PacketPath } | undefined {
    const flow = this.#flows().findLast(flow => this.#sender(this.#trace.flow(flow)) !== undefined)
    if (flow === undefined) return undefined
    const records = this.#trace.flow(flow)
    return { version: flow * 4096 + records.length, path: () => pathOf(flow, records, this.#placeOf) }
  }

  /** What the steps of a flow asked for: one request, or none that counts. */
  #requests(records: readonly TraceRecord[]): ObservedRequest[] {
    const first = records[0]
    const from = this.#sender(records)
    if (!first || !from) return []
    const packet = first.before as Ipv4Packet
    const protocol = packet.protocol as ObservedRequest['protocol']
    return [
      {
        at: first.at,
        protocol,
        from: from.name,
        fromAddress: formatIpv4(packet.source),
        toAddress: formatIpv4(packet.destination),
        toPort: protocol === 'icmp' ? 0 : (packet.body as { destinationPort: number }).destinationPort,
        verdict: verdictOf(records),
      },
    ]
  }

  #flows(): readonly number[] {
    const flows = this.#trace.flows()
    return this.#past === 0 ? flows : flows.filter(flow => flow > this.#past)
  }

  /**
   * Where a flow begins, if a person or a pod sent it: not the control plane, not a name server's answer or a probe, not
   * what daemons of a node tell each other.
   */
  #sender([first, second]: readonly TraceRecord[]): PacketPlace | undefined {
    // A program at the socket may lead it elsewhere before it is sent.
    const sent = first?.kind === 'rewrite' ? second : first
    if (sent?.kind !== 'send' || sent.decision === prober || !('protocol' in sent.before)) return undefined
    const packet = sent.before
    const port = packet.protocol === 'icmp' ? 0 : (packet.body as { destinationPort: number }).destinationPort
    if (port === apiPort || port === 53) return undefined
    const place = this.#placeOf(sent.machine, sent.networkNamespace)
    const isDaemons = place?.kind === 'node' && packet.destination >>> 24 === 127
    return isDaemons || place?.name.startsWith('kube-') ? undefined : place
  }
}
