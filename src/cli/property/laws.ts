import { formatIpv4 } from '../../simulator/network/address.ts'
import type { Ipv4Packet } from '../../simulator/network/packet.ts'
import type { TraceRecord } from '../../simulator/network/trace.ts'
import { pathOf } from '../../simulator/packetPath.ts'
import type { DrawnLab } from './drawnLab.ts'
import { type Behind, Model, type Network, type Outcome } from './model.ts'
import type { Sent, Stage } from './stage.ts'

/** A law that a packet broke. */
export interface Breach {
  readonly law: string
  readonly detail: string
  /** Which packet of the lab, where one did it. */
  readonly packet?: number
}

/** Everything that must hold of packets, whatever the lab. */
export function breachesOf(stage: Stage, lab: DrawnLab, network: Network, sent: readonly Sent[]): Breach[] {
  const model = new Model(stage.ground, lab, network)
  const breaches = sent.flatMap((each, packet) => {
    const ways = model.mayAnswerAside(each.packet)
      ? []
      : [...retraced(each), ...undone(each), ...modelled(stage, model, each)]
    return [...conserved(each), ...falling(each), ...remembered(stage, each), ...ways].map(breach => ({
      ...breach,
      packet,
    }))
  })
  return [...breaches, ...sticky(lab, sent)]
}

/** No packet is delivered twice, or delivered and dropped. */
function conserved({ records }: Sent): Breach[] {
  const ends = new Map<number, string[]>()
  for (const { kind, serial, machine, networkNamespace, decision } of records) {
    if (kind !== 'deliver' && kind !== 'drop' && kind !== 'expire') continue
    ends.set(serial, [...(ends.get(serial) ?? []), `${kind} ${machine} ${networkNamespace} ${decision}`])
  }
  return [...ends.values()]
    .filter(list => list.length > 1)
    .map(list => ({ law: 'a packet ends once', detail: list.join(', ') }))
}

/** The time to live falls by one where a packet is forwarded, and nowhere else. */
function falling({ records }: Sent): Breach[] {
  const breaches: Breach[] = []
  const last = new Map<number, number>()
  for (const record of records) {
    if (!isIpv4(record.before) || !isIpv4(record.after)) continue
    const { before, after, kind, serial } = record
    if (kind === 'encapsulate' || kind === 'decapsulate' || isWrapped(before)) continue
    const known = last.get(serial)
    if (known !== undefined && before.ttl !== known && before.ttl !== known - 1)
      breaches.push({
        law: 'the time to live is kept',
        detail: `${record.machine} ${kind}: ${known}, then ${before.ttl}`,
      })
    if (kind === 'forward' && after.ttl !== before.ttl - 1)
      breaches.push({
        law: 'the time to live falls by one',
        detail: `${record.machine}: ${before.ttl} to ${after.ttl}`,
      })
    // Programs at interfaces that redirect a packet forward and translate it in one step.
    const mayFall = kind === 'forward' || kind === 'rewrite'
    if (after.ttl !== before.ttl && !(mayFall && after.ttl === before.ttl - 1))
      breaches.push({ law: 'only forwarding lowers the time to live', detail: `${record.machine} ${kind}` })
    last.set(serial, after.ttl)
  }
  return breaches
}

/** An answer comes back over the machines that the request went over. */
function retraced({ flow, end, records }: Sent): Breach[] {
  if (end !== 'answered' || !arrived(records)) return []
  const { stops } = pathOf(flow, records, machine => ({ kind: 'outside', name: machine }))
  const machines = (way: 'there' | 'back') => {
    const names = stops.filter(stop => stop.way === way && stop.place.name !== 'switch').map(({ place }) => place.name)
    return names.filter((name, index) => name !== names[index - 1])
  }
  const [there, back] = [machines('there'), machines('back').reverse()]
  if (there.join() === back.join()) return []
  return [{ law: 'an answer retraces the request', detail: `${there.join(' > ')}, back ${back.reverse().join(' > ')}` }]
}

/** The client sees its answer come from where it had sent its request. */
function undone({ end, records }: Sent): Breach[] {
  if (end !== 'answered') return []
  const first = records.find(({ kind }) => kind === 'send')
  if (!first) return [{ law: 'a request leaves a trace', detail: '' }]
  const opener = records[0]!.before as Ipv4Packet
  const back = records.find(
    ({ kind, serial, machine, networkNamespace, after }) =>
      kind === 'deliver' &&
      serial !== first.serial &&
      machine === first.machine &&
      networkNamespace === first.networkNamespace &&
      isIpv4(after) &&
      after.protocol === opener.protocol &&
      endpoint(after, 'destination') === endpoint(opener, 'source'),
  )?.after as Ipv4Packet | undefined
  // A socket program changes addresses inside the socket, so packets never carry the first ones.
  const wasLed = records.some(
    ({ kind, interface: device, before, after }) => kind === 'rewrite' && device === '' && before !== after,
  )
  if (!back) return [{ law: 'an answer is delivered', detail: 'no delivery to the sender in the trace' }]
  // A server with several addresses answers datagrams from the one of its route, unless it has bound another (udp(7)).
  const server = records.find(({ kind, serial }) => kind === 'send' && serial !== first.serial)
  if (opener.protocol === 'udp' && server?.networkNamespace === server?.machine) return []
  if (wasLed || endpoint(back, 'source') === endpoint(opener, 'destination')) return []
  const detail = `asked ${endpoint(opener, 'destination')}, answered from ${endpoint(back, 'source')}`
  return [{ law: 'translation is undone for the client', detail }]
}

