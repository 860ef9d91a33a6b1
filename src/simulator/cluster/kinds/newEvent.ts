import type { Event as NewEventFields } from 'kubernetes-types/events/v1'
import type { KubernetesObject } from '../api/object.ts'
import { type Event, event } from './event.ts'
import { defineKind } from './kind.ts'

/** An event as the group events.k8s.io tells it: the same objects under other names of their fields. */
export type NewEvent = KubernetesObject & Omit<NewEventFields, keyof KubernetesObject>

export const newEvent = defineKind<NewEvent>({
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  categories: [],
  namespaced: true,
  subresources: [],
  view: {
    stored: event,
    fieldNames: {
      reportingController: 'reportingComponent',
      ...Object.fromEntries(
        ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(field => [
          `regarding.${field}`,
          `involvedObject.${field}`,
        ]),
      ),
    },
    toStored,
    fromStored,
  },
  columns: [],
})

/** Old name and new name of each field that has two. */
const names: readonly (readonly [old: string, name: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
]

function toStored(object: NewEvent): Event {
  const fields: Record<string, unknown> = { ...object, apiVersion: 'v1' }
  for (const [old, name] of names) rename(fields, name, old)
  return fields as unknown as Event
}

function fromStored(object: Event): NewEvent {
  const fields: Record<string, unknown> = { ...object, apiVersion: 'events.k8s.io/v1' }
  for (const [old, name] of names) rename(fields, old, name)
  return fields as unknown as NewEvent
}

function rename(fields: Record<string, unknown>, from: string, to: string): void {
  if (fields[from] === undefined) return
  fields[to] = fields[from]
  delete fields[from]
}
