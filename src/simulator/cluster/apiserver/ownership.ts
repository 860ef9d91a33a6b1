import type { KubernetesObject } from '../api/object.ts'
import type { Writer } from './store.ts'

/** Who has written which field of an object. */
export class Ownership {
  record(
    _writer: Writer,
    _time: string,
    _previous: KubernetesObject | undefined,
    _next: KubernetesObject,
    _subresource: string,
  ): void {}
}