/** Where rules changed a request, the connection table holds both sides of it. */
function remembered(stage: Stage, { end, records }: Sent): Breach[] {
  if (end !== 'answered' || !arrived(records)) return []
  const breaches: Breach[] = []
  const first = records.find(({ kind }) => kind === 'send')
  for (const record of records) {
    if (record.kind !== 'rewrite' || record.serial !== first?.serial || !isIpv4(record.after)) continue
    // Programs that translate keep tables of their own, and name the entry themselves.
    if ((record.decision !== 'DNAT' && record.decision !== 'SNAT') || record.by !== '') continue
    const place = stage.namespaces.find(
      ({ machine, name }) => machine === record.machine && name === record.networkNamespace,
    )
    const { after } = record
    const expected = record.decision === 'DNAT' ? endpoint(after, 'destination') : endpoint(after, 'source')
    const isIt = place?.connections.list().some(({ reply }) => {
      const [address, port] =
        record.decision === 'DNAT' ? [reply.source, reply.sourcePort] : [reply.destination, reply.destinationPort]
      return expected === (after.protocol === 'icmp' ? formatIpv4(address) : `${formatIpv4(address)}:${port}`)
    })
    if (!isIt)
      breaches.push({
        law: 'the connection table agrees with the rules',
        detail: `${record.machine}: nothing about ${expected}`,
      })
  }
  return breaches
}

/** A request ends as the documentation says. */
function modelled(stage: Stage, model: Model, sent: Sent): Breach[] {
  const { packet } = sent
  const candidates = model.candidates(packet)
  const seen = lastDestination(sent.records)
  const pod = seen && stage.podAt(seen.address)
  const port = seen?.port ?? 0
  const chosen: Behind | undefined = candidates?.find(
    each => each.pod === pod && (packet.protocol === 'icmp' || each.port === port),
  )
  if (candidates && candidates.length > 0 && sent.end === 'answered' && !chosen)
    return [{ law: 'a Service leads to its endpoints', detail: `went to ${seen?.address}:${port}` }]
  const expected = model.outcome(packet, chosen)
  const got = outcomeOf(sent)
  if (agrees(expected, got)) return []
  return [{ law: 'a request ends as documented', detail: `expected ${expected}, got ${got} (${sent.end})` }]
}

/** Whoever asks a sticky Service twice comes to the same pod. */
function sticky(lab: DrawnLab, sent: readonly Sent[]): Breach[] {
  const chosen = new Map<string, string>()
  const breaches: Breach[] = []
  for (const { packet, end, records } of sent) {
    const { from, to } = packet
    if (to.kind !== 'service' || end !== 'answered') continue
    const service = lab.services.find(({ namespace, name }) => `${namespace}/${name}` === to.service)!
    const seen = lastDestination(records)
    if (!service.isSticky || !seen) continue
    const key = `${JSON.stringify(from)} ${to.service} ${to.port} ${packet.protocol}`
    const before = chosen.get(key)
    if (before !== undefined && before !== seen.address)
      breaches.push({ law: 'session affinity leads to the same pod', detail: `${before}, then ${seen.address}` })
    chosen.set(key, seen.address)
  }
  return breaches
}

function outcomeOf({ end }: Sent): Outcome {
  if (end === 'answered') return 'answered'
  // Rules that drop or reject what this machine itself sends make the call fail (EPERM) in the same way.
  if (end === 'EPERM') return 'unanswered'
  return end === 'ECONNREFUSED' ? 'refused' : 'lost'
}

function agrees(expected: Outcome, got: Outcome): boolean {
  if (expected === 'any' || expected === got) return true
  return (expected === 'unanswered' || got === 'unanswered') && expected !== 'answered' && got !== 'answered'
}

/** Where the request was bound to when it was last seen; repeated, it may have been led elsewhere than at first. */
function lastDestination(records: readonly TraceRecord[]): { address: string; port: number } | undefined {
  const opener = records[0]?.before as Ipv4Packet | undefined
  if (!opener) return undefined
  const first = records.findLast(
    ({ kind, before }) =>
      kind === 'send' && isIpv4(before) && endpoint(before, 'source') === endpoint(opener, 'source'),
  )
  const last = records.findLast(
    ({ serial, after, kind }) => serial === first?.serial && kind !== 'resolve' && isIpv4(after) && !isWrapped(after),
  )
  if (!last) return undefined
  const packet = last.after as Ipv4Packet
  const port = 'destinationPort' in packet.body ? packet.body.destinationPort : 0
  return { address: formatIpv4(packet.destination), port }
}

/** Whether it was the first packet that arrived, and not a repetition of it. */
function arrived(records: readonly TraceRecord[]): boolean {
  const first = records.find(({ kind }) => kind === 'send')
  return records.some(({ kind, serial }) => kind === 'deliver' && serial === first?.serial)
}

function isIpv4(packet: TraceRecord['before']): packet is Ipv4Packet {
  return packet.kind === 'ipv4'
}

/** Whether a packet carries another one. */
function isWrapped({ body }: Ipv4Packet): boolean {
  return body.kind === 'ipv4' || (body.kind === 'udp' && body.encapsulated !== undefined)
}

function endpoint(packet: Ipv4Packet, side: 'source' | 'destination'): string {
  const address = formatIpv4(packet[side])
  const { body } = packet
  if (!('sourcePort' in body)) return address
  return `${address}:${side === 'source' ? body.sourcePort : body.destinationPort}`
}
