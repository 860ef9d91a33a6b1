import type { LeaseSpec } from 'kubernetes-types/coordination/v1'
import { type FieldError, invalid } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Who is alive, or who leads. */
export interface Lease extends KubernetesObject {
  spec: LeaseSpec
}

export const lease = defineKind<Lease>({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  validate({ spec }) {
    const errors: FieldError[] = []
    const { leaseDurationSeconds: duration, leaseTransitions: transitions } = spec ?? {}
    if (duration !== undefined && duration <= 0)
      errors.push(invalid('spec.leaseDurationSeconds', duration, 'must be greater than 0'))
    if (transitions !== undefined && transitions < 0)
      errors.push(invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0'))
    return errors
  },
  columns: [nameColumn, { name: 'Holder', value: ({ spec }) => spec?.holderIdentity ?? '' }, ageColumn],
})
