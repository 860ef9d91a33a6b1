import type { ObjectMeta } from '../../cluster/api/object.ts'

/** An object as it travels: kubectl works on all kinds alike and knows only what they share. */
export interface AnyObject {
  apiVersion: string
  kind: string
  metadata: Partial<ObjectMeta> & Record<string, unknown>
  [field: string]: unknown
}

/** A list as the server answers it. */
export interface AnyList {
  apiVersion: string
  kind: string
  metadata: { resourceVersion?: string; continue?: string }
  items: AnyObject[]
}

/** A table as the server prints objects. */
export interface Table {
  readonly kind: 'Table'
  readonly apiVersion: string
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string }
  /** Left out in the later tables of a watch. */
  readonly columnDefinitions: readonly TableColumn[] | null
  readonly rows: readonly TableRow[]
}

export interface TableColumn {
  readonly name: string
  readonly type: string
  readonly format?: string
  /** 0 shows always, others only with `-o wide`. */
  readonly priority?: number
}

export interface TableRow {
  readonly cells: readonly unknown[]
  readonly object?: AnyObject
}

/** Whether an object is a list of objects. */
export function isList(object: unknown): object is AnyList {
  return typeof object === 'object' && object !== null && Array.isArray((object as AnyList).items)
}

/** A value somewhere inside an object: `valueAt(deployment, 'spec', 'template')`. */
export function valueAt(object: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<string | number, unknown> | undefined | null)?.[key],
    object,
  )
}
