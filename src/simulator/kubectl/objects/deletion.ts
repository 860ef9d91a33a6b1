import { Failure, isNotFound } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import type { AnyObject } from '../server/object.ts'
import { kindName, pathOf } from '../server/resource.ts'
import type { DryRun } from './dryRun.ts'
import { withDryRun } from './dryRun.ts'
import type { Reference } from './target.ts'

/** How objects go: the flags of the verbs that delete. */
export interface DeletionFlags {
  readonly cascade: string
  readonly force: boolean
  readonly 'grace-period': number
  readonly timeout: number
}

/** Waiting for an object to be gone ends after a week when nothing else is said. */
const week = 168 * 3_600_000

/** What DeleteOptions say about the objects that depend on a deleted one. */
export function propagationOf(cascade: string): 'Background' | 'Foreground' | 'Orphan' {
  switch (cascade) {
    case 'background':
    case 'true':
      return 'Background'
    case 'foreground':
      return 'Foreground'
    case 'orphan':
    case 'false':
      return 'Orphan'
    default:
      throw new Failure(`invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`)
  }
}

/** `pod "web" deleted from default namespace`. */
export function deletionLine(reference: Reference, isForced: boolean, dryRun: DryRun): string {
  const { resource, namespace, name } = reference
  const place = resource.namespaced ? ` from ${namespace} namespace` : ''
  return `${withDryRun(`${kindName(resource)} "${name}" ${isForced ? 'force deleted' : 'deleted'}${place}`, dryRun)}\n`
}

/** Asks the server to delete an object. */
export function sendDeletion(
  { api }: Invocation,
  { resource, namespace, name }: Reference,
  flags: Pick<DeletionFlags, 'cascade' | 'grace-period'>,
  query?: { dryRun?: string },
): Promise<AnyObject> {
  const grace = flags['grace-period']
  return api.delete(
    resource,
    namespace,
    name,
    { propagationPolicy: propagationOf(flags.cascade), ...(grace >= 0 && { gracePeriodSeconds: grace }) },
    query,
  )
}

/** Waits until an object is gone, or another one has its name. */
export async function waitUntilGone(
  invocation: Invocation,
  { resource, namespace, name }: Reference,
  uid: string | undefined,
  timeout: number,
): Promise<void> {
  const { api, process } = invocation
  const { clock } = process.kernel
  const end = clock.now + (timeout || week)
  for (;;) {
    const list = await api.list(resource, namespace, { fieldSelector: `metadata.name=${name}` })
    const [current] = list.items
    if (!current || (uid !== undefined && current.metadata.uid !== uid)) return
    const watch = await api.watch(pathOf(resource, namespace), {
      query: { fieldSelector: `metadata.name=${name}`, resourceVersion: list.metadata.resourceVersion },
    })
    try {
      for (;;) {
        const event = await watch.next(end - clock.now)
        if (event?.type === 'DELETED') return
        if (clock.now >= end) throw new Failure(`timed out waiting for the condition on ${resource.plural}/${name}`)
        if (!event) break
      }
    } finally {
      watch.close()
    }
  }
}

/** Deletes an object and waits for its end, for the verbs that delete on the way. */
export async function deleteAndWait(invocation: Invocation, reference: Reference, flags: DeletionFlags): Promise<void> {
  try {
    const grace = flags.force && flags['grace-period'] < 0 ? 0 : flags['grace-period']
    const answer = await sendDeletion(invocation, reference, { ...flags, 'grace-period': grace })
    await waitUntilGone(invocation, reference, uidIn(answer), flags.timeout)
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

/** The uid of the deleted object: in its last state, or in the details of a Status. */
export function uidIn(answer: AnyObject): string | undefined {
  return answer.metadata?.uid ?? (answer as { details?: { uid?: string } }).details?.uid
}
