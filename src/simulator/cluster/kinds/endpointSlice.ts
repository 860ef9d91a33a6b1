import type { EndpointSlice as EndpointSliceFields } from 'kubernetes-types/discovery/v1'
import { addressText, checkRoutable, parseAddress } from '../api/addresses.ts'
import { allowOneOf, checkName, requireOneOf } from '../api/checks.ts'
import { duplicate, type FieldError, invalid, required, tooMany } from '../api/fieldError.ts'
import { checkDns1123Label, checkDns1123Subdomain, checkPort, checkQualifiedName } from '../api/names.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

export type { Endpoint, EndpointConditions, EndpointPort } from 'kubernetes-types/discovery/v1'

/** Some of the addresses behind a Service. */
export type EndpointSlice = KubernetesObject & Omit<EndpointSliceFields, keyof KubernetesObject>

const mostEndpoints = 1000

export const endpointSlice = defineKind<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  singular: 'endpointslice',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  hasGeneration: true,
  defaults({ ports }) {
    for (const port of ports ?? []) {
      port.name ??= ''
      port.protocol ??= 'TCP'
    }
  },
  prepare(slice) {
    slice.endpoints ??= []
  },
  validate(slice) {
    const errors: FieldError[] = []
    requireOneOf(slice.addressType, ['FQDN', 'IPv4', 'IPv6'], 'addressType', errors)
    if (slice.endpoints.length > mostEndpoints) errors.push(tooMany('endpoints', slice.endpoints.length, mostEndpoints))
    for (const [index, { addresses, hostname }] of slice.endpoints.entries()) {
      const path = `endpoints[${index}]`
      if (!addresses?.length) errors.push(required(`${path}.addresses`, 'must contain at least 1 address'))
      for (const [place, address] of (addresses ?? []).entries())
        validateAddress(address, slice.addressType, `${path}.addresses[${place}]`, errors)
      if (hostname !== undefined) checkName(hostname, checkDns1123Label, `${path}.hostname`, errors)
    }
    const names = new Set<string>()
    for (const [index, { name = '', port, protocol, appProtocol }] of (slice.ports ?? []).entries()) {
      const path = `ports[${index}]`
      if (name) checkName(name, checkDns1123Label, `${path}.name`, errors)
      if (names.has(name)) errors.push(duplicate(`${path}.name`, name))
      names.add(name)
      allowOneOf(protocol, ['SCTP', 'TCP', 'UDP'], `${path}.protocol`, errors)
      if (port !== undefined) for (const text of checkPort(port)) errors.push(invalid(`${path}.port`, port, text))
      if (appProtocol !== undefined) checkName(appProtocol, checkQualifiedName, `${path}.appProtocol`, errors)
    }
    return errors
  },
  validateUpdate: ({ addressType }, previous) =>
    addressType === previous.addressType ? [] : [invalid('addressType', addressType, 'field is immutable')],
  columns: [
    nameColumn,
    { name: 'AddressType', value: ({ addressType }) => addressType },
    { name: 'Ports', value: formatPorts },
    { name: 'Endpoints', value: formatAddresses },
    ageColumn,
  ],
})

function validateAddress(address: string, type: string, path: string, errors: FieldError[]): void {
  if (type === 'FQDN') {
    checkName(address, checkDns1123Subdomain, path, errors)
    return
  }
  const parsed = parseAddress(address)
  if (!parsed) errors.push(invalid(path, address, addressText))
  else if (parsed.family !== type) errors.push(invalid(path, address, `must be an ${type} address`))
  else checkName(address, checkRoutable, path, errors)
}

// Tables show three of each and say how many more there are.
const shown = 3

function formatPorts({ ports }: EndpointSlice): string {
  if (!ports?.length) return '<unset>'
  return shorten(ports.map(({ port, name }) => (port === undefined ? '*' : String(port)) || name || ''))
}

function formatAddresses({ endpoints }: EndpointSlice): string {
  const addresses = endpoints.flatMap(endpoint => endpoint.addresses)
  return addresses.length === 0 ? '<unset>' : shorten(addresses)
}

function shorten(list: readonly string[]): string {
  return list.length > shown ? `${list.slice(0, shown).join(',')} + ${list.length - shown} more...` : list.join(',')
}
