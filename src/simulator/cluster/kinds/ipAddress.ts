import { parseAddress } from '../api/addresses.ts'
import { type FieldError, invalid, required } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** The address that a Service has been given. */
export interface IPAddress extends KubernetesObject {
  spec: { parentRef: { group?: string; resource: string; namespace?: string; name: string } }
}

export const ipAddress = defineKind<IPAddress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IPAddress',
  plural: 'ipaddresses',
  singular: 'ipaddress',
  shortNames: ['ip'],
  categories: [],
  namespaced: false,
  subresources: [],
  checkName: name => (parseAddress(name) ? [] : ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']),
  validate({ spec }) {
    const errors: FieldError[] = []
    if (!spec?.parentRef) return [required('spec.parentRef')]
    if (!spec.parentRef.resource) errors.push(required('spec.parentRef.resource'))
    if (!spec.parentRef.name) errors.push(required('spec.parentRef.name'))
    return errors
  },
  validateUpdate: ({ spec }, previous) =>
    JSON.stringify(spec) === JSON.stringify(previous.spec)
      ? []
      : [invalid('spec.parentRef', spec.parentRef, 'field is immutable')],
  columns: [
    nameColumn,
    {
      name: 'ParentRef',
      value: ({ spec: { parentRef } }) =>
        [parentRef.group, parentRef.resource, parentRef.namespace, parentRef.name].filter(Boolean).join('/'),
    },
  ],
})
