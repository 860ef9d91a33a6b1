import type { Event } from 'kubernetes-types/core/v1'
import { formatAge } from '../../cluster/api/age.ts'
import type { AnyObject } from '../server/object.ts'
import type { Description } from './description.ts'

/** Writes what happened to an object, oldest first. */
export function describeEvents(objects: readonly AnyObject[], text: Description, now: number): void {
  const events = objects as unknown as Event[]
  if (events.length === 0) return text.field('Events', '<none>')
  text.heading('Events')
  text.header(['Type', 'Reason', 'Age', 'From', 'Message'], 1, ['----', '------', '----', '----', '-------'])
  for (const event of events.toSorted((a, b) => timeOf(a) - timeOf(b))) {
    const { type, reason, source, reportingComponent } = event
    text.row([type, reason, ageOf(event, now), source?.component || reportingComponent || '', messageOf(event)])
  }
}

/** An event about a part of an object names the part first. */
function messageOf({ message = '', involvedObject }: Event): string {
  const part = involvedObject.fieldPath
  return part ? `${part}: ${message.trim()}` : message.trim()
}

/** When an event was seen last, and how often since when. */
export function ageOf({ eventTime, firstTimestamp, lastTimestamp, series, count = 0 }: Event, now: number): string {
  const first = since(eventTime ?? firstTimestamp, now)
  if (series) return `${since(series.lastObservedTime, now)} (x${series.count} over ${first})`
  return count > 1 ? `${since(lastTimestamp, now)} (x${count} over ${first})` : first
}

function since(timestamp: string | undefined | null, now: number): string {
  return timestamp ? formatAge(now - Date.parse(timestamp)) : '<unknown>'
}

function timeOf({ lastTimestamp }: Event): number {
  return lastTimestamp ? Date.parse(lastTimestamp) : Number.NEGATIVE_INFINITY
}

/** When an event was seen last, in milliseconds since 1970. */
export function lastTimeOf({ series, lastTimestamp, eventTime }: Event): number {
  const time = series?.lastObservedTime ?? lastTimestamp ?? eventTime
  return time ? Date.parse(time) : Number.NEGATIVE_INFINITY
}
