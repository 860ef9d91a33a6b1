import type { KubernetesObject } from '../../api/object.ts'
import type { Kind } from '../../kinds/kind.ts'
import type { Store, Writer } from '../store.ts'

/** What is about to happen to an object. */
export interface Attempt {
  readonly kind: Kind
  readonly object: KubernetesObject
  readonly previous?: KubernetesObject
  /** The part of an object that someone connects to: `attach`, `exec`. */
  readonly connection?: string
  readonly writer: Writer
  readonly store: Store
}

/** One plugin between a request and the store: it may add to new objects and refuse them. */
export interface Admission {
  readonly name: string
  readonly on: readonly ('create' | 'update' | 'delete')[]
  handles(kind: Kind): boolean
  /** Adds what the cluster wants; changes the object. Runs before validation. */
  admit?(attempt: Attempt): void
  /** Refuses by throwing. Runs after validation. */
  check?(attempt: Attempt): void
}

/** What refusals call an object that has no name yet. */
export function nameOf({ metadata }: KubernetesObject): string {
  return metadata.name || metadata.generateName || 'Unknown'
}
