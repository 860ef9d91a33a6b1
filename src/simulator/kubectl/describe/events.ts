import { formatAge } from '../../cluster/api/age.ts'
import type { KubernetesObject } from '../../cluster/api/object.ts'
import { type Event, event } from '../../cluster/kinds/event.ts'
import type { Surroundings } from './describer.ts'
import type { Description } from './description.ts'

/** Adds the events of an object, oldest first, unless nobody wants them. */
export async function describeEvents(text: Description, object: KubernetesObject, around: Surroundings): Promise<void> {
  if (!around.showsEvents) return
  const { name, namespace, uid } = object.metadata
  const fields = [`involvedObject.name=${name}`, `involvedObject.uid=${uid}`]
  if (namespace) fields.splice(1, 0, `involvedObject.namespace=${namespace}`)
  const events = await around.list(event, { ...(namespace ? { namespace } : {}), fields: fields.join(',') })
  writeEvents(text, events, around.now)
}

/** Adds a table of events. */
export function writeEvents(text: Description, events: readonly Event[], now: number): void {
  if (events.length === 0) return text.line(0, 'Events:\t<none>')
  text.line(0, 'Events:')
  text.line(1, 'Type\tReason\tAge\tFrom\tMessage')
  text.line(1, '----\t------\t----\t----\t-------')
  for (const one of [...events].sort((a, b) => lastTime(a) - lastTime(b))) {
    const from = one.source?.component || one.reportingComponent || ''
    const { fieldPath } = one.involvedObject
    const message = `${fieldPath ? `${fieldPath}: ` : ''}${one.message?.trim() ?? ''}`
    text.line(1, `${one.type}\t${one.reason}\t${ageText(one, now)}\t${from}\t${message}`)
  }
}

function ageText(one: Event, now: number): string {
  const since = (time: string | undefined) => (time ? formatAge(now - Date.parse(time)) : '<unknown>')
  const first = since(one.eventTime ?? one.firstTimestamp)
  if (one.series) return `${since(one.series.lastObservedTime)} (x${one.series.count} over ${first})`
  return (one.count ?? 0) > 1 ? `${since(one.lastTimestamp)} (x${one.count} over ${first})` : first
}

function lastTime(one: Event): number {
  return Date.parse(
    one.series?.lastObservedTime ?? one.lastTimestamp ?? one.eventTime ?? one.metadata.creationTimestamp,
  )
}
