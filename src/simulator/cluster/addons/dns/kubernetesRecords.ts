import { parseAddress } from '../../api/addresses.ts'
import type { Client } from '../../client.ts'
import { endpointSlice } from '../../kinds/endpointSlice.ts'
import { namespace as namespaceKind } from '../../kinds/namespace.ts'
import { pod as podKind } from '../../kinds/pod.ts'
import { type Service, service as serviceKind } from '../../kinds/service.ts'

/** What a name of the cluster stands for: an address, or another name. */
export interface Target {
  readonly host: string
  /** −1 when there is none. */
  readonly port: number
  /** The name of this one target, as SRV records tell it. */
  readonly name: string
}

/** How the plugin is set up in the Corefile. */
export interface KubernetesSettings {
  readonly pods: 'disabled' | 'insecure' | 'verified'
  /** Only these; all when empty. */
  readonly namespaces: ReadonlySet<string>
  /** Endpoints without a host name are called after their pod. */
  readonly usesPodNames: boolean
  readonly hidesEmpty: boolean
}

/** Targets, possibly none; undefined means that there is no such name. */
type Found = readonly Target[] | undefined

/** The names of Services and pods. Source: coredns/plugin/kubernetes. */
export class KubernetesRecords {
  readonly #client: Client
  readonly #settings: KubernetesSettings

  constructor(client: Client, settings: KubernetesSettings) {
    this.#client = client
    this.#settings = settings
  }

  /** `[[_port._protocol.]|endpoint.]service.namespace.svc.zone`, or `address.namespace.pod.zone`. */
  find(name: string, zone: string): Found {
    const base = name.toLowerCase().slice(0, -zone.length).replace(/\.$/, '')
    if (base === '' || base === 'svc' || base === 'pod') return []
    const [kind, namespace, service, ...rest] = base.split('.').reverse()
    if ((kind !== 'svc' && kind !== 'pod') || rest.length > 2) return undefined
    if (namespace === undefined) return []
    if (!this.#isExposed(namespace)) return undefined
    if (service === undefined) return []
    if (kind === 'pod') return this.#findPod(service, namespace, name)
    const endpoint = rest.length === 1 ? rest[0] : undefined
    const [protocol, port] = rest.length === 2 ? rest.map(label => label.replace(/^_/, '')) : []
    return this.#findService(service, namespace, zone, endpoint, port, protocol)
  }

  /** The names of an address: of the Service, else of the endpoints that have it. */
  reverse(address: string, zone: string): string[] {
    const wanted = parseAddress(address)?.bits
    const isWanted = (text = '') => text === address || (wanted !== undefined && parseAddress(text)?.bits === wanted)
    const owner = this.#client
      .list(serviceKind)
      .find(({ spec }) => isWanted(spec.clusterIP) || spec.clusterIPs?.some(isWanted))
    if (owner) return [`${owner.metadata.name}.${owner.metadata.namespace}.svc.${zone}`]
    const names: string[] = []
    for (const { metadata, endpoints } of this.#client.list(endpointSlice))
      for (const endpoint of endpoints ?? []) {
        const service = metadata.labels?.['kubernetes.io/service-name']
        if (service === undefined || !isWanted(endpoint.addresses[0]) || endpoint.conditions?.ready === false) continue
        names.push(`${this.#hostname(endpoint)}.${service}.${metadata.namespace}.svc.${zone}`)
      }
    return names
  }

  #isExposed(namespace: string): boolean {
    const { namespaces } = this.#settings
    return (
      (namespaces.size === 0 || namespaces.has(namespace)) && this.#client.get(namespaceKind, namespace) !== undefined
    )
  }

  #findPod(label: string, namespace: string, name: string): Found {
    if (this.#settings.pods === 'disabled') return undefined
    const isDotted = label.split('-').length === 4 && !label.includes('--')
    const host = label.replaceAll('-', isDotted ? '.' : ':')
    if (this.#settings.pods === 'insecure') return isAddress(host) ? [{ host, port: -1, name }] : undefined
    const pods = this.#client.list(podKind, { namespace }).filter(({ status }) => status?.podIP === host)
    return pods.length > 0 ? [{ host, port: -1, name }] : undefined
  }

  #findService(
    service: string,
    namespace: string,
    zone: string,
    endpoint: string | undefined,
    port: string | undefined,
    protocol: string | undefined,
  ): Found {
    const found = this.#client.get(serviceKind, service, namespace)
    if (!found) return undefined
    const domain = `${service}.${namespace}.svc.${zone}`
    const fits = (portName = '', portProtocol = 'TCP') =>
      (port === undefined || port === portName.toLowerCase()) &&
      (protocol === undefined || protocol === portProtocol.toLowerCase())
    if (found.spec.type === 'ExternalName') {
      if (endpoint !== undefined || port !== undefined || isAddress(found.spec.externalName ?? '')) return undefined
      return [{ host: found.spec.externalName!, port: -1, name: domain }]
    }
    if (found.spec.clusterIP === 'None' || endpoint !== undefined) return this.#endpoints(found, domain, endpoint, fits)
    if (this.#settings.hidesEmpty && this.#endpoints(found, domain, undefined, () => true) === undefined)
      return undefined
    const ports = (found.spec.ports ?? []).filter(({ name, protocol: own }) => fits(name, own))
    if (ports.length === 0) return undefined
    const hosts = found.spec.clusterIPs ?? (found.spec.clusterIP ? [found.spec.clusterIP] : [])
    return ports.flatMap(({ port: number }) => hosts.map(host => ({ host, port: number, name: domain })))
  }

  #endpoints(
    { metadata }: Service,
    domain: string,
    wanted: string | undefined,
    fits: (name: string | undefined, protocol: string | undefined) => boolean,
  ): Found {
    const labels = { 'kubernetes.io/service-name': metadata.name }
    const targets: Target[] = []
    for (const slice of this.#client.list(endpointSlice, { namespace: metadata.namespace!, labels }))
      for (const endpoint of slice.endpoints ?? []) {
        if (endpoint.conditions?.ready === false) continue
        const hostname = this.#hostname(endpoint)
        if (wanted !== undefined && wanted !== hostname.toLowerCase()) continue
        const ports = slice.ports?.length ? slice.ports : [{ port: -1 }]
        for (const { name, protocol, port } of ports as { name?: string; protocol?: string; port?: number }[])
          if (fits(name, protocol))
            for (const host of endpoint.addresses)
              targets.push({ host, port: port ?? -1, name: `${hostname}.${domain}` })
      }
    return targets.length > 0 ? targets : undefined
  }

  /** Endpoints without a host name are called after their address. */
  #hostname({
    hostname,
    targetRef,
    addresses,
  }: {
    hostname?: string
    targetRef?: { name?: string }
    addresses: string[]
  }): string {
    if (hostname) return hostname
    if (this.#settings.usesPodNames && targetRef?.name) return targetRef.name
    return addresses[0]!.replaceAll(/[.:]/g, '-')
  }
}

/** Whether a text is an address of either family. */
export function isAddress(text: string): boolean {
  const isIpv4 = /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every(part => Number(part) < 256)
  return isIpv4 || isIpv6(text)
}

export function isIpv6(text: string): boolean {
  return text.includes(':') && /^[0-9a-fA-F:]+$/.test(text) && text.split('::').length <= 2
}
