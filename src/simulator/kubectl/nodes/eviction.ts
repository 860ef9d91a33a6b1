import type { Pod } from 'kubernetes-types/core/v1'
import { Failure, isNotFound, reasonOf } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { type DryRun, dryRunQuery } from '../objects/dryRun.ts'
import { formatGoDuration } from '../output/goDuration.ts'
import type { AnyObject } from '../server/object.ts'
import { pathOf, type Resource } from '../server/resource.ts'
import { hasBeenDeletedLongAgo } from './drainList.ts'

/** How pods are made to leave a node. */
export interface LeavingOptions {
  readonly resource: Resource
  readonly dryRun: DryRun
  /** Seconds; below 0 the pods' own. */
  readonly gracePeriod: number
  /** Milliseconds; 0 means no end. */
  readonly timeout: number
  readonly skipSeconds: number
  readonly finished: (pod: Pod) => Promise<void>
}

const retryInterval = 5000
const pollInterval = 1000

/** Lets all pods go at the same time and waits until they are gone; gives what went wrong. */
export async function evictPods(
  invocation: Invocation,
  pods: readonly Pod[],
  options: LeavingOptions,
): Promise<Failure[]> {
  const { process } = invocation
  const { clock } = process.kernel
  const end = options.timeout > 0 ? clock.now + options.timeout : Number.POSITIVE_INFINITY
  const problems: Failure[] = []
  let left = pods.length
  let wake = () => {}
  for (const pod of pods) {
    process.thread(async () => {
      const problem = await evict(invocation, pod, end, options)
      if (problem) problems.push(problem)
      left--
      wake()
    })
  }
  while (left > 0) {
    await process.wait<void>(resume => {
      wake = () => resume()
    })
  }
  return problems
}

/** Deletes pods one after the other and then waits for all of them. */
export async function deletePods(
  invocation: Invocation,
  pods: readonly Pod[],
  options: LeavingOptions,
): Promise<Failure[]> {
  const { api, process } = invocation
  const { resource, dryRun } = options
  const end = options.timeout > 0 ? process.kernel.clock.now + options.timeout : Number.POSITIVE_INFINITY
  try {
    for (const { metadata } of pods) {
      try {
        await api.delete(resource, metadata!.namespace, metadata!.name!, graceOf(options), dryRunQuery(dryRun))
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    }
    if (dryRun === 'none') for (const pod of pods) await waitUntilLeft(invocation, pod, end, options)
    return []
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return [error]
  }
}

async function evict(
  invocation: Invocation,
  pod: Pod,
  end: number,
  options: LeavingOptions,
): Promise<Failure | undefined> {
  const { api, process } = invocation
  const { clock } = process.kernel
  const { resource, dryRun } = options
  const { namespace, name = '' } = pod.metadata!
  const where = `pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}`
  const suffix = dryRun === 'server' ? ' (server dry run)' : ''
  for (let isEvicted = false; !isEvicted; ) {
    await invocation.print(`evicting pod ${namespace}/${name}${suffix}\n`)
    if (clock.now >= end) {
      return new Failure(`error when evicting ${where}: global timeout reached: ${formatGoDuration(options.timeout)}`)
    }
    const body = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      deleteOptions: { ...graceOf(options), ...(dryRun === 'server' && { dryRun: ['All'] }) },
    }
    try {
      await api.write('POST', pathOf(resource, namespace, name, 'eviction'), body)
      isEvicted = true
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      if (isNotFound(error)) return undefined
      if (reasonOf(error) !== 'TooManyRequests') return new Failure(`error when evicting ${where}: ${error.message}`)
      await invocation.warn(`error when evicting ${where} (will retry after 5s): ${error.message}`)
      await process.sleep(retryInterval)
    }
  }
  if (dryRun === 'server') return undefined
  try {
    await waitUntilLeft(invocation, pod, end, options)
    return undefined
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const what = `pod ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)}`
    return new Failure(`error when waiting for ${what} to terminate: ${error.message}`)
  }
}

/** Asks every second whether a pod is gone, or another one has its name. */
async function waitUntilLeft(invocation: Invocation, pod: Pod, end: number, options: LeavingOptions): Promise<void> {
  const { api, process } = invocation
  const { namespace, name = '', uid } = pod.metadata!
  for (;;) {
    const current: AnyObject | undefined = await api.find(options.resource, namespace, name)
    if (!current || current.metadata.uid !== uid) return options.finished(pod)
    if (hasBeenDeletedLongAgo(current as Pod, options.skipSeconds, invocation.now)) {
      const seconds = options.skipSeconds
      return invocation.print(
        `pod ${JSON.stringify(name)} has DeletionTimestamp older than ${seconds} seconds, skipping\n`,
      )
    }
    const left = end - process.kernel.clock.now
    await process.sleep(Math.min(pollInterval, Math.max(0, left)))
    if (left <= pollInterval) throw new Failure('context deadline exceeded')
  }
}

function graceOf({ gracePeriod }: LeavingOptions): { gracePeriodSeconds?: number } {
  return gracePeriod >= 0 ? { gracePeriodSeconds: gracePeriod } : {}
}
