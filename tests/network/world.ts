import { Clock } from '#simulator/clock.ts'
import { type Prefix, parseIpv4, parsePrefix } from '#simulator/network/address.ts'
import type { Bridge } from '#simulator/network/bridge.ts'
import type { NetworkNamespace } from '#simulator/network/namespace.ts'
import { Network } from '#simulator/network/network.ts'
import type { Vxlan } from '#simulator/network/vxlan.ts'
import { Random } from '#simulator/random.ts'
import { print } from './print.ts'

/** An address that must be right. */
export function ip(text: string): number {
  return parseIpv4(text)!
}

/** A prefix that must be right. */
export function prefix(text: string): Prefix {
  return parsePrefix(text)!
}

/** Machines on a LAN, each with a bridge for boxes: network namespaces of their own. */
export class World {
  readonly clock = new Clock()
  readonly network = new Network(this.clock, new Random('world'))
  readonly lan = this.network.createNamespace('lan', { machine: 'switch' })
  readonly #switch: Bridge

  constructor() {
    this.#switch = this.lan.addBridge('switch')
    this.#switch.up()
  }

  /** A machine on the LAN. */
  machine(name: string, address: string): NetworkNamespace {
    const machine = this.network.createNamespace('', { machine: name })
    const card = machine.addVeth('eth0', this.lan, name)
    card.addAddress(prefix(`${address}/24`), { broadcast: ip('192.168.64.255') })
    card.up()
    card.peer.up()
    this.#switch.addPort(card.peer)
    return machine
  }

  /** A machine with a bridge for boxes, a tunnel to its peers and forwarding. */
  node(name: string, number: number): Node {
    const machine = this.machine(name, `192.168.64.${number + 10}`)
    machine.sysctl.set('net.ipv4.ip_forward', '1')
    machine.addRoute(prefix('0.0.0.0/0'), { gateway: ip('192.168.64.1') })
    const tunnel = machine.addVxlan('vx0', { id: 1, local: ip(`192.168.64.${number + 10}`), isLearning: false })
    tunnel.addAddress(prefix(`10.244.${number}.0/32`))
    tunnel.up()
    const bridge = machine.addBridge('br0')
    bridge.mtu = 1450
    bridge.addAddress(prefix(`10.244.${number}.1/24`), { broadcast: ip(`10.244.${number}.255`) })
    bridge.up()
    return new Node(this, machine, bridge, tunnel, number)
  }

  advance(duration: number): void {
    this.clock.advance(duration)
  }
}

/** A machine with boxes. */
export class Node {
  readonly world: World
  readonly machine: NetworkNamespace
  readonly bridge: Bridge
  readonly tunnel: Vxlan
  readonly number: number
  #boxes = 0

  constructor(world: World, machine: NetworkNamespace, bridge: Bridge, tunnel: Vxlan, number: number) {
    this.world = world
    this.machine = machine
    this.bridge = bridge
    this.tunnel = tunnel
    this.number = number
  }

  /** A network namespace behind the bridge; its address ends in 2, 3 … */
  box(name: string): NetworkNamespace {
    this.#boxes++
    const box = this.world.network.createNamespace(name, { machine: this.machine.machine })
    const eth0 = box.addVeth('eth0', this.machine, `veth${this.#boxes}`, 1450)
    eth0.peer.port.hairpin = true
    this.bridge.addPort(eth0.peer)
    eth0.peer.up()
    eth0.addAddress(prefix(`10.244.${this.number}.${this.#boxes + 1}/24`))
    eth0.up()
    box.addRoute(prefix('0.0.0.0/0'), { gateway: ip(`10.244.${this.number}.1`) })
    return box
  }

  /** Makes the boxes of another node reachable through the tunnel. */
  knows(other: Node): void {
    const gateway = ip(`10.244.${other.number}.0`)
    this.machine.addRoute(prefix(`10.244.${other.number}.0/24`), { gateway, interface: 'vx0', isOnlink: true })
    this.machine.neighbours.set('vx0', gateway, other.tunnel.mac)
    this.tunnel.addForwarding(other.tunnel.mac, ip(`192.168.64.${other.number + 10}`))
  }
}

