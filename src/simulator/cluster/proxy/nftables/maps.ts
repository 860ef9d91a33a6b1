import { formatIpv4 } from '../../../network/address.ts'
import type { NftOutcome, NftSet } from '../../../network/netfilter/nftables.ts'
import type { SocketBuffer } from '../../../network/socketBuffer.ts'
import type { ServicePort } from '../servicePort.ts'

export function portKey({ packet }: SocketBuffer): string | undefined {
  const { body, protocol } = packet
  const hasPorts = body.kind === 'tcp' || body.kind === 'udp' || body.kind === 'sctp'
  return hasPorts ? `${protocol} . ${body.destinationPort}` : undefined
}

export function addressKey(buffer: SocketBuffer): string | undefined {
  const key = portKey(buffer)
  return key && `${formatIpv4(buffer.packet.destination)} . ${key}`
}

/** A map from addresses and ports to verdicts. */
class VerdictMap {
  readonly #name: string
  readonly #type: string
  readonly #comment: string
  readonly #verdicts = new Map<string, NftOutcome>()
  readonly #elements: string[] = []

  constructor(name: string, type: string, comment: string) {
    this.#name = name
    this.#type = type
    this.#comment = comment
  }

  add({ protocol, port }: ServicePort, address: string, verdict: NftOutcome, comment?: string): void {
    this.#put(`${address} . ${protocol} . ${port}`, verdict, comment)
  }

  addPort({ protocol, nodePort }: ServicePort, verdict: NftOutcome, comment?: string): void {
    this.#put(`${protocol} . ${nodePort}`, verdict, comment)
  }

  find(key: string | undefined): NftOutcome {
    return key === undefined ? undefined : this.#verdicts.get(key)
  }

  get set(): NftSet {
    return {
      kind: 'map',
      name: this.#name,
      type: `${this.#type} : verdict`,
      comment: this.#comment,
      elements: this.#elements,
    }
  }

  #put(key: string, verdict: NftOutcome, comment: string | undefined): void {
    this.#verdicts.set(key, verdict)
    const words = typeof verdict === 'object' && 'goto' in verdict ? `goto ${verdict.goto}` : String(verdict)
    this.#elements.push(`${key}${comment === undefined ? '' : ` comment "${comment}"`} : ${words}`)
  }
}

/** The sets and maps of the table. */
export class Maps {
  readonly clusterIps = new Set<number>()
  readonly services = new VerdictMap(
    'service-ips',
    'ipv4_addr . inet_proto . inet_service',
    'ClusterIP, ExternalIP and LoadBalancer IP traffic',
  )
  readonly nodePorts = new VerdictMap('service-nodeports', 'inet_proto . inet_service', 'NodePort traffic')
  readonly noEndpointServices = new VerdictMap(
    'no-endpoint-services',
    'ipv4_addr . inet_proto . inet_service',
    'vmap to drop or reject packets to services with no endpoints',
  )
  readonly noEndpointNodePorts = new VerdictMap(
    'no-endpoint-nodeports',
    'inet_proto . inet_service',
    'vmap to drop or reject packets to service nodeports with no endpoints',
  )
  readonly firewall = new VerdictMap(
    'firewall-ips',
    'ipv4_addr . inet_proto . inet_service',
    'destinations that are subject to LoadBalancerSourceRanges',
  )
  readonly #nodeAddresses: readonly string[]

  constructor(nodeAddresses: readonly string[]) {
    this.#nodeAddresses = nodeAddresses
  }

  /** In this mode node ports are open on the node's main address, not on 127.0.0.1. */
  isNodePortAddress({ packet }: SocketBuffer): boolean {
    return this.#nodeAddresses.includes(formatIpv4(packet.destination))
  }

  get sets(): NftSet[] {
    const addresses = (name: string, comment: string, elements: string[]): NftSet => ({
      kind: 'set',
      name,
      type: 'ipv4_addr',
      comment,
      elements,
    })
    return [
      addresses('cluster-ips', 'Active ClusterIPs', [...this.clusterIps].map(formatIpv4)),
      addresses('nodeport-ips', 'IPs that accept NodePort traffic', [...this.#nodeAddresses]),
      this.noEndpointServices.set,
      this.noEndpointNodePorts.set,
      this.firewall.set,
      this.services.set,
      this.nodePorts.set,
    ]
  }
}
