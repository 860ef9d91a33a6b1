import type { EndpointSlice } from '../../cluster/kinds/endpointSlice.ts'
import type { Service } from '../../cluster/kinds/service.ts'
import { defineDescriber, type View } from './describer.ts'
import { formatLabels } from './description.ts'
import { endpointsText } from './endpointsText.ts'

export const service = defineDescriber<Service>({
  group: '',
  kind: 'Service',
  async describe(service, view) {
    const { metadata, spec, status } = service
    const { text } = view
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.field('Selector', formatLabels(spec.selector))
    text.field('Type', spec.type)
    if (spec.ipFamilyPolicy) text.field('IP Family Policy', spec.ipFamilyPolicy)
    text.field('IP Families', spec.ipFamilies?.join(',') || '<none>')
    text.field('IP', spec.clusterIP ?? '')
    text.field('IPs', spec.clusterIPs?.join(',') || '<none>')
    if (spec.externalIPs?.length) text.field('External IPs', spec.externalIPs.join(','))
    if (spec.loadBalancerIP) text.field('Desired LoadBalancer IP', spec.loadBalancerIP)
    if (spec.externalName) text.field('External Name', spec.externalName)
    const ingress = status?.loadBalancer?.ingress ?? []
    if (ingress.length > 0) text.field('LoadBalancer Ingress', ingress.map(ingressText).join(', '))
    await describePorts(service, view)
    text.field('Session Affinity', spec.sessionAffinity ?? '')
    if (spec.externalTrafficPolicy) text.field('External Traffic Policy', spec.externalTrafficPolicy)
    if (spec.internalTrafficPolicy) text.field('Internal Traffic Policy', spec.internalTrafficPolicy)
    if (spec.healthCheckNodePort) text.field('HealthCheck NodePort', spec.healthCheckNodePort)
    const ranges = spec.loadBalancerSourceRanges ?? []
    if (ranges.length > 0) text.field('LoadBalancer Source Ranges', ranges.join(','))
    const { trafficDistribution } = spec as { trafficDistribution?: string }
    if (trafficDistribution) text.field('Traffic Distribution', trafficDistribution)
    await view.events(service)
  },
})

function ingressText({ ip, hostname, ipMode }: { ip?: string; hostname?: string; ipMode?: string }): string {
  return ip ? ip + (ipMode ? ` (${ipMode})` : '') : (hostname ?? '')
}

async function describePorts({ metadata, spec }: Service, view: View): Promise<void> {
  const slices = await view.list<EndpointSlice>('endpointslices.discovery.k8s.io', {
    namespace: metadata.namespace,
    selector: `kubernetes.io/service-name=${metadata.name}`,
  })
  const { text } = view
  for (const { name, port, protocol, targetPort, nodePort } of spec.ports ?? []) {
    const shown = name || '<unset>'
    text.line(`Port:\t${shown}\t${port}/${protocol}`)
    text.field('TargetPort', `${targetPort}/${protocol}`)
    if (nodePort) text.line(`NodePort:\t${shown}\t${nodePort}/${protocol}`)
    text.field('Endpoints', endpointsText(slices, name ?? ''))
  }
}
