import type { Client } from '../cluster/client.ts'
import { pod } from '../cluster/kinds/pod.ts'
import { service } from '../cluster/kinds/service.ts'
import { formatIpv4 } from '../network/address.ts'
import type { SocketEntry } from '../network/sockets.ts'
import type { PacketPath, PacketPlace, PacketStop } from '../packetPath.ts'
import type { Cause } from './cause.ts'
import { type Destination, textOf } from './destination.ts'
import { endsOf } from './happening.ts'
import { policiesOn } from './policyCause.ts'
import { emptiness, hasEndpoints, portTexts } from './serviceCause.ts'
import { ownerOf } from './target.ts'
import type { TraceWorld } from './traceWorld.ts'

/** What a path is judged with. */
export interface Asked {
  readonly world: TraceWorld
  readonly sender: PacketPlace
  readonly destination: Destination
  /** How a place is called in the reader's language. */
  readonly nameOf: (place: PacketPlace) => string
}

/** Says why a request ended as it did; without a path no packet left its sender. */
export function causeOf(asked: Asked, path: PacketPath | undefined): Cause {
  const { destination, sender, nameOf } = asked
  if (!path)
    return refusedCall(asked) ?? { kind: 'noRoute', place: nameOf(sender), address: formatIpv4(destination.address) }
  if (path.verdict === 'answered') return answered(asked, path)
  const mistaken = fromOutside(asked) ?? besideService(asked)
  if (mistaken) return mistaken
  const end = path.stops.find(({ kind }) => kind === 'drop' || kind === 'reject' || kind === 'expire')
  if (end) return endCause(asked, end)
  if (path.verdict === 'open') return { kind: 'stillOpen' }
  const last = path.stops.at(-1)!
  const arrival = path.stops.findLast(({ kind, way }) => kind === 'deliver' && way === 'there')
  if (!arrival || last.way === 'back') return { kind: 'lostAfter', place: nameOf(last.place), device: last.interface }
  const place = nameOf(arrival.place)
  return { kind: path.protocol === 'udp' ? 'datagramUnanswered' : 'requestUnanswered', place }
}

/** Why a call was refused before any packet left, where programs at sockets choose who stands behind a Service. */
function refusedCall(asked: Asked): Cause | undefined {
  const { world, destination } = asked
  const { target, port } = destination
  if (target.kind !== 'service') return undefined
  if (hasEndpoints(world.client, target.service)) return besideService(asked)
  return emptiness(world.client, target.service, port, undefined)
}

function answered({ nameOf }: Asked, path: PacketPath): Cause {
  const arrival = path.stops.findLast(({ kind, way }) => kind === 'deliver' && way === 'there')
  const answer = path.stops.find(({ kind, way }) => kind === 'send' && way === 'back')
  const seen = arrival && hostOf(endsOf(arrival.before)[0])
  const seenAs = seen && seen !== hostOf(path.from) ? seen : undefined
  return { kind: 'answered', by: nameOf((arrival ?? answer ?? path.stops[0]!).place), seenAs }
}

/** A Service's own address was asked for from where no node's rules are. */
function fromOutside({ destination, sender, nameOf }: Asked): Cause | undefined {
  const { target, address } = destination
  if (target.kind !== 'service' || sender.kind !== 'workstation') return undefined
  return { kind: 'insideOnly', service: textOf(target), address: formatIpv4(address), place: nameOf(sender) }
}

/** A Service was asked for something that no rule of its speaks of. */
function besideService({ destination }: Asked): Cause | undefined {
  const { target, port, protocol } = destination
  if (target.kind !== 'service') return undefined
  const name = textOf(target)
  const address = formatIpv4(destination.address)
  if (protocol === 'icmp') return { kind: 'pingToService', service: name, address }
  const ports = target.service.spec.ports ?? []
  if (ports.some(each => each.port === port && (each.protocol ?? 'TCP').toLowerCase() === protocol)) return undefined
  return { kind: 'portNotInService', service: name, port: `${port}/${protocol}`, ports: portTexts(target.service) }
}

