import { parseIpv4 } from '../../network/address.ts'
import type { NetworkNamespace } from '../../network/namespace.ts'
import type { Target } from './mode.ts'

/**
 * Forgets UDP connections to Services whose endpoint is gone, or that began before there was one: UDP has no end that
 * the connection table could see. Source: kubernetes/pkg/proxy/conntrack/cleanup.go.
 */
export function forgetStaleConnections(network: NetworkNamespace, targets: readonly Target[]): void {
  const byDestination = new Map<string, Set<number>>()
  const byNodePort = new Map<number, Set<number>>()
  for (const { port, reachable } of targets) {
    if (port.protocol !== 'udp' || reachable.all.length === 0) continue
    const serving = new Set(reachable.all.map(({ address }) => parseIpv4(address)!))
    for (const address of [port.clusterIp, ...port.externalIps, ...port.loadBalancerIps])
      byDestination.set(`${parseIpv4(address)}:${port.port}`, serving)
    if (port.nodePort) byNodePort.set(port.nodePort, serving)
  }
  for (const connection of network.connections.list()) {
    const { original, reply } = connection
    if (original.protocol !== 'udp') continue
    const serving =
      byDestination.get(`${original.destination}:${original.destinationPort}`) ??
      (network.isLocal(original.destination) ? byNodePort.get(original.destinationPort) : undefined)
    if (serving && !serving.has(reply.source)) network.connections.remove(connection)
  }
}
