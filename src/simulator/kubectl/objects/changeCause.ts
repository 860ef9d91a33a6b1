import type { Invocation } from '../invocation.ts'
import type { AnyObject } from '../server/object.ts'
import type { Reference } from './target.ts'

const annotation = 'kubernetes.io/change-cause'

/** Says why an object is as it is, where `--record` asks for that. */
export function withChangeCause<T extends AnyObject>(invocation: Invocation, object: T): T {
  if (!isRecorded(invocation)) return object
  const { metadata } = object
  const annotations = { ...metadata?.annotations, [annotation]: invocation.commandText }
  return { ...object, metadata: { ...metadata, annotations } }
}

/** Says it on the server, for the verbs that send no whole object. */
export async function recordCause(invocation: Invocation, { resource, namespace, name }: Reference): Promise<void> {
  if (!isRecorded(invocation)) return
  const patch = { metadata: { annotations: { [annotation]: invocation.commandText } } }
  await invocation.api.patch(resource, namespace, name, 'merge', patch)
}

function isRecorded({ flags }: Invocation): boolean {
  return (flags as unknown as { readonly record?: boolean }).record === true
}
