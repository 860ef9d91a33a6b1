import type { LimitRangeItem } from 'kubernetes-types/core/v1'
import { ApiError } from '../../api/error.ts'
import { Quantity } from '../../api/quantity.ts'
import { type LimitRange, limitRange } from '../../kinds/limitRange.ts'
import { type Container, type Pod, pod } from '../../kinds/pod.ts'
import type { Store } from '../store.ts'
import { type Admission, nameOf } from './admission.ts'

type Amounts = Record<string, unknown>

/** Gives containers the requests and limits that their namespace sets, and refuses those out of bounds. */
export const limitRanger: Admission = {
  name: 'LimitRanger',
  on: ['create'],
  handles: kind => kind === pod,
  admit({ object, store }) {
    const { metadata, spec } = object as Pod
    for (const item of itemsOf(store, metadata.namespace, 'Container'))
      for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) fillIn(container, item)
  },
  check({ object, store }) {
    const { metadata, spec } = object as Pod
    const problems = itemsOf(store, metadata.namespace, 'Container').flatMap(item =>
      spec.containers.flatMap(container => problemsOf(container.resources ?? {}, item, 'Container')),
    )
    for (const item of itemsOf(store, metadata.namespace, 'Pod'))
      problems.push(...problemsOf(sumOf(spec.containers), item, 'Pod'))
    if (problems.length > 0)
      throw ApiError.forbidden(pod, nameOf(object), problems.length === 1 ? problems[0]! : `[${problems.join(', ')}]`)
  },
}

function itemsOf(store: Store, namespace: string | undefined, type: string): LimitRangeItem[] {
  const collection = store.storage.collection(limitRange)
  if (collection.size === 0) return []
  return [...collection.entries(namespace)].flatMap(({ object }) =>
    (object as LimitRange).spec.limits.filter(item => item.type === type),
  )
}

function fillIn(container: Container, item: LimitRangeItem): void {
  const resources = (container.resources ??= {}) as { limits?: Amounts; requests?: Amounts }
  const given = { ...resources.limits }
  if (item.default) resources.limits = { ...item.default, ...resources.limits }
  if (item.defaultRequest) resources.requests = { ...item.defaultRequest, ...given, ...resources.requests }
}

interface Resources {
  readonly limits?: Readonly<Amounts>
  readonly requests?: Readonly<Amounts>
}

function problemsOf(resources: Resources, item: LimitRangeItem, type: string): string[] {
  const problems: string[] = []
  const read = (amounts: Readonly<Amounts> | undefined, name: string): Quantity | undefined =>
    amounts?.[name] === undefined ? undefined : Quantity.parse(String(amounts[name]))
  for (const name of Object.keys(item.min ?? {}).sort()) {
    const least = read(item.min, name)!
    const request = read(resources.requests, name)
    if (!request) problems.push(`minimum ${name} usage per ${type} is ${least}.  No request is specified`)
    else if (request.compare(least) < 0)
      problems.push(`minimum ${name} usage per ${type} is ${least}, but request is ${request}`)
  }
  for (const name of Object.keys(item.max ?? {}).sort()) {
    const most = read(item.max, name)!
    const limit = read(resources.limits, name)
    if (!limit) problems.push(`maximum ${name} usage per ${type} is ${most}.  No limit is specified`)
    else if (limit.compare(most) > 0)
      problems.push(`maximum ${name} usage per ${type} is ${most}, but limit is ${limit}`)
  }
  return problems
}

function sumOf(containers: readonly Container[]): Resources {
  const sum = (field: 'limits' | 'requests'): Amounts => {
    const totals = new Map<string, Quantity>()
    for (const { resources } of containers)
      for (const [name, amount] of Object.entries(resources?.[field] ?? {})) {
        const quantity = Quantity.parse(String(amount))
        totals.set(name, totals.get(name)?.plus(quantity) ?? quantity)
      }
    return Object.fromEntries(totals)
  }
  return { limits: sum('limits'), requests: sum('requests') }
}
