import { Failure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import type { Reference } from '../objects/target.ts'
import type { AnyObject } from '../server/object.ts'
import { apiVersionOf, pathOf } from '../server/resource.ts'
import type { WaitCondition } from './condition.ts'

/** What a negative time-out means, in milliseconds. */
export const week = 168 * 3_600_000

/**
 * Waits until an object is as it should be; gives its last state, or undefined for one that was gone already.
 * `deadline` is a time of the clock; without it, one look is enough.
 */
export async function waitForOne(
  { api, process }: Invocation,
  { resource, namespace, name }: Reference,
  condition: WaitCondition,
  deadline: number | undefined,
): Promise<AnyObject | undefined> {
  const { clock } = process.kernel
  const end = deadline ?? clock.now
  const timedOut = () => new Failure(`timed out waiting for the condition on ${resource.plural}/${name}`)
  const whole = (object: AnyObject): AnyObject => ({
    ...object,
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
  })
  const fieldSelector = `metadata.name=${name}`
  let last: AnyObject | undefined
  if (deadline !== undefined && clock.now >= deadline) throw timedOut()
  for (;;) {
    const list = await api.list(resource, namespace, { fieldSelector })
    const [current] = list.items
    if (!current && condition.type === 'delete') return last && whole(last)
    if (current) {
      last = current
      if (condition.type === 'create' || (condition.type === 'state' && condition.isMet(current))) return whole(current)
    }
    if (clock.now >= end) throw timedOut()
    const watch = await api.watch(pathOf(resource, namespace), {
      query: { fieldSelector, resourceVersion: list.metadata.resourceVersion },
    })
    try {
      for (;;) {
        const event = await watch.next(Math.max(0, end - clock.now))
        if (!event) break
        if (event.type === 'DELETED') {
          if (condition.type === 'delete') return whole(event.object)
          continue
        }
        if (event.type === 'BOOKMARK') continue
        last = event.object
        if (condition.type === 'state' && condition.isMet(event.object)) return whole(event.object)
      }
      if (clock.now >= end) throw timedOut()
    } finally {
      watch.close()
    }
  }
}
