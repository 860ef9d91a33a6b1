import type { IngressBackend } from 'kubernetes-types/networking/v1'
import type { EndpointSlice } from '../../cluster/kinds/endpointSlice.ts'
import type { Ingress } from '../../cluster/kinds/ingress.ts'
import type { Service } from '../../cluster/kinds/service.ts'
import { Failure } from '../failure.ts'
import { defineDescriber, type View } from './describer.ts'
import { endpointsText } from './endpointsText.ts'

export const ingress = defineDescriber<Ingress>({
  group: 'networking.k8s.io',
  kind: 'Ingress',
  async describe(ingress, view) {
    const { metadata, spec, status } = ingress
    const { text } = view
    text.field('Name', metadata.name)
    text.labels('Labels', metadata.labels)
    text.field('Namespace', metadata.namespace)
    const addresses = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname)
    text.field('Address', [...new Set(addresses)].sort().join(','))
    text.field('Ingress Class', spec.ingressClassName ?? '<none>')
    const fallback = spec.defaultBackend ? await backendText(spec.defaultBackend, ingress, view) : '<default>'
    text.field('Default backend', fallback)
    if (spec.tls?.length) {
      text.heading('TLS')
      for (const { secretName, hosts = [] } of spec.tls) {
        text.line(secretName ? `${secretName} terminates ${hosts.join(',')}` : `SNI routes ${hosts.join(',')}`, 1)
      }
    }
    text.heading('Rules')
    text.header(['Host', 'Path', 'Backends'])
    const rules = (spec.rules ?? []).filter(({ http }) => http)
    for (const { host, http } of rules) {
      text.line(`${host || '*'}\t`, 1)
      for (const { path = '', backend } of http!.paths) {
        text.line(`\t${path} \t${await backendText(backend, ingress, view)}`, 2)
      }
    }
    if (rules.length === 0) text.row(['*', '*', fallback])
    text.annotations(metadata.annotations)
    await view.events(ingress)
  },
})

async function backendText({ service, resource }: IngressBackend, { metadata }: Ingress, view: View): Promise<string> {
  if (!service) {
    return resource ? `APIGroup: ${resource.apiGroup ?? '<none>'}, Kind: ${resource.kind}, Name: ${resource.name}` : ''
  }
  const { name, port } = service
  const shown = `${name}:${port?.number || port?.name || ''}`
  const { namespace } = metadata
  try {
    const slices = await view.list<EndpointSlice>('endpointslices.discovery.k8s.io', {
      namespace,
      selector: `kubernetes.io/service-name=${name}`,
    })
    const { spec } = await view.get<Service>('services', namespace, name)
    const found = spec.ports?.find(each => (port?.number ? each.port === port.number : each.name === port?.name))
    return `${shown} (${endpointsText(slices, found?.name ?? '')})`
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return `${shown} (<error: ${error.message}>)`
  }
}
