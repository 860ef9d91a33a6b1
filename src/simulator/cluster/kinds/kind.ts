import type { KubernetesObject } from '../api/object.ts'

/** Everything the cluster knows about one kind of object. Adding a kind means writing one of these. */
export interface Kind<T extends KubernetesObject = KubernetesObject> {
  /** '' for the core group. */
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly namespaced: boolean
  readonly subresources: readonly string[]
  /** Values that only the object's own fields decide, filled in when it is written. Changes the copy it is given. */
  defaults?(object: T): void
  /** What `kubectl get` shows. Wide columns show only with `-o wide`. */
  readonly columns: readonly Column<T>[]
}

/** One column of a table. */
export interface Column<T extends KubernetesObject = KubernetesObject> {
  readonly name: string
  readonly type?: 'string' | 'integer' | 'date'
  readonly description?: string
  readonly wide?: true
  /** `now` is the simulated time in milliseconds since 1970. */
  value(object: T, now: number): string | number
}

/** Gives a kind its name for the compiler: `defineKind<Pod>({ … })`. */
export function defineKind<T extends KubernetesObject>(kind: Kind<T>): Kind<T> {
  return kind
}
