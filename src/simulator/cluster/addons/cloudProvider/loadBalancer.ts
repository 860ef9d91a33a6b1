import { HttpError, HttpHeaders } from '../../../machine/http.ts'
import { requestHttp } from '../../../machine/httpClient.ts'
import type { Machine } from '../../../machine/machine.ts'
import type { Process } from '../../../machine/program.ts'
import { PatienceOver } from '../../../machine/socketFailure.ts'
import { formatIpv4, networkOf } from '../../../network/address.ts'
import type { Verdict } from '../../../network/netfilter/netfilter.ts'
import type { SocketBuffer } from '../../../network/socketBuffer.ts'
import { SocketError } from '../../../network/socketError.ts'

/** An address of the load balancer, and who serves it. */
export interface Frontend {
  readonly address: number
  readonly ports: readonly { readonly protocol: string; readonly port: number }[]
  /** The addresses of the nodes. */
  readonly nodes: readonly number[]
  /** Where nodes say whether they are fit. */
  readonly health: { readonly port: number; readonly path: string }
}

const checkEvery = 5000
const checkTimeout = 2000
/** So many failures in a row make a node unfit; one success makes it fit again. */
const failuresAllowed = 2

/**
 * A machine on the LAN that passes connections on to nodes as they are: nodes see the client and the balancer's
 * address, and answer the client themselves.
 */
export class LoadBalancer {
  readonly #machine: Machine
  readonly #frontends = new Map<string, Frontend>()
  /** Failures in a row by frontend and node; a node counts once it has been asked. */
  readonly #failures = new Map<string, number>()

  constructor(machine: Machine) {
    this.#machine = machine
    // Before connections are tracked: only one half of each comes by here.
    machine.network.netfilter.register({ hook: 'PREROUTING', priority: -400, run: buffer => this.#pass(buffer) })
    machine.start({
      argv: ['load-balancer'],
      program: {
        name: 'load-balancer',
        summary: 'pass connections on to nodes that are fit',
        run: process => this.#check(process),
      },
      terminal: null,
    })
  }

  /** The addresses that it gives to Services, one after the other. */
  get addresses(): readonly number[] {
    const own = this.#machine.network.interface('eth0')!.addresses[0]!
    const first = networkOf(own).address + firstServiceHost
    return Array.from({ length: lastServiceHost - firstServiceHost + 1 }, (_, index) => first + index)
  }

  /** Serves an address, or serves it as it is wanted now. */
  set(name: string, frontend: Frontend): void {
    this.remove(name)
    this.#frontends.set(name, frontend)
    this.#machine.network.interface('eth0')?.addAddress({ address: frontend.address, length: 32 })
  }

  remove(name: string): void {
    const old = this.#frontends.get(name)
    if (!old) return
    this.#frontends.delete(name)
    if (![...this.#frontends.values()].some(({ address }) => address === old.address))
      this.#machine.network.interface('eth0')?.removeAddress(old.address)
  }

  #pass(buffer: SocketBuffer): Verdict {
    const { source, destination, body } = buffer.packet
    const found = [...this.#frontends].find(([, { address }]) => address === destination)
    if (!found || (body.kind !== 'tcp' && body.kind !== 'udp')) return 'accept'
    const [name, { ports, nodes }] = found
    const isServed = ports.some(({ protocol, port }) => protocol === body.kind && port === body.destinationPort)
    const fit = nodes.filter(node => (this.#failures.get(keyOf(name, node)) ?? failuresAllowed) < failuresAllowed)
    const { network } = this.#machine
    if (!isServed || fit.length === 0) {
      network.note('drop', 'eth0', isServed ? 'no node is fit' : 'no such port', name, buffer.packet)
      return 'drop'
    }
    // A connection stays with its node as long as that is fit.
    const mixed = Math.imul(source ^ (body.sourcePort << 16) ^ body.destinationPort, 0x61c88647) >>> 0
    const node = fit[mixed % fit.length]!
    network.note('rule', 'eth0', `to node ${formatIpv4(node)}`, `load balancer of ${name}`, buffer.packet)
    network.ipv4.passTo(buffer, node)
    return 'drop'
  }

  async #check(process: Process): Promise<number> {
    for (;;) {
      for (const [name, { nodes, health }] of this.#frontends)
        for (const node of nodes) {
          const key = keyOf(name, node)
          const isFit = await isHealthy(process, node, health)
          this.#failures.set(key, isFit ? 0 : (this.#failures.get(key) ?? failuresAllowed - 1) + 1)
        }
      await process.sleep(checkEvery)
    }
  }
}

async function isHealthy(process: Process, address: number, { port, path }: Frontend['health']): Promise<boolean> {
  const headers = new HttpHeaders([
    ['Host', `${formatIpv4(address)}:${port}`],
    ['User-Agent', 'LoadBalancer-HealthCheck/1.0'],
    ['Connection', 'close'],
  ])
  try {
    const call = { address, port, method: 'GET', target: path, headers, timeout: checkTimeout }
    const reply = await requestHttp(process, call)
    reply.close()
    return reply.head.status === 200
  } catch (error) {
    if (error instanceof SocketError || error instanceof PatienceOver || error instanceof HttpError) return false
    throw error
  }
}

function keyOf(name: string, node: number): string {
  return `${name} ${node}`
}

/** The number at the end of the load balancer's own address. */
export const loadBalancerHost = 2
// Those of the addresses that it gives to Services.
const firstServiceHost = 200
const lastServiceHost = 239
