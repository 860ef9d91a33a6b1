import type { PodTemplateSpec } from 'kubernetes-types/core/v1'
import type { LabelSelector } from 'kubernetes-types/meta/v1'
import { formatAge } from '../api/age.ts'
import type { KubernetesObject } from '../api/object.ts'
import { formatSelector } from '../api/selector.ts'
import type { Column } from './kind.ts'

/** The name of an object, the first column of nearly every table. */
export const nameColumn: Column = { name: 'Name', format: 'name', value: object => object.metadata.name }

/** How long ago an object was created. */
export const ageColumn: Column = {
  name: 'Age',
  value: (object, now) => ageSince(object.metadata.creationTimestamp, now),
}

/** When an object was created, for kinds without a table of their own. */
export const createdColumn: Column = {
  name: 'Created At',
  type: 'date',
  value: object => object.metadata.creationTimestamp,
}

/** The time since a moment, as tables show it. */
export function ageSince(timestamp: string | null | undefined, now: number): string {
  return timestamp ? formatAge(now - Date.parse(timestamp)) : '<unknown>'
}

/** What runs in the pods of a workload, and which pods are its own. */
export const templateColumns: readonly Column<Workload>[] = [
  { name: 'Containers', wide: true, value: ({ spec }) => namesOf(spec.template) },
  { name: 'Images', wide: true, value: ({ spec }) => imagesOf(spec.template) },
]

export const selectorColumn: Column<Workload> = {
  name: 'Selector',
  wide: true,
  value: ({ spec }) => formatSelector(spec.selector),
}

interface Workload extends KubernetesObject {
  spec: { template?: PodTemplateSpec; selector?: LabelSelector }
}

export function namesOf(template: PodTemplateSpec | undefined): string {
  return (template?.spec?.containers ?? []).map(({ name }) => name).join(',')
}

export function imagesOf(template: PodTemplateSpec | undefined): string {
  return (template?.spec?.containers ?? []).map(({ image }) => image ?? '').join(',')
}

/** Labels in one line, `<none>` without any. */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`)
  return pairs.sort().join(',') || '<none>'
}
