import { type FieldType, structNamed } from './schema.ts'
import {
  appliedLists,
  atomicTypes,
  keyedLists,
  patchedLists,
  patchedSets,
  retainedKeys,
  valueSets,
} from './schemaFacts.ts'

/** How a strategic merge patch treats a field. */
export interface Merging {
  /** The field that tells items of a list apart; lists without one are replaced. */
  readonly mergeKey: string | undefined
  /** Whether the items are plain values that are added to each other. */
  readonly isSet: boolean
  readonly retainsKeys: boolean
  /** Whether an object is replaced as a whole. */
  readonly isReplaced?: boolean
  /** The type of the field or of its items, where that is a type of the API. */
  readonly struct: string | undefined
}

/** Tells how fields are merged; each part of an object is looked at with the type it has. */
export interface MergeSchema {
  field(struct: string | undefined, name: string): Merging
}

const unknown: Merging = { mergeKey: undefined, isSet: false, retainsKeys: false, struct: undefined }

/** The merge rules of the API's own types. */
export const apiMergeSchema: MergeSchema = {
  field(struct, name) {
    const field = struct === undefined ? undefined : structNamed(struct).fields.get(name)
    if (!field) return unknown
    const key = `${struct}.${name}`
    return {
      mergeKey: patchedLists[key] ?? keysOf(key, keyedLists)?.[0],
      isSet: patchedSets.has(key),
      retainsKeys: retainedKeys.has(key),
      isReplaced: key === 'V1PodDisruptionBudgetSpec.selector',
      struct: innermost(field.type),
    }
  },
}

/** How server-side apply sees a field: as a whole, as a set of values, or as items with keys. */
export type Granularity = 'atomic' | 'granular' | 'set' | readonly string[]

export function granularityOf(struct: string, name: string, type: FieldType): Granularity {
  const key = `${struct}.${name}`
  if (type.kind === 'struct') return atomicTypes.has(type.struct) ? 'atomic' : 'granular'
  if (type.kind === 'map') return atomicTypes.has(key) ? 'atomic' : 'granular'
  if (type.kind !== 'list') return 'atomic'
  if (valueSets.has(key)) return 'set'
  return patchedLists[key] ? 'atomic' : (keysOf(key, keyedLists, appliedLists) ?? 'atomic')
}

function keysOf(key: string, ...tables: readonly Readonly<Record<string, string>>[]): readonly string[] | undefined {
  for (const table of tables) if (table[key]) return table[key].split(' ')
  return /Status\.conditions$/.test(key) ? ['type'] : undefined
}

function innermost(type: FieldType): string | undefined {
  if (type.kind === 'struct') return type.struct
  return type.kind === 'list' || type.kind === 'map' ? innermost(type.items) : undefined
}
