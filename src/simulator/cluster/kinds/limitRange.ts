import type { LimitRangeItem, LimitRangeSpec } from 'kubernetes-types/core/v1'
import { type FieldError, forbidden, invalid } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { Quantity } from '../api/quantity.ts'
import { createdColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Bounds and defaults for the resources of pods in a namespace. */
export interface LimitRange extends KubernetesObject {
  spec: LimitRangeSpec
}

export const limitRange = defineKind<LimitRange>({
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  singular: 'limitrange',
  shortNames: ['limits'],
  categories: [],
  namespaced: true,
  subresources: [],
  defaults({ spec }) {
    for (const item of spec.limits ?? []) if (item.type === 'Container') fillIn(item)
  },
  validate({ spec }) {
    const errors: FieldError[] = []
    for (const [index, item] of (spec.limits ?? []).entries()) validateItem(item, `spec.limits[${index}]`, errors)
    return errors
  },
  columns: [nameColumn, createdColumn],
})

/** A maximum is the default limit, and a default limit the default request, where nothing else is said. */
function fillIn(item: LimitRangeItem): void {
  if (item.max) item.default = { ...item.max, ...item.default }
  if (item.default) item.defaultRequest = { ...item.default, ...item.defaultRequest }
  if (item.min) item.defaultRequest = { ...item.min, ...item.defaultRequest }
}

function validateItem(
  { type, min = {}, max = {}, default: limit, defaultRequest }: LimitRangeItem,
  path: string,
  errors: FieldError[],
): void {
  if (type === 'Pod') {
    if (limit) errors.push(forbidden(`${path}.default`, "may not be specified when `type` is 'Pod'"))
    if (defaultRequest) errors.push(forbidden(`${path}.defaultRequest`, "may not be specified when `type` is 'Pod'"))
  }
  const read = (amounts: Readonly<Record<string, unknown>>, name: string): Quantity | undefined =>
    amounts[name] === undefined ? undefined : Quantity.parse(String(amounts[name]))
  for (const name of new Set([...Object.keys(min), ...Object.keys(max)])) {
    const least = read(min, name)
    const most = read(max, name)
    if (least && most && least.compare(most) > 0)
      errors.push(invalid(`${path}.min[${name}]`, `${least}`, `min value ${least} is greater than max value ${most}`))
  }
}
