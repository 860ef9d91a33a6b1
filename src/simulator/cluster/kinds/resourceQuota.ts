import type { ResourceQuotaSpec, ResourceQuotaStatus } from 'kubernetes-types/core/v1'
import { type FieldError, invalid } from '../api/fieldError.ts'
import { checkQualifiedName } from '../api/names.ts'
import type { KubernetesObject } from '../api/object.ts'
import { Quantity } from '../api/quantity.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

const known =
  /^((requests\.|limits\.)?(cpu|memory|ephemeral-storage)|requests\.storage|pods|resourcequotas|services|replicationcontrollers|secrets|configmaps|persistentvolumeclaims|services\.(nodeports|loadbalancers)|(requests\.)?hugepages-.+)$/

/** Whether a quota may be about a resource by its plain name. */
function isKnown(name: string): boolean {
  return known.test(name)
}

/** How much a namespace may hold. */
export interface ResourceQuota extends KubernetesObject {
  spec: ResourceQuotaSpec
  status: ResourceQuotaStatus
}

export const resourceQuota = defineKind<ResourceQuota>({
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  singular: 'resourcequota',
  shortNames: ['quota'],
  categories: [],
  namespaced: true,
  subresources: ['status'],
  defaults({ spec }) {
    for (const name in spec.hard) spec.hard[name] = Quantity.parse(String(spec.hard[name])).rounded().toString()
  },
  validate({ spec }) {
    const errors: FieldError[] = []
    for (const name in spec.hard) {
      const amount = Quantity.parse(String(spec.hard[name]))
      const path = `spec.hard[${name}]`
      for (const text of checkQualifiedName(name)) errors.push(invalid(path, name, text))
      if (!name.includes('/') && !isKnown(name))
        for (const what of ['resource type or fully qualified', 'resource for quotas'])
          errors.push(invalid(path, name, `must be a standard ${what}`))
      if (amount.isNegative) errors.push(invalid(path, amount.toString(), 'must be greater than or equal to 0'))
    }
    return errors
  },
  columns: [
    nameColumn,
    { name: 'Request', value: quota => amounts(quota, name => !name.startsWith('limits')) },
    { name: 'Limit', value: quota => amounts(quota, name => name.startsWith('limits')) },
    ageColumn,
  ],
})

function amounts({ status }: ResourceQuota, isShown: (name: string) => boolean): string {
  const names = Object.keys(status?.hard ?? {})
    .filter(isShown)
    .sort()
  return names.map(name => `${name}: ${status.used?.[name] ?? '0'}/${status.hard?.[name]}`).join(', ')
}
