import { type FieldError, forbidden, notSupported, required } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** How many requests of a sort the API server answers at a time. */
export type PriorityLevelConfiguration = KubernetesObject & {
  spec: {
    type?: string
    limited?: {
      nominalConcurrencyShares?: number
      lendablePercent?: number
      limitResponse?: { type?: string; queuing?: { queues?: number; handSize?: number; queueLengthLimit?: number } }
    }
    exempt?: { nominalConcurrencyShares?: number; lendablePercent?: number }
  }
}

// Simplified: priority levels are kept and shown; no request ever waits.
export const priorityLevelConfiguration = defineKind<PriorityLevelConfiguration>({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  singular: 'prioritylevelconfiguration',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: ['status'],
  hasGeneration: true,
  defaults({ spec: { limited, exempt } = {} }) {
    if (exempt) {
      exempt.nominalConcurrencyShares ??= 0
      exempt.lendablePercent ??= 0
    }
    if (!limited) return
    limited.nominalConcurrencyShares ??= 30
    limited.lendablePercent ??= 0
    const { queuing } = limited.limitResponse ?? {}
    if (!queuing) return
    queuing.queues ??= 64
    queuing.handSize ??= 8
    queuing.queueLengthLimit ??= 50
  },
  validate({ spec: { type, limited } }) {
    const errors: FieldError[] = []
    if (type !== 'Exempt' && type !== 'Limited')
      errors.push(notSupported('spec.type', type ?? '', ['Exempt', 'Limited']))
    if (type === 'Limited' && !limited) errors.push(required('spec.limited', 'must not be empty when type is Limited'))
    if (type === 'Exempt' && limited) errors.push(forbidden('spec.limited', 'must be nil if the type is not Limited'))
    return errors
  },
  columns: [
    nameColumn,
    { name: 'Type', value: ({ spec }) => spec.type ?? '' },
    {
      name: 'NominalConcurrencyShares',
      value: ({ spec: { limited, exempt } }) => (limited ?? exempt)?.nominalConcurrencyShares ?? '<none>',
    },
    { name: 'Queues', value: ({ spec }) => spec.limited?.limitResponse?.queuing?.queues ?? '<none>' },
    { name: 'HandSize', value: ({ spec }) => spec.limited?.limitResponse?.queuing?.handSize ?? '<none>' },
    {
      name: 'QueueLengthLimit',
      value: ({ spec }) => spec.limited?.limitResponse?.queuing?.queueLengthLimit ?? '<none>',
    },
    ageColumn,
  ],
})