function endCause(asked: Asked, end: PacketStop): Cause {
  const { world, nameOf } = asked
  const place = nameOf(end.place)
  const [, to] = endsOf(end.before)
  const address = hostOf(to)
  if (end.kind === 'expire') return { kind: 'expired', place }
  if (end.kind === 'reject') {
    const port = /^no socket on port (\d+)$/.exec(end.decision)?.[1]
    if (port !== undefined) return sharedAddress(asked, address, place) ?? unheard(asked, end.place, address, port)
    return emptyService(asked, end) ?? { kind: 'ruleRejects', place }
  }
  switch (end.decision) {
    case 'no route':
      return { kind: 'noRoute', place, address }
    case 'blackhole':
      return { kind: 'routeSwallows', place, address }
    case 'unreachable':
    case 'prohibit':
      return { kind: 'routeRefuses', place, address }
    case 'forwarding is off':
      return { kind: 'forwardingOff', place }
    case 'interface is down':
      return { kind: 'interfaceDown', place, device: end.interface }
    case 'no forwarding entry':
    case 'no tunnel key':
      return { kind: 'tunnelKnowsNoWay', place, device: end.interface }
    case 'no tunnel takes it':
      return { kind: 'noTunnel', place }
    case 'the connection table is full':
      return { kind: 'tableFull', place }
    case 'lost on the line':
      return { kind: 'lostOnLine', place, device: end.interface }
  }
  if (end.decision.startsWith('too long')) return { kind: 'tooLong', place, mtu: end.by }
  if (end.decision.startsWith('martian')) return { kind: 'untrueAddress', place }
  const silent = /^(.+) does not answer$/.exec(end.decision)?.[1]
  if (silent !== undefined) {
    const wanted = silent === 'neighbour' ? address : silent
    const owner = ownerOf(world.client, wanted)
    return { kind: 'neighbourSilent', place, address: wanted, owner: owner && textOf(owner) }
  }
  return (
    policyDrop(asked, end) ??
    emptyService(asked, end) ??
    (/^-[AP] |: /.test(end.by) ? { kind: 'ruleDrops', place } : { kind: 'otherDrop', place, decision: end.decision })
  )
}

/** A rule or a program that enforces policies. */
function policyDrop({ world, nameOf }: Asked, { decision, by, rules, before, place }: PacketStop): Cause | undefined {
  const lines = [decision, by, ...rules].join('\n')
  if (!/cali-|polic|WEAVE-NPC|-o weave -j DROP/i.test(lines)) return undefined
  const [from, to] = endsOf(before)
  const isEgress = /cali-(fw|po)-/.test(by) || /egress/i.test(`${decision} ${by}`)
  const isIngress = /cali-(tw|pi)-|-o weave/.test(by) || /ingress/i.test(`${decision} ${by}`)
  const direction = isEgress === isIngress ? undefined : isEgress ? 'egress' : 'ingress'
  const owner = ownerOf(world.client, hostOf(direction === 'egress' ? from : to))
  const policies = owner?.kind === 'pod' ? policiesOn(world.client, owner.pod, direction) : []
  return { kind: 'policyDrops', place: nameOf(place), direction, pod: owner && textOf(owner), policies }
}

/** A rule that stands for a Service without anyone behind it. */
function emptyService({ world, destination, nameOf }: Asked, { by, place, decision }: PacketStop): Cause | undefined {
  if (!/has no (local )?endpoints|no-endpoint|no-local|no destination/.test(`${by} ${decision}`)) return undefined
  const { target, port } = destination
  const found = target.kind === 'service' ? target.service : serviceOnNodePort(world.client, port)
  if (!found) return undefined
  return emptiness(world.client, found, port, /no local|no-local/.test(by) ? nameOf(place) : undefined)
}

function serviceOnNodePort(client: Client, port: number) {
  return client.list(service).find(({ spec }) => spec.ports?.some(({ nodePort }) => nodePort === port))
}

/** Another pod than the one that was meant has the same address. */
function sharedAddress({ world }: Asked, address: string, place: string): Cause | undefined {
  const pods = world.client.list(pod).filter(({ spec, status }) => !spec.hostNetwork && status.podIP === address)
  if (pods.length < 2) return undefined
  const names = pods.map(({ metadata, spec }) => `${metadata.namespace}/${metadata.name} (${spec.nodeName})`)
  return { kind: 'addressTwice', place, address, pods: names }
}

/** Nobody listens on a port of an address: who listens at others there? */
function unheard({ world, destination, nameOf }: Asked, place: PacketPlace, address: string, port: string): Cause {
  const sockets = world.positionOf(place)?.network.sockets.list() ?? []
  const { target, protocol } = destination
  const open = sockets.filter(
    socket => socket.protocol === protocol && (socket.state === 'LISTEN' || protocol === 'udp'),
  )
  const elsewhere = open.filter(socket => socket.local.port === Number(port))
  if (elsewhere.length > 0) {
    const at = [...new Set(elsewhere.map(({ local, owner }) => `${formatIpv4(local.address)}${programText(owner)}`))]
    return { kind: 'listensElsewhere', place: nameOf(place), address, port: `${port}/${protocol}`, at: at.sort() }
  }
  return {
    kind: 'nobodyListens',
    place: nameOf(place),
    port: `${port}/${protocol}`,
    listening: [...new Set(open.map(socketText))].sort(),
    service: target.kind === 'service' ? textOf(target) : undefined,
  }
}

function socketText({ local, owner, protocol }: SocketEntry): string {
  const host = local.address === 0 ? '' : `${formatIpv4(local.address)}:`
  return `${host}${local.port}/${protocol}${programText(owner)}`
}

function programText(owner: SocketEntry['owner']): string {
  return owner ? ` (${owner.program})` : ''
}

function hostOf(endpoint: string): string {
  return endpoint.replace(/:\d+$/, '')
}
