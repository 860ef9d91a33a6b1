import type { ServiceSpec } from 'kubernetes-types/core/v1'
import { isEqual } from '../../api/equality.ts'
import { hasClusterIp, hasHealthCheckPort, hasNodePorts } from './defaults.ts'

/** Carries over what the server has given to a Service when a change does not mention it (patchAllocatedValues). */
export function keepAllocations(next: ServiceSpec, previous: ServiceSpec): void {
  alignClusterIps(next, previous)
  if (hasClusterIp(previous) && hasClusterIp(next)) {
    if (!next.clusterIP && !next.clusterIPs?.length && previous.clusterIP) next.clusterIP = previous.clusterIP
    if (!next.clusterIPs?.length && next.clusterIP === previous.clusterIP && previous.clusterIPs)
      next.clusterIPs = [...previous.clusterIPs]
  }
  if (hasNodePorts(previous) && hasNodePorts(next)) {
    const given = new Set((next.ports ?? []).map(({ nodePort }) => nodePort).filter(Boolean))
    const known = new Map((previous.ports ?? []).map(({ name = '', nodePort }) => [name, nodePort]))
    for (const port of next.ports ?? []) {
      const nodePort = known.get(port.name ?? '')
      if (!port.nodePort && nodePort && !given.has(nodePort)) port.nodePort = nodePort
    }
  }
  if (hasHealthCheckPort(previous) && hasHealthCheckPort(next) && previous.healthCheckNodePort)
    next.healthCheckNodePort ||= previous.healthCheckNodePort
}

/** `clusterIP` and the first of `clusterIPs` are two names of one thing: a change of either is a change of both. */
function alignClusterIps(next: ServiceSpec, previous: ServiceSpec): void {
  const isSameSingle = next.clusterIP === previous.clusterIP
  const isSameList = isEqual(next.clusterIPs, previous.clusterIPs)
  if (!isSameSingle && isSameList) {
    if (!next.clusterIP) delete next.clusterIPs
    else next.clusterIPs = [next.clusterIP, ...(next.clusterIPs ?? []).slice(1)]
  } else if (isSameSingle && !isSameList) {
    if (next.clusterIPs?.[0]) next.clusterIP = next.clusterIPs[0]
    else delete next.clusterIP
  }
}

/** Drops what the new type of a Service has no use for, unless the change sets it on purpose (dropTypeDependentFields). */
export function dropUseless(next: ServiceSpec, previous: ServiceSpec): void {
  if (hasClusterIp(previous) && !hasClusterIp(next)) {
    if (next.clusterIP === previous.clusterIP && isEqual(next.clusterIPs, previous.clusterIPs)) {
      delete next.clusterIP
      delete next.clusterIPs
    }
    if (isEqual(next.ipFamilies, previous.ipFamilies)) delete next.ipFamilies
    if (next.ipFamilyPolicy === previous.ipFamilyPolicy) delete next.ipFamilyPolicy
    if (next.internalTrafficPolicy === previous.internalTrafficPolicy) delete next.internalTrafficPolicy
  }
  if (hasNodePorts(previous) && !hasNodePorts(next)) {
    const portsOf = ({ ports }: ServiceSpec): unknown[] => (ports ?? []).map(({ nodePort }) => nodePort)
    if (isEqual(portsOf(next), portsOf(previous))) for (const port of next.ports ?? []) delete port.nodePort
  }
  if (hasHealthCheckPort(previous) && !hasHealthCheckPort(next))
    if (next.healthCheckNodePort === previous.healthCheckNodePort) delete next.healthCheckNodePort
  if (previous.type === 'LoadBalancer' && next.type !== 'LoadBalancer') {
    if (next.allocateLoadBalancerNodePorts === previous.allocateLoadBalancerNodePorts)
      delete next.allocateLoadBalancerNodePorts
    if (next.loadBalancerClass === previous.loadBalancerClass) delete next.loadBalancerClass
  }
  const isReachable = next.type === 'NodePort' || next.type === 'LoadBalancer'
  if (!isReachable && !next.externalIPs?.length && next.externalTrafficPolicy === previous.externalTrafficPolicy)
    delete next.externalTrafficPolicy
}
