import type { KubernetesObject } from '../../cluster/api/object.ts'
import type { Kind } from '../../cluster/kinds/kind.ts'

/** What a description looks up besides the object itself. Lists of what the server refuses are empty. */
export interface Surroundings {
  /** Wall-clock time in milliseconds since 1970. */
  readonly now: number
  get<T extends KubernetesObject>(kind: Kind<T>, name: string, namespace?: string): Promise<T | undefined>
  list<T extends KubernetesObject>(
    kind: Kind<T>,
    options?: { readonly namespace?: string; readonly labels?: string; readonly fields?: string },
  ): Promise<readonly T[]>
  /** `--show-events=false` leaves the events out. */
  readonly showsEvents: boolean
}

/** How `kubectl describe` tells of one kind. */
export interface Describer<T extends KubernetesObject = KubernetesObject> {
  readonly kind: Kind<T>
  /** The whole text, without an empty line at its end. */
  describe(object: T, around: Surroundings): Promise<string>
}

/** Ties a describer's text to the type of its kind. */
export function defineDescriber<T extends KubernetesObject>(
  kind: Kind<T>,
  describe: Describer<T>['describe'],
): Describer<T> {
  return { kind, describe }
}
