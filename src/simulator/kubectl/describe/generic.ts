import type { KubernetesObject } from '../../cluster/api/object.ts'
import type { Surroundings } from './describer.ts'
import { Description } from './description.ts'
import { describeEvents } from './events.ts'

/** Describes an object of any kind: every field, its name in words. */
export async function describeAnything(object: KubernetesObject, around: Surroundings): Promise<string> {
  const text = new Description()
  const { metadata } = object
  text.line(0, `Name:\t${metadata.name}`)
  text.line(0, `Namespace:\t${metadata.namespace ?? ''}`)
  text.labels(0, metadata.labels)
  text.annotations(metadata.annotations)
  writeFields(text, 0, object, ['metadata.name', 'metadata.namespace', 'metadata.labels', 'metadata.annotations'], '')
  await describeEvents(text, object, around)
  return text.toString()
}

function writeFields(text: Description, level: number, value: object, skipped: readonly string[], path: string): void {
  const record = value as Readonly<Record<string, unknown>>
  for (const key of Object.keys(record).sort()) {
    const place = path ? `${path}.${key}` : key
    if (skipped.includes(place) || place === 'metadata.managedFields') continue
    const field = record[key]
    const title = wordsOf(key)
    if (Array.isArray(field)) {
      text.line(level, `${title}:`)
      writeItems(text, level + 1, field, skipped, place)
    } else if (typeof field === 'object' && field !== null) {
      text.line(level, `${title}:`)
      writeFields(text, level + 1, field, skipped, place)
    } else text.line(level, `${title}:\t${field}`)
  }
}

function writeItems(
  text: Description,
  level: number,
  items: readonly unknown[],
  skipped: readonly string[],
  path: string,
): void {
  for (const item of items)
    if (typeof item === 'object' && item !== null) writeFields(text, level, item, skipped, path)
    else text.line(level, String(item))
}

/** `apiVersion` → `API Version`, `podCIDRs` → `Pod CID Rs`: kubectl's own way to split names. */
function wordsOf(key: string): string {
  if (key.includes('.') || key.includes('/')) return key
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
  return words
    .split(' ')
    .map(word => acronyms.get(word.toLowerCase()) ?? word[0]!.toUpperCase() + word.slice(1))
    .join(' ')
}

const acronyms = new Map(['API', 'URL', 'UID', 'OSB', 'GUID'].map(word => [word.toLowerCase(), word]))
