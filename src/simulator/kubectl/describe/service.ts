import { type EndpointSlice, endpointSlice } from '../../cluster/kinds/endpointSlice.ts'
import { type Service, service } from '../../cluster/kinds/service.ts'
import { defineDescriber, type Surroundings } from './describer.ts'
import { Description, selectorText } from './description.ts'
import { describeEvents } from './events.ts'

export const serviceDescriber = defineDescriber(service, async (object, around) => {
  const text = new Description()
  const { metadata, spec, status } = object
  text.line(0, `Name:\t${metadata.name}`)
  text.line(0, `Namespace:\t${metadata.namespace}`)
  text.labels(0, metadata.labels)
  text.annotations(metadata.annotations)
  text.line(0, `Selector:\t${selectorText(spec.selector)}`)
  text.line(0, `Type:\t${spec.type}`)
  if (spec.ipFamilyPolicy) text.line(0, `IP Family Policy:\t${spec.ipFamilyPolicy}`)
  text.line(0, `IP Families:\t${spec.ipFamilies?.join(',') || '<none>'}`)
  text.line(0, `IP:\t${spec.clusterIP ?? ''}`)
  text.line(0, `IPs:\t${spec.clusterIPs?.join(',') || '<none>'}`)
  if (spec.externalIPs?.length) text.line(0, `External IPs:\t${spec.externalIPs.join(',')}`)
  if (spec.loadBalancerIP) text.line(0, `Desired LoadBalancer IP:\t${spec.loadBalancerIP}`)
  if (spec.externalName) text.line(0, `External Name:\t${spec.externalName}`)
  const ingress = status?.loadBalancer?.ingress ?? []
  if (ingress.length > 0) text.line(0, `LoadBalancer Ingress:\t${ingress.map(ingressText).join(', ')}`)
  await describePorts(text, object, around)
  text.line(0, `Session Affinity:\t${spec.sessionAffinity ?? ''}`)
  if (spec.externalTrafficPolicy) text.line(0, `External Traffic Policy:\t${spec.externalTrafficPolicy}`)
  if (spec.internalTrafficPolicy) text.line(0, `Internal Traffic Policy:\t${spec.internalTrafficPolicy}`)
  const { trafficDistribution } = spec as { trafficDistribution?: string }
  if (trafficDistribution) text.line(0, `Traffic Distribution:\t${trafficDistribution}`)
  if (spec.healthCheckNodePort) text.line(0, `HealthCheck NodePort:\t${spec.healthCheckNodePort}`)
  if (spec.loadBalancerSourceRanges?.length)
    text.line(0, `LoadBalancer Source Ranges:\t${spec.loadBalancerSourceRanges.join(',')}`)
  await describeEvents(text, object, around)
  return text.toString()
})

function ingressText({ ip, hostname, ipMode }: { ip?: string; hostname?: string; ipMode?: string }): string {
  if (!ip) return hostname ?? ''
  return ipMode ? `${ip} (${ipMode})` : ip
}

async function describePorts(text: Description, object: Service, around: Surroundings): Promise<void> {
  const { name, namespace } = object.metadata
  const slices = await around.list(endpointSlice, {
    ...(namespace ? { namespace } : {}),
    labels: `kubernetes.io/service-name=${name}`,
  })
  for (const port of object.spec.ports ?? []) {
    const title = port.name || '<unset>'
    text.line(0, `Port:\t${title}\t${port.port}/${port.protocol}`)
    text.line(0, `TargetPort:\t${port.targetPort}/${port.protocol}`)
    if (port.nodePort) text.line(0, `NodePort:\t${title}\t${port.nodePort}/${port.protocol}`)
    text.line(0, `Endpoints:\t${endpointsText(slices, port.name ?? '')}`)
  }
}

/** Addresses that are ready on the port of this name, three at most. */
export function endpointsText(slices: readonly EndpointSlice[], portName: string): string {
  const texts = slices.flatMap(slice => {
    const port = slice.ports?.find(one => (one.name ?? '') === portName)
    if (!port) return []
    return (slice.endpoints ?? [])
      .filter(endpoint => endpoint.conditions?.ready !== false)
      .flatMap(endpoint => endpoint.addresses.map(address => (port.port ? `${address}:${port.port}` : address)))
  })
  const shown = texts.slice(0, 3).join(',')
  return texts.length > 3 ? `${shown} + ${texts.length - 3} more...` : shown
}
