import type { Timer } from '../../../clock.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { parseIpv4 } from '../../../network/address.ts'
import { matchesSelector } from '../../api/selector.ts'
import { sha256 } from '../../api/sha256.ts'
import type { Client } from '../../client.ts'
import { createRecorder, type EventRecorder } from '../../eventRecorder.ts'
import { endpointSlice } from '../../kinds/endpointSlice.ts'
import { type Node, node } from '../../kinds/node.ts'
import { type Service, service } from '../../kinds/service.ts'
import { Announcer } from './announcer.ts'
import { poolAnnotation } from './controller.ts'
import type { IpAddressPool, L2Advertisement } from './definitions.ts'
import { listCustom, watchCustom } from './kinds.ts'
import { metalLbLine } from './log.ts'
import type { Members } from './members.ts'

const reaction = 50
const excludeLabel = 'node.kubernetes.io/exclude-from-external-load-balancers'

/** The program on each node that announces the addresses which the node has been elected for. */
export function createSpeaker(client: Client, members: Members): Program {
  return {
    name: 'speaker',
    summary: 'announce load balancer addresses to the network',
    appetite: { processor: 2, memory: 23_000_000 },
    async run(process) {
      await process.stderr.write(metalLbLine(process, { caller: 'main.go:97', msg: 'MetalLB speaker starting' }))
      new Speaker(process, client, members)
      await untilAsked(process)
      return 0
    },
  }
}

class Speaker {
  readonly #process: Process
  readonly #client: Client
  readonly #members: Members
  readonly #record: EventRecorder
  readonly #announcer: Announcer
  readonly #nodeName: string
  /** The addresses that this speaker announces, and for which Service. */
  readonly #announced = new Map<string, string>()
  #next: Timer | undefined

  constructor(process: Process, client: Client, members: Members) {
    this.#process = process
    this.#client = client
    this.#members = members
    this.#nodeName = process.env.get('METALLB_NODE_NAME') ?? process.machine.hostname
    this.#announcer = new Announcer(process.network)
    const { clock } = process.kernel
    this.#record = createRecorder({
      client,
      clock,
      epoch: process.machine.now() - clock.now,
      component: 'metallb-speaker',
    })
    const later = () => this.#later()
    const ends = [
      members.join(this.#nodeName, later),
      client.watch(service, later),
      client.watch(endpointSlice, later),
      client.watch(node, ({ object, previous }) => {
        if (
          !previous ||
          isAvailable(object) !== isAvailable(previous) ||
          object.metadata.labels !== previous.metadata.labels
        )
          later()
      }),
      watchCustom(client, 'IPAddressPool', later),
      watchCustom(client, 'L2Advertisement', later),
    ]
    process.onExit(() => {
      for (const end of ends) end()
      this.#next?.cancel()
      this.#announcer.close()
    })
  }

  #later(): void {
    this.#next ??= this.#process.kernel.clock.after(reaction, () => {
      this.#next = undefined
      this.#reconcile()
    })
  }

  #reconcile(): void {
    const wanted = new Map<string, { service: Service; interfaces: readonly string[] }>()
    for (const each of this.#client.list(service)) {
      if (each.spec.type !== 'LoadBalancer' || each.metadata.deletionTimestamp) continue
      const pool = each.metadata.annotations?.[poolAnnotation]
      for (const { ip } of each.status?.loadBalancer?.ingress ?? []) {
        if (!ip || pool === undefined) continue
        const advertisements = this.#advertisementsOf(pool)
        if (this.#electedFor(each, ip, advertisements) !== this.#nodeName) continue
        const named = advertisements.map(({ spec }) => spec?.interfaces ?? [])
        wanted.set(ip, { service: each, interfaces: named.some(names => names.length === 0) ? [] : named.flat() })
      }
    }
    for (const ip of [...this.#announced.keys()]) {
      if (wanted.has(ip)) continue
      this.#announcer.withdraw(parseIpv4(ip)!)
      this.#announced.delete(ip)
      this.#log({ caller: 'main.go:471', event: 'serviceWithdrawn', ip: [ip], msg: 'withdrawing service announcement' })
    }
    for (const [ip, { service: each, interfaces }] of wanted) {
      const key = `${each.metadata.namespace}/${each.metadata.name}`
      if (!this.#announced.has(ip)) this.#announcer.announce(parseIpv4(ip)!, interfaces)
      if (this.#announced.get(ip) === key) continue
      this.#announced.set(ip, key)
      this.#record(each, 'Normal', 'nodeAssigned', `announcing from node "${this.#nodeName}" with protocol "layer2"`)
      this.#log({
        caller: 'main.go:444',
        event: 'serviceAnnounced',
        ips: [ip],
        msg: 'service has IP, announcing',
        pool: each.metadata.annotations?.[poolAnnotation],
        protocol: 'layer2',
      })
    }
  }

  #advertisementsOf(poolName: string): L2Advertisement[] {
    const pool = listCustom<IpAddressPool>(this.#client, 'IPAddressPool').find(
      ({ metadata }) => metadata.name === poolName,
    )
    if (!pool) return []
    return listCustom<L2Advertisement>(this.#client, 'L2Advertisement').filter(({ spec }) => {
      const names = spec?.ipAddressPools ?? []
      const selectors = spec?.ipAddressPoolSelectors ?? []
      if (names.length === 0 && selectors.length === 0) return true
      return (
        names.includes(poolName) || selectors.some(selector => matchesSelector(selector as never, pool.metadata.labels))
      )
    })
  }

  /** Every speaker comes to the same answer by itself: the node whose name, hashed with the address, is the smallest. */
  #electedFor(found: Service, ip: string, advertisements: readonly L2Advertisement[]): string | undefined {
    if (advertisements.length === 0) return undefined
    const withEndpoints = this.#nodesWithEndpoints(found)
    if (withEndpoints.size === 0) return undefined
    const isLocal = found.spec.externalTrafficPolicy === 'Local'
    const isAllowed = ({ metadata }: Node) =>
      advertisements.some(({ spec }) => {
        const selectors = spec?.nodeSelectors ?? []
        return selectors.length === 0 || selectors.some(each => matchesSelector(each as never, metadata.labels))
      })
    const candidates = this.#members.names.filter(name => {
      const machine = this.#client.get(node, name)
      if (!machine || !isAvailable(machine) || !isAllowed(machine)) return false
      return !isLocal || withEndpoints.has(name)
    })
    const weight = (name: string) =>
      [...sha256(`${name}#${ip}`)].map(byte => byte.toString(16).padStart(2, '0')).join('')
    return candidates.map(name => [weight(name), name] as const).sort(([a], [b]) => (a < b ? -1 : 1))[0]?.[1]
  }

  /** The nodes on which a Service has endpoints that are ready. */
  #nodesWithEndpoints({ metadata }: Service): Set<string> {
    const labels = { 'kubernetes.io/service-name': metadata.name }
    const slices = this.#client.list(endpointSlice, { namespace: metadata.namespace!, labels })
    return new Set(
      slices.flatMap(({ endpoints = [] }) =>
        endpoints.filter(({ conditions }) => conditions?.ready !== false).map(({ nodeName }) => nodeName ?? ''),
      ),
    )
  }

  #log(fields: Readonly<Record<string, unknown>>): void {
    this.#process.stderr.write(metalLbLine(this.#process, fields))
  }
}

/** Nodes that are down, or that want no traffic from outside, are not elected. */
function isAvailable({ metadata, status }: Node): boolean {
  if (metadata.labels?.[excludeLabel] !== undefined) return false
  return status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True'
}
