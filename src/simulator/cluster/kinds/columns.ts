import { formatAge } from '../api/age.ts'
import type { Column } from './kind.ts'

/** The name of an object, the first column of nearly every table. */
export const nameColumn: Column = { name: 'Name', format: 'name', value: object => object.metadata.name }

/** How long ago an object was created. */
export const ageColumn: Column = {
  name: 'Age',
  value: (object, now) => ageSince(object.metadata.creationTimestamp, now),
}

/** The time since a moment, as tables show it. */
export function ageSince(timestamp: string | null | undefined, now: number): string {
  return timestamp ? formatAge(now - Date.parse(timestamp)) : '<unknown>'
}
