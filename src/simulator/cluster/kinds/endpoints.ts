import type { EndpointSubset } from 'kubernetes-types/core/v1'
import { addressText, checkRoutable, parseAddress } from '../api/addresses.ts'
import { checkName, requireOneOf } from '../api/checks.ts'
import { type FieldError, invalid, required } from '../api/fieldError.ts'
import { checkDns1123Label, checkPort, checkQualifiedName } from '../api/names.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

export type { EndpointAddress, EndpointPort, EndpointSubset } from 'kubernetes-types/core/v1'

/** The addresses behind a Service, in the old form. */
export interface Endpoints extends KubernetesObject {
  subsets?: EndpointSubset[]
}

export const endpoints = defineKind<Endpoints>({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  categories: [],
  namespaced: true,
  subresources: [],
  deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  defaults({ subsets }) {
    for (const { ports } of subsets ?? []) for (const port of ports ?? []) port.protocol ||= 'TCP'
  },
  validate({ subsets }) {
    const errors: FieldError[] = []
    for (const [index, subset] of (subsets ?? []).entries()) validateSubset(subset, `subsets[${index}]`, errors)
    return errors
  },
  columns: [nameColumn, { name: 'Endpoints', value: formatEndpoints }, ageColumn],
})

function validateSubset(
  { addresses = [], notReadyAddresses = [], ports = [] }: EndpointSubset,
  path: string,
  errors: FieldError[],
): void {
  if (addresses.length === 0 && notReadyAddresses.length === 0)
    errors.push(required(path, 'must specify `addresses` or `notReadyAddresses`'))
  for (const [field, list] of Object.entries({ addresses, notReadyAddresses }))
    for (const [index, { ip, hostname }] of list.entries()) {
      const at = `${path}.${field}[${index}]`
      if (!parseAddress(ip ?? '')) errors.push(invalid(`${at}.ip`, ip ?? '', addressText))
      for (const text of checkRoutable(ip ?? '')) errors.push(invalid(`${at}.ip`, ip ?? '', text))
      if (hostname) checkName(hostname, checkDns1123Label, `${at}.hostname`, errors)
    }
  for (const [index, { name, port, protocol, appProtocol }] of ports.entries()) {
    const at = `${path}.ports[${index}]`
    if (name) checkName(name, checkDns1123Label, `${at}.name`, errors)
    else if (ports.length > 1) errors.push(required(`${at}.name`))
    for (const text of checkPort(port ?? 0)) errors.push(invalid(`${at}.port`, port ?? 0, text))
    requireOneOf(protocol, ['SCTP', 'TCP', 'UDP'], `${at}.protocol`, errors)
    if (appProtocol !== undefined) checkName(appProtocol, checkQualifiedName, `${at}.appProtocol`, errors)
  }
}

// Tables show three endpoints and say how many more there are.
const shown = 3

/** The ready endpoints in one line, as tables and `describe` show them. */
function formatEndpoints({ subsets = [] }: Endpoints): string {
  if (subsets.length === 0) return '<none>'
  const list = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => joinPort(ip, port))),
  )
  if (list.length > shown) return `${list.slice(0, shown).join(',')} + ${list.length - shown} more...`
  return list.join(',') || '<none>'
}

function joinPort(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}
