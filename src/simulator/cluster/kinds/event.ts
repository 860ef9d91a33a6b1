import type { Event as EventFields } from 'kubernetes-types/core/v1'
import { type FieldError, invalid } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ageSince } from './columns.ts'
import { defineKind } from './kind.ts'

/** What happened to an object, told by whoever did it. */
export type Event = KubernetesObject & Omit<EventFields, keyof KubernetesObject>

export const event = defineKind<Event>({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  categories: [],
  namespaced: true,
  subresources: [],
  fieldLabels: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  fieldText: ({ source, reportingComponent }, field) =>
    field === 'source' ? source?.component || reportingComponent || '' : undefined,
  validate(event) {
    const errors: FieldError[] = []
    const expected = event.involvedObject?.namespace || 'default'
    if (event.metadata.namespace && event.metadata.namespace !== expected)
      errors.push(
        invalid('involvedObject.namespace', event.involvedObject?.namespace ?? '', 'does not match event.namespace'),
      )
    return errors
  },
  columns: [
    { name: 'Last Seen', value: lastSeen },
    { name: 'Type', value: ({ type }) => type ?? '' },
    { name: 'Reason', value: ({ reason }) => reason ?? '' },
    { name: 'Object', value: ({ involvedObject }) => objectOf(involvedObject) },
    { name: 'Subobject', wide: true, value: ({ involvedObject }) => involvedObject.fieldPath ?? '' },
    { name: 'Source', wide: true, value: sourceOf },
    { name: 'Message', value: ({ message }) => (message ?? '').trim() },
    { name: 'First Seen', wide: true, value: firstSeen },
    { name: 'Count', wide: true, value: ({ series, count }) => series?.count ?? (count || 1) },
    { name: 'Name', format: 'name', wide: true, value: ({ metadata }) => metadata.name },
  ],
})

function objectOf({ kind, name }: Event['involvedObject']): string {
  return name ? `${(kind ?? '').toLowerCase()}/${name}` : (kind ?? '').toLowerCase()
}

function sourceOf({ source, reportingComponent, reportingInstance }: Event): string {
  const component = source?.component || reportingComponent || ''
  const host = source?.host || reportingInstance || ''
  return host ? `${component}, ${host}` : component
}

function firstSeen({ firstTimestamp, eventTime }: Event, now: number): string {
  return ageSince(firstTimestamp ?? (eventTime as string | undefined), now)
}

function lastSeen(event: Event, now: number): string {
  const { series, lastTimestamp } = event
  if (series?.lastObservedTime) return ageSince(series.lastObservedTime as unknown as string, now)
  return lastTimestamp ? ageSince(lastTimestamp, now) : firstSeen(event, now)
}
