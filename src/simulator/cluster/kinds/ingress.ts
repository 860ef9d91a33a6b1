import type { HTTPIngressPath, IngressBackend, IngressSpec, IngressStatus } from 'kubernetes-types/networking/v1'
import { parseAddress } from '../api/addresses.ts'
import { checkName } from '../api/checks.ts'
import { type FieldError, invalid, notSupported, required } from '../api/fieldError.ts'
import {
  checkDns1123Label,
  checkDns1123Subdomain,
  checkPort,
  checkPortName,
  checkWildcardSubdomain,
} from '../api/names.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Which HTTP requests from outside go to which Service. */
export interface Ingress extends KubernetesObject {
  spec: IngressSpec
  status: IngressStatus
}

const classAnnotation = 'kubernetes.io/ingress.class'
const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix']

export const ingress = defineKind<Ingress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  singular: 'ingress',
  shortNames: ['ing'],
  categories: [],
  namespaced: true,
  subresources: ['status'],
  hasGeneration: true,
  prepare(ingress, previous) {
    if (!previous) ingress.status = { loadBalancer: {} }
  },
  validate({ spec }) {
    const errors: FieldError[] = []
    if (!spec.rules?.length && !spec.defaultBackend)
      errors.push(invalid('spec', spec.rules ?? null, 'either `defaultBackend` or `rules` must be specified'))
    for (const [index, { host, http }] of (spec.rules ?? []).entries()) {
      const path = `spec.rules[${index}]`
      if (host) validateHost(host, path, errors)
      if (!http) continue
      if (!http.paths?.length) errors.push(required(`${path}.http.paths`))
      for (const [place, item] of (http.paths ?? []).entries())
        validatePath(item, `${path}.http.paths[${place}]`, errors)
    }
    if (spec.defaultBackend) validateBackend(spec.defaultBackend, 'spec.defaultBackend', errors)
    for (const [index, { hosts }] of (spec.tls ?? []).entries())
      for (const [place, host] of (hosts ?? []).entries())
        checkName(
          host,
          host.includes('*') ? checkWildcardSubdomain : checkDns1123Subdomain,
          `spec.tls[${index}].hosts[${place}]`,
          errors,
        )
    if (spec.ingressClassName !== undefined)
      checkName(spec.ingressClassName, checkDns1123Subdomain, 'spec.ingressClassName', errors)
    return errors
  },
  validateCreate({ metadata, spec }) {
    const annotation = metadata.annotations?.[classAnnotation]
    if (annotation === undefined || spec.ingressClassName === undefined) return []
    return [invalid(`annotations.${classAnnotation}`, annotation, 'can not be set when the class field is also set')]
  },
  warnings: ({ metadata }) =>
    metadata.annotations?.[classAnnotation] === undefined
      ? []
      : [`annotation "${classAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`],
  columns: [
    nameColumn,
    {
      name: 'Class',
      value: ({ spec, metadata }) => spec.ingressClassName ?? metadata.annotations?.[classAnnotation] ?? '<none>',
    },
    { name: 'Hosts', value: hosts },
    { name: 'Address', value: addresses },
    { name: 'Ports', value: ({ spec }) => (spec.tls?.length ? '80, 443' : '80') },
    ageColumn,
  ],
})

function validateHost(host: string, path: string, errors: FieldError[]): void {
  if (parseAddress(host)) errors.push(invalid(`${path}.host`, host, 'must be a DNS name, not an IP address'))
  checkName(host, host.includes('*') ? checkWildcardSubdomain : checkDns1123Subdomain, `${path}.host`, errors)
}

const badSequences = ['//', '/./', '/../', '%2f', '%2F']
const badEndings = ['/..', '/.']

function validatePath(
  { path: address = '', pathType, backend }: HTTPIngressPath,
  path: string,
  errors: FieldError[],
): void {
  if (!pathType) {
    errors.push(required(`${path}.pathType`, 'pathType must be specified'))
    if (backend) validateBackend(backend, `${path}.backend`, errors)
    return
  }
  if (pathType === 'Exact' || pathType === 'Prefix') {
    if (!address.startsWith('/')) errors.push(invalid(`${path}.path`, address, 'must be an absolute path'))
    if (address) {
      for (const sequence of badSequences)
        if (address.includes(sequence)) errors.push(invalid(`${path}.path`, address, `must not contain '${sequence}'`))
      for (const ending of badEndings)
        if (address.endsWith(ending)) errors.push(invalid(`${path}.path`, address, `cannot end with '${ending}'`))
    }
  } else if (pathType === 'ImplementationSpecific') {
    if (address && !address.startsWith('/')) errors.push(invalid(`${path}.path`, address, 'must be an absolute path'))
  } else errors.push(notSupported(`${path}.pathType`, pathType, pathTypes))
  validateBackend(backend ?? {}, `${path}.backend`, errors)
}

function validateBackend({ service, resource }: IngressBackend, path: string, errors: FieldError[]): void {
  if (service && resource) {
    errors.push(invalid(path, '', 'cannot set both resource and service backends'))
    return
  }
  if (resource) {
    if (!resource.kind) errors.push(required(`${path}.resource.kind`))
    if (!resource.name) errors.push(required(`${path}.resource.name`))
    return
  }
  if (!service) {
    errors.push(required(path, 'resource or service backend is required'))
    return
  }
  if (!service.name) errors.push(required(`${path}.service.name`))
  else checkName(service.name, checkDns1123Label, `${path}.service.name`, errors)
  const { name, number } = service.port ?? {}
  if (name && number) errors.push(invalid(path, '', 'cannot set both port name & port number'))
  else if (name) checkName(name, checkPortName, `${path}.service.port.name`, errors)
  else if (number)
    for (const text of checkPort(number)) errors.push(invalid(`${path}.service.port.number`, number, text))
  else errors.push(required(path, 'port name or number is required'))
}

// Tables show three hosts and say how many more there are.
const shown = 3

function hosts({ spec }: Ingress): string {
  const list = [...new Set((spec.rules ?? []).map(({ host }) => host).filter(Boolean))]
  if (list.length === 0) return '*'
  return list.length > shown ? `${list.slice(0, shown).join(',')} + ${list.length - shown} more...` : list.join(',')
}

function addresses({ status }: Ingress): string {
  return (status.loadBalancer?.ingress ?? [])
    .map(({ ip, hostname }) => ip || hostname || '')
    .filter(Boolean)
    .join(',')
}
