import { parseRange, rangeText } from '../api/addresses.ts'
import { type FieldError, invalid, required } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** A range from which Services are given addresses. */
export interface ServiceCIDR extends KubernetesObject {
  spec: { cidrs?: string[] }
  status: { conditions?: { type: string; status: string }[] }
}

export const serviceCidr = defineKind<ServiceCIDR>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'ServiceCIDR',
  plural: 'servicecidrs',
  singular: 'servicecidr',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: ['status'],
  validate({ spec }) {
    const errors: FieldError[] = []
    if (!spec?.cidrs?.length) errors.push(required('spec.cidrs', 'at least one CIDR required'))
    for (const [index, cidr] of (spec?.cidrs ?? []).entries())
      if (!parseRange(cidr)) errors.push(invalid(`spec.cidrs[${index}]`, cidr, rangeText))
    return errors
  },
  columns: [nameColumn, { name: 'CIDRs', value: ({ spec }) => (spec.cidrs ?? []).join(',') }, ageColumn],
})
