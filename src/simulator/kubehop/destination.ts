import type { Client } from '../cluster/client.ts'
import type { Pod } from '../cluster/kinds/pod.ts'
import { type Service, service } from '../cluster/kinds/service.ts'
import { formatIpv4, parseIpv4 } from '../network/address.ts'
import type { PacketPath } from '../packetPath.ts'
import { Refusal } from './refusal.ts'
import { ownerOf, type PortTarget, placeOfTarget, type Target } from './target.ts'
import type { TraceWorld } from './traceWorld.ts'

export type Protocol = PacketPath['protocol']

/** Where a packet is sent, and what stands behind the address. */
export interface Destination {
  readonly address: number
  /** 0 where the protocol has no ports. */
  readonly port: number
  readonly protocol: Protocol
  readonly target: Target
}

interface Port {
  readonly name?: string | undefined
  readonly port: number
  readonly protocol: Protocol
}

/** Finds address, port and protocol of what was named; `found` is what a name was looked up to. Throws `Refusal`. */
export function destinationOf(
  world: TraceWorld,
  { target: named, port: wanted }: PortTarget,
  protocol: Protocol | undefined,
  found: number | undefined,
): Destination {
  const target = behind(world.client, named, found)
  const address = parseIpv4(addressOf(world, target))!
  const text = textOf(target)
  if (protocol === 'icmp') {
    if (wanted !== undefined) throw new Refusal({ kind: 'pingHasNoPort' })
    return { address, port: 0, protocol, target }
  }
  const ports = portsOf(target)
  if (wanted === undefined) {
    const first = ports.find(each => protocol === undefined || each.protocol === protocol)
    if (first) return { address, port: first.port, protocol: first.protocol, target }
    if (protocol === undefined) return { address, port: 0, protocol: 'icmp', target }
    return { address, port: 80, protocol, target }
  }
  if (/^\d+$/.test(wanted)) {
    const declared = ports.filter(each => each.port === Number(wanted)).map(each => each.protocol)
    return {
      address,
      port: Number(wanted),
      protocol: protocol ?? (declared.length === 1 ? declared[0]! : 'tcp'),
      target,
    }
  }
  const byName = ports.find(({ name }) => name === wanted)
  if (!byName) throw new Refusal({ kind: 'portNameUnknown', word: wanted, target: text })
  return { address, port: byName.port, protocol: protocol ?? byName.protocol, target }
}

/** A target as the command line would name it. */
export function textOf(target: Target): string {
  switch (target.kind) {
    case 'workstation':
      return 'lab'
    case 'node':
      return `node/${target.name}`
    case 'pod':
      return `${target.pod.metadata.namespace}/${target.pod.metadata.name}`
    case 'service':
      return `svc/${target.service.metadata.namespace}/${target.service.metadata.name}`
    case 'address':
      return target.address
    case 'name':
      return target.name
  }
}

/** What an address or a found name belongs to. */
function behind(client: Client, target: Target, found: number | undefined): Target {
  if (target.kind !== 'address' && target.kind !== 'name') return target
  const address = target.kind === 'address' ? target.address : formatIpv4(found!)
  const owner = client.list(service).find(({ spec }) => spec.clusterIP === address)
  if (owner) return { kind: 'service', service: owner }
  return ownerOf(client, address) ?? { kind: 'address', address }
}

function addressOf(world: TraceWorld, target: Target): string {
  switch (target.kind) {
    case 'workstation':
      return formatIpv4(world.positionOf(placeOfTarget(target)!)!.network.interface('eth0')!.addresses[0]!.address)
    case 'node':
      return target.address
    case 'pod': {
      const { podIP, phase = 'Pending' } = target.pod.status
      if (!podIP) throw new Refusal({ kind: 'noAddress', target: textOf(target), status: phase })
      return podIP
    }
    case 'service': {
      const { clusterIP = '', type = 'ClusterIP' } = target.service.spec
      if (type === 'ExternalName')
        throw new Refusal({
          kind: 'onlyAName',
          target: textOf(target),
          name: target.service.spec.externalName ?? '',
        })
      if (clusterIP === 'None') throw new Refusal({ kind: 'headless', target: textOf(target) })
      if (!clusterIP) throw new Refusal({ kind: 'noAddress', target: textOf(target), status: type })
      return clusterIP
    }
    case 'address':
      return target.address
    case 'name':
      throw new Error('unreachable: a name is looked up before')
  }
}

function portsOf(target: Target): Port[] {
  if (target.kind === 'service') return servicePorts(target.service)
  return target.kind === 'pod' ? podPorts(target.pod) : []
}

function servicePorts({ spec }: Service): Port[] {
  return (spec.ports ?? []).map(({ name, port, protocol }) => ({ name, port, protocol: lower(protocol) }))
}

function podPorts({ spec }: Pod): Port[] {
  return spec.containers.flatMap(({ ports }) =>
    (ports ?? []).map(({ name, containerPort, protocol }) => ({
      name,
      port: containerPort,
      protocol: lower(protocol),
    })),
  )
}

function lower(protocol: string | undefined): Protocol {
  return (protocol ?? 'TCP').toLowerCase() as Protocol
}
