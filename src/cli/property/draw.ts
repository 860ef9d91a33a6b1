import type {
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from '../../simulator/cluster/kinds/networkPolicy.ts'
import { Random } from '../../simulator/random.ts'
import {
  associationPort,
  type DrawnFault,
  type DrawnLab,
  type DrawnPacket,
  type DrawnPolicy,
  type DrawnPort,
  type DrawnService,
  datagramPort,
  type Ground,
  type GroundPod,
  type Labels,
  nameOf,
  outsidePort,
  type Place,
} from './drawnLab.ts'

const namespaces = ['red', 'blue']
const lanRanges = ['192.168.64.0/24', '192.168.64.1/32', '192.168.64.8/29']

/** Draws what many labs share: nodes, and where which pods are. */
export function drawGround(
  seed: number,
  { plugin, backend, proxy }: Pick<Ground, 'plugin' | 'backend' | 'proxy'>,
): Ground {
  const random = new Random(`ground ${seed} ${plugin}`)
  // The bridge gives the same addresses on every node, so only one node has pods.
  const workers = plugin === 'bridge' ? 1 : 1 + random.below(3)
  const nodes = ['control-plane', ...Array.from({ length: workers }, (_, index) => `node${index + 1}`)]
  const homes = plugin === 'bridge' ? ['node1'] : nodes
  const pods = Array.from({ length: 5 + random.below(4) }, (_, index): GroundPod => {
    const isOnHostNetwork = index === 0 && random.below(2) === 0
    return {
      namespace: random.pick(namespaces),
      name: `p${index}`,
      node: random.pick(homes),
      web: isOnHostNetwork ? 8080 : random.pick([80, 8080]),
      isReady: index !== 1,
      isOnHostNetwork,
    }
  })
  return { plugin, backend, proxy, nodes, pods, seed }
}

/** Draws one lab upon a ground. */
export function drawLab(seed: number, ground: Ground): DrawnLab {
  return new Draw(seed, ground).lab()
}

class Draw {
  readonly #seed: number
  readonly #ground: Ground
  readonly #random: Random

  constructor(seed: number, ground: Ground) {
    this.#seed = seed
    this.#ground = ground
    this.#random = new Random(`lab ${seed}`)
  }

  lab(): DrawnLab {
    const random = this.#random
    const services = this.#many(1, 4, index => this.#service(index))
    const policies = this.#many(0, 3, index => this.#policy(index))
    return {
      seed: this.#seed,
      namespaces: Object.fromEntries(namespaces.map(name => [name, this.#labels('team')])),
      pods: Object.fromEntries(
        this.#ground.pods.map(pod => [nameOf(pod), { ...this.#labels('a'), ...this.#labels('b') }]),
      ),
      services,
      policies,
      fault: random.below(6) === 0 ? this.#fault() : undefined,
      packets: this.#many(8, 16, () => this.#packet(services)),
    }
  }

  #many<T>(least: number, most: number, make: (index: number) => T): T[] {
    return Array.from({ length: least + this.#random.below(most - least + 1) }, (_, index) => make(index))
  }

  #chance(oneIn: number): boolean {
    return this.#random.below(oneIn) === 0
  }

  #labels(key: string): Labels {
    return this.#chance(4) ? {} : { [key]: this.#random.pick(['x', 'y']) }
  }

  #selector(): Labels {
    return this.#chance(3) ? { a: this.#random.pick(['x', 'y']), b: this.#random.pick(['x', 'y']) } : this.#labels('a')
  }

  #service(index: number): DrawnService {
    const isOnNodes = this.#chance(2)
    const selector = { a: this.#random.pick(['x', 'y']) }
    const port = (at: number): DrawnPort => {
      const fixed = [undefined, datagramPort, associationPort][at]
      return {
        name: `port-${at}`,
        port: fixed ?? 80,
        protocol: (['TCP', 'UDP', 'SCTP'] as const)[at]!,
        targetPort: fixed ?? this.#random.pick([80, 8080, 'web', 'web'] as const),
        nodePort: isOnNodes ? 30_000 + index * 10 + at : undefined,
      }
    }
    return {
      namespace: this.#random.pick(namespaces),
      name: `s${index}`,
      type: isOnNodes ? 'NodePort' : 'ClusterIP',
      selector: this.#chance(8) ? undefined : selector,
      ports: [0, 1, 2].slice(0, 1 + this.#random.below(3)).map(port),
      isInternalLocal: this.#chance(6),
      isExternalLocal: isOnNodes && this.#chance(3),
      isSticky: this.#chance(4),
      publishesNotReady: this.#chance(8),
    }
  }

  #policy(index: number): DrawnPolicy {
    const hasIngress = !this.#chance(4)
    const hasEgress = !hasIngress || this.#chance(3)
    const rules = () => this.#many(0, 2, () => ({ peers: this.#many(0, 2, () => this.#peer()), ports: this.#ports() }))
    const spec: NetworkPolicySpec = {
      podSelector: { matchLabels: this.#chance(3) ? {} : this.#selector() },
      policyTypes: [...(hasIngress ? ['Ingress'] : []), ...(hasEgress ? ['Egress'] : [])],
      ...(hasIngress ? { ingress: rules().map(({ peers, ports }) => ({ ...filled('from', peers), ...ports })) } : {}),
      ...(hasEgress ? { egress: rules().map(({ peers, ports }) => ({ ...filled('to', peers), ...ports })) } : {}),
    }
    return { namespace: this.#random.pick(namespaces), name: `n${index}`, spec }
  }

  #peer(): NetworkPolicyPeer {
    const team = { matchLabels: this.#labels('team') }
    const pods = this.#chance(4)
      ? { matchExpressions: [{ key: 'b', operator: this.#random.pick(['Exists', 'DoesNotExist']) }] }
      : { matchLabels: this.#selector() }
    switch (this.#random.below(5)) {
      case 0:
        return { namespaceSelector: team }
      case 1:
        return { namespaceSelector: team, podSelector: pods }
      case 2: {
        const cidr = this.#random.pick(lanRanges)
        return {
          ipBlock: { cidr, ...(cidr.endsWith('/24') && this.#chance(2) ? { except: ['192.168.64.1/32'] } : {}) },
        }
      }
      default:
        return { podSelector: pods }
    }
  }

  #ports(): { ports?: NetworkPolicyPort[] } {
    if (this.#chance(2)) return {}
    const port = (): NetworkPolicyPort =>
      this.#random.pick<NetworkPolicyPort>([
        { protocol: 'TCP', port: 80 },
        { protocol: 'TCP', port: 8080 },
        { protocol: 'TCP', port: 'web' },
        { protocol: 'UDP', port: datagramPort },
        { protocol: 'TCP', port: 70, endPort: 90 },
        { protocol: 'TCP', port: outsidePort },
        { protocol: 'UDP' },
        { protocol: 'SCTP', port: associationPort },
      ])
    return { ports: this.#many(1, 2, port) }
  }

  #fault(): DrawnFault {
    const { nodes, plugin } = this.#ground
    const node = this.#random.pick(nodes)
    const others = nodes.filter(each => each !== node)
    if (plugin !== 'flannel' || this.#chance(2)) return { kind: 'forwardingOff', node }
    return { kind: 'routeGone', node, towards: this.#random.pick(others) }
  }

  #packet(services: readonly DrawnService[]): DrawnPacket {
    const { pods, nodes } = this.#ground
    const from = this.#place()
    const kind = this.#random.below(10)
    const protocol = this.#random.pick(['tcp', 'tcp', 'tcp', 'udp', 'sctp', 'icmp'] as const)
    const service = this.#random.pick(services)
    const port = this.#random.pick(service.ports)
    const asked = lower(port)
    if (from.kind === 'workstation' || kind < 2) {
      const onNodes = services.filter(({ type }) => type === 'NodePort')
      const node = this.#ground.plugin === 'bridge' ? 'node1' : this.#random.pick(nodes)
      if (onNodes.length > 0) {
        const chosen = this.#random.pick(onNodes)
        const open = this.#random.pick(chosen.ports)
        const to = { kind: 'nodePort', node, service: nameOf(chosen), port: open.nodePort! } as const
        return { from, to, protocol: lower(open) }
      }
      return { from, to: { kind: 'node', node, port: 10 }, protocol }
    }
    if (kind < 5) {
      if (this.#chance(8)) return { from, to: { kind: 'service', service: nameOf(service), port: 99 }, protocol: 'tcp' }
      const to = { kind: 'service', service: nameOf(service), port: port.port } as const
      return { from, to, protocol: this.#chance(10) ? 'icmp' : asked }
    }
    if (kind === 5 && this.#chance(2)) return { from, to: { kind: 'internet', port: 80 }, protocol: 'tcp' }
    if (kind === 5) return { from, to: { kind: 'outside', port: outsidePort }, protocol: 'tcp' }
    if (kind === 6) return { from, to: { kind: 'node', node: this.#random.pick(nodes), port: 10 }, protocol }
    const ports = { tcp: [80, 8080, 9], udp: [datagramPort], sctp: [associationPort, 9], icmp: [9] }[protocol]
    const to = this.#random.pick(ports)
    return { from, to: { kind: 'pod', pod: nameOf(this.#random.pick(pods)), port: to }, protocol }
  }

  #place(): Place {
    const kind = this.#random.below(10)
    if (kind === 0) return { kind: 'workstation' }
    if (kind === 1) {
      const { plugin, nodes } = this.#ground
      return { kind: 'node', name: plugin === 'bridge' ? 'node1' : this.#random.pick(nodes) }
    }
    return { kind: 'pod', name: nameOf(this.#random.pick(this.#ground.pods)) }
  }
}

function lower({ protocol }: DrawnPort): 'tcp' | 'udp' | 'sctp' {
  return protocol.toLowerCase() as 'tcp' | 'udp' | 'sctp'
}

/** An absent list of peers means all of them; an empty one is the same. */
function filled<Key extends 'from' | 'to'>(
  key: Key,
  peers: NetworkPolicyPeer[],
): { [Each in Key]?: NetworkPolicyPeer[] } {
  return peers.length > 0 ? ({ [key]: peers } as { [Each in Key]: NetworkPolicyPeer[] }) : {}
}
