import type { Timer } from '../../../clock.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { formatIpv4, parseIpv4 } from '../../../network/address.ts'
import type { Client } from '../../client.ts'
import { createRecorder, type EventRecorder } from '../../eventRecorder.ts'
import { type Service, service } from '../../kinds/service.ts'
import type { IpAddressPool } from './definitions.ts'
import { listCustom, watchCustom } from './kinds.ts'
import { metalLbLine } from './log.ts'
import { addressesIn, readRange } from './ranges.ts'

/** Which pool an address is from, as the controller notes it on the Service. */
export const poolAnnotation = 'metallb.io/ip-allocated-from-pool'
const wishes = ['metallb.io/loadBalancerIPs', 'metallb.universe.tf/loadBalancerIPs']
const poolWishes = ['metallb.io/address-pool', 'metallb.universe.tf/address-pool']
const sharing = ['metallb.io/allow-shared-ip', 'metallb.universe.tf/allow-shared-ip']
const reaction = 50

/** A Service that cannot have an address. */
class NoAddress extends Error {}

/** The program that gives Services of type LoadBalancer their addresses. */
export function createController(client: Client): Program {
  return {
    name: 'controller',
    summary: 'give load balancer addresses to Services',
    appetite: { processor: 1, memory: 21_000_000 },
    async run(process) {
      await process.stderr.write(metalLbLine(process, { caller: 'main.go:178', msg: 'MetalLB controller starting' }))
      new Controller(process, client)
      await untilAsked(process)
      return 0
    },
  }
}

class Controller {
  readonly #process: Process
  readonly #client: Client
  readonly #record: EventRecorder
  /** What was last said to a Service that got nothing. */
  readonly #refused = new Map<string, string>()
  #next: Timer | undefined

  constructor(process: Process, client: Client) {
    this.#process = process
    this.#client = client
    const { clock } = process.kernel
    this.#record = createRecorder({
      client,
      clock,
      epoch: process.machine.now() - clock.now,
      component: 'metallb-controller',
    })
    const ends = [
      client.watch(service, () => this.#later()),
      watchCustom(client, 'IPAddressPool', () => {
        this.#refused.clear()
        this.#later()
      }),
    ]
    process.onExit(() => {
      for (const end of ends) end()
      this.#next?.cancel()
    })
  }

  #later(): void {
    this.#next ??= this.#process.kernel.clock.after(reaction, () => {
      this.#next = undefined
      this.#reconcile()
    })
  }

  #reconcile(): void {
    const all = this.#client.list(service)
    const isOurs = ({ spec }: Service) => spec.type === 'LoadBalancer' && spec.loadBalancerClass === undefined
    const ours = all.filter(isOurs)
    const users = new Map<string, Service[]>()
    const use = (address: string, user: Service) => users.set(address, [...(users.get(address) ?? []), user])
    for (const each of ours) for (const address of addressesOf(each)) use(address, each)
    for (const each of ours) {
      const { namespace, name, deletionTimestamp } = each.metadata
      if (addressesOf(each).length > 0 || deletionTimestamp) continue
      const key = `${namespace}/${name}`
      try {
        const { address, pool } = this.#choose(each, users)
        use(address, each)
        this.#refused.delete(key)
        this.#assign(each, address, pool)
      } catch (error) {
        if (!(error instanceof NoAddress)) throw error
        if (this.#refused.get(key) === error.message) continue
        this.#refused.set(key, error.message)
        const message = `Failed to allocate IP for "${key}": ${error.message}`
        this.#record(each, 'Warning', 'AllocationFailed', message)
        this.#log({
          caller: 'service.go:160',
          error: error.message,
          level: 'error',
          msg: 'IP allocation failed',
          op: 'allocateIPs',
        })
      }
    }
  }

  #assign(found: Service, address: string, pool: string): void {
    const { namespace, name } = found.metadata
    const { metadata } = this.#client.patch(service, name, namespace, {
      metadata: { annotations: { [poolAnnotation]: pool } },
    })
    const ingress = [{ ip: address, ipMode: 'VIP' }]
    this.#client.updateStatus(service, { ...found, metadata, status: { ...found.status, loadBalancer: { ingress } } })
    this.#record(found, 'Normal', 'IPAllocated', `Assigned IP ["${address}"]`)
    this.#log({
      caller: 'service.go:171',
      event: 'ipAllocated',
      ip: [address],
      msg: 'IP address assigned by controller',
      service: `${namespace}/${name}`,
    })
  }

  #choose(wanting: Service, users: ReadonlyMap<string, readonly Service[]>): { address: string; pool: string } {
    const pools = listCustom<IpAddressPool>(this.#client, 'IPAddressPool')
    const wish = annotationOf(wanting, wishes) ?? wanting.spec.loadBalancerIP
    const isFree = (address: string) => (users.get(address) ?? []).every(user => mayShare(user, wanting))
    if (wish) {
      const number = parseIpv4(wish)
      const pool = pools.find(each => rangesOf(each).some(({ first, last }) => number! >= first && number! <= last))
      if (number === undefined) throw new NoAddress(`invalid spec.loadBalancerIP "${wish}"`)
      if (!pool) throw new NoAddress(`["${wish}"] is not allowed in config`)
      if (!isFree(wish)) {
        const [user] = users.get(wish)!
        const { namespace, name } = user!.metadata
        throw new NoAddress(
          `can't change sharing key for "${keyOf(wanting)}", address also in use by ${namespace}/${name}`,
        )
      }
      return { address: wish, pool: pool.metadata.name }
    }
    const poolName = annotationOf(wanting, poolWishes)
    const candidates = poolName
      ? pools.filter(({ metadata }) => metadata.name === poolName)
      : pools.filter(({ spec }) => spec?.autoAssign !== false)
    if (poolName && candidates.length === 0) throw new NoAddress(`unknown pool "${poolName}"`)
    for (const pool of candidates)
      for (const number of addressesIn(rangesOf(pool), pool.spec?.avoidBuggyIPs ?? false)) {
        const address = formatIpv4(number)
        if (isFree(address)) return { address, pool: pool.metadata.name }
      }
    throw new NoAddress(poolName ? `no available IPs in pool "${poolName}"` : 'no available IPs')
  }

  #log(fields: Readonly<Record<string, unknown>>): void {
    this.#process.stderr.write(metalLbLine(this.#process, fields))
  }
}

function rangesOf({ spec }: IpAddressPool) {
  return (spec?.addresses ?? []).flatMap(text => readRange(text) ?? [])
}

function addressesOf({ status }: Service): string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? [])
}

function annotationOf({ metadata }: Service, names: readonly string[]): string | undefined {
  return names.map(name => metadata.annotations?.[name]).find(value => value !== undefined)
}

function keyOf({ metadata }: Service): string {
  return `${metadata.namespace}/${metadata.name}`
}

/** Services share an address when they carry the same key and no port is asked for twice. */
function mayShare(user: Service, other: Service): boolean {
  const key = annotationOf(user, sharing)
  if (key === undefined || key !== annotationOf(other, sharing)) return false
  const portsOf = ({ spec }: Service) => new Set((spec.ports ?? []).map(({ protocol, port }) => `${protocol} ${port}`))
  const taken = portsOf(user)
  return [...portsOf(other)].every(port => !taken.has(port))
}