/** A workstation and two nodes that know each other. */
export function twoNodes(): { world: World; workstation: NetworkNamespace; left: Node; right: Node } {
  const world = new World()
  const workstation = world.machine('workstation', '192.168.64.1')
  const left = world.node('left', 1)
  const right = world.node('right', 2)
  left.knows(right)
  right.knows(left)
  return { world, workstation, left, right }
}

/** Rules that make 10.96.0.10:80 stand for boxes, with the marks and chains of a real load balancer. */
export function balance(node: Node, backends: readonly string[]): void {
  const lines = backends.flatMap((backend, i) => {
    const left = backends.length - i
    const chance = left > 1 ? `-m statistic --mode random --probability ${(1 / left).toFixed(10)} ` : ''
    return [
      `-A SVC-WEB ${chance}-j SEP-${i}`,
      `-A SEP-${i} -s ${backend}/32 -j MARK-MASQ`,
      `-A SEP-${i} -p tcp -m tcp -j DNAT --to-destination ${backend}:8080`,
    ]
  })
  node.machine.netfilter.restore(
    [
      '*nat',
      ':SERVICES - [0:0]',
      ':SVC-WEB - [0:0]',
      ':MARK-MASQ - [0:0]',
      ':MASQ - [0:0]',
      ...backends.map((_, i) => `:SEP-${i} - [0:0]`),
      '-A PREROUTING -j SERVICES',
      '-A OUTPUT -j SERVICES',
      '-A POSTROUTING -j MASQ',
      '-A SERVICES -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j SVC-WEB',
      '-A SVC-WEB ! -s 10.244.0.0/16 -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j MARK-MASQ',
      ...lines,
      '-A MARK-MASQ -j MARK --or-mark 0x4000',
      '-A MASQ -m mark ! --mark 0x4000/0x4000 -j RETURN',
      '-A MASQ -j MARK --xor-mark 0x4000',
      '-A MASQ -j MASQUERADE --random-fully',
      'COMMIT',
      '',
    ].join('\n'),
  )
}

/** The lines that a capture on an interface prints, as they come. */
export function capture(namespace: NetworkNamespace, name: string, wanted = /^IP/): string[] {
  const lines: string[] = []
  namespace.interface(name)!.capture(frame => {
    const line = print(frame)
    if (wanted.test(line)) lines.push(line)
  })
  return lines
}

/** Listens on a port and answers what comes with the name of the namespace and the address of the caller. */
export function serve(namespace: NetworkNamespace, port: number): void {
  namespace.sockets.listenTcp({
    port,
    onConnection(connection) {
      connection.onData = () => {
        connection.send(new TextEncoder().encode(namespace.name))
        connection.close()
      }
    },
  })
}

/** What a request brought: the answer, or the name of an error. */
export interface Outcome {
  answer: string
  from: number
  endedAt: number | undefined
}

/** Asks a server; look at the outcome after time has passed. */
export function request(namespace: NetworkNamespace, address: string, port: number, localPort?: number): Outcome {
  const outcome: Outcome = { answer: '', from: 0, endedAt: undefined }
  const end = () => {
    outcome.endedAt ??= namespace.clock.now
  }
  namespace.sockets.connectTcp({
    address: ip(address),
    port,
    ...(localPort !== undefined && { localPort }),
    onOpen(connection) {
      connection.send(new TextEncoder().encode('GET /'))
      connection.onData = bytes => {
        outcome.answer += new TextDecoder().decode(bytes)
      }
      connection.onEnd = () => {
        connection.close()
        end()
      }
    },
    onError(code) {
      outcome.answer = code
      end()
    },
  })
  return outcome
}

/** Sends an echo request and gives what comes back: `reply`, an error with who reports it, or nothing. */
export function ping(
  namespace: NetworkNamespace,
  address: string,
  options: { ttl?: number; id?: number; size?: number } = {},
) {
  const outcome: { answer: string; ttl: number } = { answer: '', ttl: 0 }
  const socket = namespace.sockets.openIcmp({
    ...(options.id !== undefined && { id: options.id }),
    onReply({ packet }) {
      outcome.answer = 'reply'
      outcome.ttl = packet.ttl
    },
    onError(fault) {
      outcome.answer = `${fault.code} from ${[24, 16, 8, 0].map(shift => (fault.from >>> shift) & 255).join('.')}`
    },
  })
  const { id: _, ...rest } = options
  socket.sendEcho({ destination: ip(address), sequence: 1, ...rest })
  return outcome
}
