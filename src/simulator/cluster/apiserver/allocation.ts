import type { ServiceSpec } from 'kubernetes-types/core/v1'
import type { Random } from '../../random.ts'
import { isIpv4, isWithin, parseAddress, parseRange, type Range } from '../api/addresses.ts'
import { ApiError } from '../api/error.ts'
import { invalid } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ipAddress } from '../kinds/ipAddress.ts'
import type { Kind } from '../kinds/kind.ts'
import { type Service, service } from '../kinds/service.ts'
import { hasClusterIp, hasHealthCheckPort, hasNodePorts, isHeadless } from '../kinds/services/defaults.ts'
import type { Store } from './store.ts'

const firstPort = 30_000
const lastPort = 32_767
// The lower ends of both ranges are left to people who choose for themselves: kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation
const reservedPorts = 86

/** Addresses and node ports of Services: each is given to one Service only. */
export class Allocations {
  readonly #store: Store
  readonly #random: Random
  readonly #range: Range
  readonly #rangeText: string
  readonly #addresses = new Map<bigint, string>()
  /** `TCP/30080`: the same number may serve two protocols. */
  readonly #ports = new Set<string>()

  constructor(store: Store, random: Random, range: string) {
    this.#store = store
    this.#random = random
    this.#rangeText = range
    this.#range = parseRange(range)!
  }

  /** Gives a Service what it needs and takes back what its previous version needed. Changes the object. */
  give(kind: Kind, object: KubernetesObject, previous: KubernetesObject | undefined, isDryRun: boolean): void {
    if (kind !== service) return
    const { spec } = object as Service
    const before = (previous as Service | undefined)?.spec
    const undo: (() => void)[] = []
    try {
      if (hasClusterIp(spec)) this.#giveAddress(object as Service, before, undo)
      this.#givePorts(object as Service, before, undo)
    } catch (error) {
      for (const step of undo.reverse()) step()
      throw error
    }
    if (isDryRun) for (const step of undo.reverse()) step()
    else {
      this.#noteAddress(object as Service, before)
      if (previous) this.#releaseUnused(previous as Service, object as Service)
    }
  }

  /** Frees what a deleted Service had. */
  takeBack(kind: Kind, object: KubernetesObject): void {
    if (kind !== service) return
    for (const key of portsOf((object as Service).spec)) this.#ports.delete(key)
    for (const text of addressesOf((object as Service).spec)) this.#freeAddress(text)
  }

  #giveAddress(object: Service, before: ServiceSpec | undefined, undo: (() => void)[]): void {
    const { spec } = object
    spec.ipFamilyPolicy ??= 'SingleStack'
    if (spec.ipFamilyPolicy === 'RequireDualStack')
      throw refuse(
        object,
        'spec.ipFamilyPolicy',
        spec.ipFamilyPolicy,
        'this cluster is not configured for dual-stack services',
      )
    spec.ipFamilies ??= ['IPv4']
    if (spec.ipFamilies.includes('IPv6'))
      throw refuse(
        object,
        `spec.ipFamilies[${spec.ipFamilies.indexOf('IPv6')}]`,
        'IPv6',
        'not configured on this cluster',
      )
    if (isHeadless(spec)) {
      spec.clusterIP = 'None'
      spec.clusterIPs = ['None']
      return
    }
    const wanted = spec.clusterIPs?.[0] || spec.clusterIP
    if (wanted && before?.clusterIP === wanted) return
    const address = wanted ? this.#claim(object, wanted) : this.#pick(object)
    undo.push(() => this.#addresses.delete(parseAddress(address)!.bits))
    spec.clusterIP = address
    spec.clusterIPs = [address]
  }

