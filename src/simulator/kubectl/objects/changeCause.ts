import type { Invocation } from '../invocation.ts'
import type { AnyObject } from '../server/object.ts'

/** Says why an object is as it is, where `--record` asks for that. */
export function withChangeCause<T extends AnyObject>(invocation: Invocation, object: T): T {
  const { record } = invocation.flags as unknown as { readonly record?: boolean }
  if (!record) return object
  const { metadata } = object
  const annotations = { ...metadata?.annotations, 'kubernetes.io/change-cause': invocation.commandText }
  return { ...object, metadata: { ...metadata, annotations } }
}
