import { endpointSlice } from '../../cluster/kinds/endpointSlice.ts'
import { type Ingress, ingress } from '../../cluster/kinds/ingress.ts'
import { service } from '../../cluster/kinds/service.ts'
import { defineDescriber, type Surroundings } from './describer.ts'
import { Description } from './description.ts'
import { describeEvents } from './events.ts'
import { endpointsText } from './service.ts'

type Backend = NonNullable<NonNullable<Ingress['spec']>['defaultBackend']>

export const ingressDescriber = defineDescriber(ingress, async (object, around) => {
  const text = new Description()
  const { metadata, spec, status } = object
  text.line(0, `Name:\t${metadata.name}`)
  text.labels(0, metadata.labels)
  text.line(0, `Namespace:\t${metadata.namespace}`)
  const addresses = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? '')
  text.line(0, `Address:\t${addresses.join(',')}`)
  text.line(0, `Ingress Class:\t${spec?.ingressClassName ?? '<none>'}`)
  const fallback = spec?.defaultBackend
  text.line(0, `Default backend:\t${fallback ? await backendText(fallback, object, around) : '<default>'}`)
  const tls = spec?.tls ?? []
  if (tls.length > 0) text.line(0, 'TLS:')
  for (const { secretName, hosts } of tls)
    text.line(
      1,
      secretName ? `${secretName} terminates ${(hosts ?? []).join(',')}` : `SNI routes ${(hosts ?? []).join(',')}`,
    )
  await describeRules(text, object, around)
  text.annotations(metadata.annotations)
  await describeEvents(text, object, around)
  return text.toString()
})

async function describeRules(text: Description, object: Ingress, around: Surroundings): Promise<void> {
  text.line(0, 'Rules:')
  text.line(1, 'Host\tPath\tBackends')
  text.line(1, '----\t----\t--------')
  const rules = object.spec?.rules?.filter(rule => rule.http) ?? []
  for (const { host, http } of rules) {
    text.line(1, `${host || '*'}\t`)
    for (const { path, backend } of http?.paths ?? [])
      text.line(2, `\t${path ?? ''} \t${await backendText(backend, object, around)}`)
  }
  const fallback = object.spec?.defaultBackend
  if (rules.length === 0) text.line(1, `*\t*\t${fallback ? await backendText(fallback, object, around) : '<default>'}`)
}

/** The backend, and which endpoints stand behind it. */
async function backendText(backend: Backend, object: Ingress, around: Surroundings): Promise<string> {
  const { resource } = backend
  if (resource) return `APIGroup: ${resource.apiGroup ?? ''}, Kind: ${resource.kind}, Name: ${resource.name}`
  const target = backend.service
  if (!target) return ''
  const port = target.port?.name ?? target.port?.number ?? ''
  const { namespace } = object.metadata
  const found = await around.get(service, target.name, namespace)
  if (!found) return `${target.name}:${port} (<error: services "${target.name}" not found>)`
  const slices = await around.list(endpointSlice, {
    ...(namespace ? { namespace } : {}),
    labels: `kubernetes.io/service-name=${target.name}`,
  })
  const servicePort = found.spec.ports?.find(one => one.name === target.port?.name || one.port === target.port?.number)
  return `${target.name}:${port} (${servicePort ? endpointsText(slices, servicePort.name ?? '') : ''})`
}
