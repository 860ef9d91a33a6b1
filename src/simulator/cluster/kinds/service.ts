import type { ServiceSpec, ServiceStatus } from 'kubernetes-types/core/v1'
import type { FieldError } from '../api/fieldError.ts'
import { checkDns1123Label } from '../api/names.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, formatLabels, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'
import { dropUseless, keepAllocations } from './services/change.ts'
import { setServiceDefaults } from './services/defaults.ts'
import { validateRangeAnnotation, validateService, validateServiceUpdate } from './services/validate.ts'

export type { ServicePort, ServiceSpec, ServiceStatus } from 'kubernetes-types/core/v1'

/** One name and address for a changing set of pods. */
export interface Service extends KubernetesObject {
  spec: ServiceSpec
  status: ServiceStatus
}

export const service = defineKind<Service>({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status', 'proxy'],
  checkName: checkDns1123Label,
  fieldLabels: ['spec.clusterIP', 'spec.type'],
  defaults: ({ spec }) => setServiceDefaults(spec),
  prepare(service, previous) {
    if (!previous) {
      service.status = { loadBalancer: {} }
      return
    }
    keepAllocations(service.spec, previous.spec)
    dropUseless(service.spec, previous.spec)
    service.status ??= { loadBalancer: {} }
  },
  validate({ metadata, spec }) {
    const errors: FieldError[] = []
    validateService(spec, errors)
    validateRangeAnnotation(metadata.annotations, spec, errors)
    return errors
  },
  validateUpdate(service, previous) {
    const errors: FieldError[] = []
    validateServiceUpdate(service.spec, previous.spec, errors)
    return errors
  },
  columns: [
    nameColumn,
    { name: 'Type', value: ({ spec }) => spec.type ?? '' },
    { name: 'Cluster-IP', value: ({ spec }) => spec.clusterIPs?.[0] || spec.clusterIP || '<none>' },
    { name: 'External-IP', value: externalAddress },
    { name: 'Port(s)', value: ports },
    ageColumn,
    { name: 'Selector', wide: true, value: ({ spec }) => formatLabels(spec.selector) },
  ],
})

function externalAddress({ spec, status }: Service): string {
  const own = spec.externalIPs ?? []
  if (spec.type === 'ExternalName') return spec.externalName || '<none>'
  if (spec.type !== 'LoadBalancer') return own.join(',') || '<none>'
  const given = (status.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '').filter(Boolean)
  const addresses = [...new Set(given), ...own]
  return addresses.join(',') || '<pending>'
}

function ports({ spec }: Service): string {
  const list = (spec.ports ?? []).map(({ port, nodePort, protocol }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  )
  return list.join(',') || '<none>'
}