  #claim(object: Service, text: string): string {
    const address = parseAddress(text)
    const path = 'spec.clusterIPs'
    if (!address || !isWithin(address, this.#range)) {
      const why = `failed to allocate IP ${text}: provided IP is not in the valid range. The range of valid IPs is ${this.#rangeText}`
      throw refuse(object, path, [text], why)
    }
    if (this.#addresses.has(address.bits))
      throw refuse(object, path, [text], `failed to allocate IP ${text}: provided IP is already allocated`)
    this.#addresses.set(address.bits, keyOf(object))
    return text
  }

  #pick(object: Service): string {
    const size = 2 ** (32 - this.#range.length)
    const reserved = Math.min(Math.max(16, size / 16), 256)
    for (let attempt = 0; attempt < size * 4; attempt++) {
      const offset = reserved + this.#random.below(size - reserved - 1)
      const bits = this.#range.first.bits + BigInt(offset)
      if (this.#addresses.has(bits)) continue
      this.#addresses.set(bits, keyOf(object))
      return formatIpv4(bits)
    }
    throw ApiError.internal('failed to allocate a serviceIP: range is full')
  }

  #givePorts(object: Service, before: ServiceSpec | undefined, undo: (() => void)[]): void {
    const { spec } = object
    if (!hasNodePorts(spec) && !(spec.ports ?? []).some(({ nodePort }) => nodePort)) return
    const kept = before ? portsOf(before) : new Set<string>()
    const own = new Map<number, Set<string>>()
    for (const [index, port] of (spec.ports ?? []).entries()) {
      if (!port.nodePort) continue
      const key = `${port.protocol}/${port.nodePort}`
      if (!kept.has(key)) this.#claimPort(object, port.nodePort, key, `spec.ports[${index}].nodePort`, undo)
      own.set(port.nodePort, (own.get(port.nodePort) ?? new Set()).add(port.protocol ?? ''))
    }
    if (!hasNodePorts(spec)) return
    for (const port of spec.ports ?? []) {
      if (port.nodePort) continue
      // Two protocols on the same port get the same node port.
      const twin = spec.ports?.find(other => other !== port && other.port === port.port && other.nodePort)
      const shared = twin?.nodePort
      const number =
        shared && !this.#ports.has(`${port.protocol}/${shared}`) ? shared : this.#pickPort(port.protocol ?? 'TCP')
      const key = `${port.protocol}/${number}`
      this.#ports.add(key)
      undo.push(() => this.#ports.delete(key))
      port.nodePort = number
    }
    if (hasHealthCheckPort(spec) && !spec.healthCheckNodePort) {
      const number = this.#pickPort('TCP')
      this.#ports.add(`TCP/${number}`)
      undo.push(() => this.#ports.delete(`TCP/${number}`))
      spec.healthCheckNodePort = number
    }
  }

  #claimPort(object: Service, port: number, key: string, path: string, undo: (() => void)[]): void {
    if (port < firstPort || port > lastPort) {
      const why = `provided port is not in the valid range. The range of valid ports is ${firstPort}-${lastPort}`
      throw refuse(object, path, port, why)
    }
    if (this.#ports.has(key)) throw refuse(object, path, port, 'provided port is already allocated')
    this.#ports.add(key)
    undo.push(() => this.#ports.delete(key))
  }

  #pickPort(protocol: string): number {
    const first = firstPort + reservedPorts
    const size = lastPort - first + 1
    for (let attempt = 0; attempt < size * 4; attempt++) {
      const port = first + this.#random.below(size)
      if (!this.#ports.has(`${protocol}/${port}`)) return port
    }
    throw ApiError.internal('failed to allocate a nodePort: range is full')
  }

  #releaseUnused(previous: Service, next: Service): void {
    const kept = portsOf(next.spec)
    for (const key of portsOf(previous.spec)) if (!kept.has(key)) this.#ports.delete(key)
    const addresses = addressesOf(next.spec)
    for (const text of addressesOf(previous.spec)) if (!addresses.includes(text)) this.#freeAddress(text)
  }

  #freeAddress(text: string): void {
    this.#addresses.delete(parseAddress(text)!.bits)
    if (this.#store.find(ipAddress, undefined, text)) this.#store.delete(ipAddress, undefined, text, {}, ownWriter)
  }

  /** Every address that is given away is an object of its own. */
  #noteAddress({ metadata, spec }: Service, before: ServiceSpec | undefined): void {
    for (const text of addressesOf(spec)) {
      if (before && addressesOf(before).includes(text)) continue
      if (this.#store.find(ipAddress, undefined, text)) continue
      const labels = {
        'ipaddress.kubernetes.io/ip-family': 'IPv4',
        'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
      }
      const parentRef = { resource: 'services', namespace: metadata.namespace!, name: metadata.name }
      const draft = { metadata: { name: text, labels }, spec: { parentRef: { group: '', ...parentRef } } }
      this.#store.create(ipAddress, draft as unknown as KubernetesObject, ownWriter)
    }
  }
}

const ownWriter = { user: 'system:apiserver', manager: 'kube-apiserver' }

function refuse({ metadata }: Service, path: string, value: unknown, why: string): ApiError {
  return ApiError.invalid(service, metadata.name, [invalid(path, value, why)])
}

function keyOf({ metadata }: Service): string {
  return `${metadata.namespace}/${metadata.name}`
}

function addressesOf({ clusterIPs, clusterIP }: ServiceSpec): string[] {
  return (clusterIPs ?? (clusterIP ? [clusterIP] : [])).filter(isIpv4)
}

function portsOf({ ports, healthCheckNodePort }: ServiceSpec): Set<string> {
  const keys = (ports ?? [])
    .filter(({ nodePort }) => nodePort)
    .map(({ protocol, nodePort }) => `${protocol}/${nodePort}`)
  return new Set(healthCheckNodePort ? [...keys, `TCP/${healthCheckNodePort}`] : keys)
}

function formatIpv4(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map(shift => (bits >> shift) & 255n).join('.')
}
