import type { Clock } from '../clock.ts'
import { hashText } from '../random.ts'
import type { KubernetesObject } from './api/object.ts'
import type { Client } from './client.ts'
import { event } from './kinds/event.ts'

/** What an event is about. */
export interface ObjectReference {
  readonly kind: string
  readonly apiVersion: string
  readonly namespace?: string
  readonly name: string
  readonly uid?: string
  readonly resourceVersion?: string
  /** The part of the object: `spec.containers{web}`. */
  readonly fieldPath?: string
}

/** Writes down what a part of the cluster did to an object, so that `kubectl describe` can tell. */
export type EventRecorder = (
  about: KubernetesObject | ObjectReference,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
) => void

export interface RecorderOptions {
  readonly client: Client
  readonly clock: Clock
  /** Milliseconds since 1970 at clock 0. */
  readonly epoch: number
  /** Who reports: `default-scheduler`, `kubelet` … */
  readonly component: string
  /** The node that reports, for kubelets. */
  readonly host?: string
}

// The thresholds of client-go: k8s.io/client-go/tools/record/events_cache.go
const similarEvents = 10
const similarWithin = 600_000
const burst = 25
const refill = 300_000
const remembered = 4096

interface Observation {
  readonly name: string
  readonly count: number
}

interface Similar {
  readonly messages: Set<string>
  last: number
}

interface Bucket {
  tokens: number
  since: number
}

/**
 * Makes the recorder of one component: the same event again only counts up, the tenth similar one within ten minutes
 * begins a combined event, and an object about which too much is said is heard again after five minutes.
 */
export function createRecorder(options: RecorderOptions): EventRecorder {
  const { client, clock, component, host } = options
  const observations = new Map<string, Observation>()
  const similars = new Map<string, Similar>()
  const buckets = new Map<string, Bucket>()
  const names = new Set<string>()

  const hasToken = (key: string): boolean => {
    const bucket = buckets.get(key) ?? { tokens: burst, since: clock.now }
    bucket.tokens = Math.min(burst, bucket.tokens + (clock.now - bucket.since) / refill)
    bucket.since = clock.now
    remember(buckets, key, bucket)
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }

  /** Real names end in the time in nanoseconds, in hexadecimal; the clock's grain is coarser, so equal ones move on. */
  const nameOf = (about: ObjectReference): string => {
    let nanoseconds =
      BigInt(options.epoch + clock.now) * 1_000_000n + BigInt(hashText(about.uid ?? about.name) % 1_000_000)
    let name = `${about.name}.${nanoseconds.toString(16)}`
    const isTaken = () => names.has(name) || client.get(event, name, about.namespace ?? 'default') !== undefined
    while (isTaken()) name = `${about.name}.${(++nanoseconds).toString(16)}`
    if (names.size >= remembered) names.clear()
    names.add(name)
    return name
  }

  return (object, type, reason, message) => {
    const about = 'metadata' in object ? referenceTo(object) : object
    const now = new Date(options.epoch + clock.now).toISOString().replace(/\.\d+Z$/, 'Z')
    const place = [about.kind, about.namespace, about.name, about.uid, about.apiVersion].join('/')
    const group = [place, about.fieldPath, type, reason].join('/')

    let similar = similars.get(group)
    if (!similar || clock.now - similar.last > similarWithin) similar = { messages: new Set(), last: 0 }
    similar.messages.add(message)
    similar.last = clock.now
    remember(similars, group, similar)
    const isCombined = similar.messages.size >= similarEvents
    if (isCombined) similar.messages.delete(similar.messages.values().next().value!)
    const text = isCombined ? `(combined from similar events): ${message}` : message
    const key = isCombined ? group : `${group}/${message}`

    if (!hasToken(place)) return
    const namespace = about.namespace ?? 'default'
    const seen = observations.get(key)
    if (seen && client.get(event, seen.name, namespace)) {
      remember(observations, key, { name: seen.name, count: seen.count + 1 })
      client.patch(event, seen.name, namespace, { count: seen.count + 1, lastTimestamp: now, message: text })
      return
    }
    const name = nameOf(about)
    remember(observations, key, { name, count: 1 })
    try {
      client.create(event, {
        metadata: { name, namespace },
        involvedObject: about,
        reason,
        message: text,
        source: { component, ...(host === undefined ? {} : { host }) },
        firstTimestamp: now,
        lastTimestamp: now,
        count: 1,
        type,
        eventTime: null as never,
        reportingComponent: component,
        reportingInstance: host ?? '',
      })
    } catch (error) {
      // A namespace that is being deleted takes no new events, and nobody hears of it.
      if (!client.isRefusal(error)) throw error
    }
  }
}

function referenceTo(object: KubernetesObject): ObjectReference {
  const { namespace, name, uid, resourceVersion } = object.metadata
  return {
    kind: object.kind,
    apiVersion: object.apiVersion,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    uid,
    resourceVersion,
  }
}

/** Keeps the newest entries of a map that must not grow for ever. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key)
  map.set(key, value)
  if (map.size > remembered) map.delete(map.keys().next().value!)
}
