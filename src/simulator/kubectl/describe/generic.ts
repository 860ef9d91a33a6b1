import type { AnyObject } from '../server/object.ts'
import type { View } from './describer.ts'
import type { Description } from './description.ts'

const skipped = new Set([
  '.metadata.managedFields',
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
])

/** Describes an object of any kind: its fields in order, with names made of theirs. */
export async function describeAnything(object: AnyObject, view: View): Promise<void> {
  const { text } = view
  text.field('Name', object.metadata.name)
  text.field('Namespace', object.metadata.namespace ?? '')
  text.labels('Labels', object.metadata.labels)
  text.annotations(object.metadata.annotations)
  describeFields(object, text, 0, '')
  await view.events(object)
}

function describeFields(
  fields: Readonly<Record<string, unknown>>,
  text: Description,
  level: number,
  path: string,
): void {
  for (const name of Object.keys(fields).sort()) {
    const inner = `${path}.${name}`
    if (skipped.has(inner)) continue
    const value = fields[name]
    if (typeof value !== 'object' || value === null) {
      text.field(labelFor(name), value ?? '<nil>', level)
      continue
    }
    text.heading(labelFor(name), level)
    if (!Array.isArray(value)) describeFields(value as Record<string, unknown>, text, level + 1, inner)
    else for (const item of value) describeItem(item, text, level + 1, inner)
  }
}

function describeItem(item: unknown, text: Description, level: number, path: string): void {
  if (typeof item === 'object' && item !== null && !Array.isArray(item)) {
    describeFields(item as Record<string, unknown>, text, level, path)
  } else text.line(String(item), level)
}

const acronyms = new Set(['API', 'URL', 'UID', 'OSB', 'GUID'])

/** `creationTimestamp` becomes `Creation Timestamp`. */
function labelFor(name: string): string {
  if (/[^\p{L}-]/u.test(name)) return name
  const parts = name.match(/\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lu}+|-+/gu) ?? [name]
  return parts
    .map(part => (acronyms.has(part.toUpperCase()) ? part.toUpperCase() : part[0]!.toUpperCase() + part.slice(1)))
    .join(' ')
}
