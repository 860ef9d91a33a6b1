import type { Clock, Timer } from '../../clock.ts'
import type { Random } from '../../random.ts'
import { Awaiting } from '../api/awaiting.ts'
import { ApiError } from '../api/error.ts'
import { controllerOf, type KubernetesObject } from '../api/object.ts'
import type { ApiRequest, ApiResponse, Change, Client } from '../client.ts'
import { createRecorder, type EventRecorder } from '../eventRecorder.ts'
import type { Kind } from '../kinds/kind.ts'

/** What the control plane gives to each of its loops. */
export interface ControlPlane {
  readonly clock: Clock
  readonly random: Random
  /** Milliseconds since 1970 at clock 0. */
  readonly epoch: number
  /** The certificate authority of the cluster, in PEM. */
  readonly rootCertificate: string
  /** The addresses of all pods; each node gets a part of it. Absent when nobody shares it out. */
  readonly podRange?: string
  client(user: string): Client
  /** Signs a request for a certificate, PEM to PEM, with the cluster's authority; undefined when it cannot be read. */
  sign?(request: string, duration: number): string | undefined
  /** Sends a request as HTTP carries it, for what is not kept by the API server itself. */
  ask?(user: string, request: ApiRequest, receive: (answer: ApiResponse) => void): void
}

/** What a loop works with while it reconciles. */
export interface Control {
  readonly plane: ControlPlane
  readonly client: Client
  readonly clock: Clock
  readonly random: Random
  readonly record: EventRecorder
  /** Milliseconds since 1970. */
  readonly now: number
  /** The time as objects carry it, in whole seconds. */
  readonly timestamp: string
  /** Reconciles a key, now or after a while, even when nothing changes. */
  enqueue(key: Key, delay?: number): void
}

/** Names an object within a loop: `namespace/name`, or the bare name of what has no namespace. */
export type Key = string

export interface Definition<Memory> {
  /** Its user is `system:serviceaccount:kube-system:<name>`. */
  readonly name: string
  /** The name that its events carry, when it is another one. */
  readonly component?: string
  readonly watches: readonly Watch<Memory>[]
  /** How it watches kinds that are defined while the cluster runs, if it watches them at all. */
  watchesNew?(kind: Kind): Watch<Memory> | undefined
  /** What it remembers between calls; lost when the control plane restarts, like everything else here. */
  memory?(control: Control): Memory
  /** Brings what a key names one step closer to what it should be. Called again after an error, with back-off. */
  reconcile(key: Key, control: Control, memory: Memory): void
}

/** Which changes matter to a loop, and what must be looked at then. */
export interface Watch<Memory = unknown> {
  readonly kind: Kind
  /** How long changes are gathered before they are looked at, in milliseconds. */
  readonly delay?: number
  keys(change: Change, client: Client, memory: Memory): Iterable<Key>
}

/** A control loop of the cluster, ready to be started. */
export interface Controller {
  readonly name: string
  start(plane: ControlPlane): void
}

// How long after a change the loop looks at it; changes within that time are looked at once.
const reaction = 1
// Retries wait 5 ms, 10 ms, 20 ms … up to 1000 s: k8s.io/client-go/util/workqueue/default_rate_limiters.go
const firstRetry = 5
const lastRetry = 1_000_000

/** Makes a control loop: level-triggered, one key at a time, each key at most once in the queue. */
export function defineController<Memory = undefined>(definition: Definition<Memory>): Controller {
  return {
    name: definition.name,
    start(plane) {
      const client = plane.client(`system:serviceaccount:kube-system:${definition.name}`)
      const queue = new WorkQueue(plane.clock, key => definition.reconcile(key, control, memory))
      const control: Control = {
        plane,
        client,
        clock: plane.clock,
        random: plane.random.fork(definition.name),
        record: createRecorder({ ...plane, client, component: definition.component ?? definition.name }),
        get now() {
          return plane.epoch + plane.clock.now
        },
        get timestamp() {
          return toTimestamp(control.now)
        },
        enqueue: (key, delay) => queue.add(key, delay),
      }
      const memory = definition.memory?.(control) as Memory
      const follow = (watch: Watch<Memory>) =>
        client.watch(watch.kind, change => {
          for (const key of watch.keys(change, client, memory)) queue.add(key, watch.delay)
        })
      for (const watch of definition.watches) follow(watch)
      if (definition.watchesNew)
        client.onNewKind(kind => {
          const watch = definition.watchesNew?.(kind)
          if (watch) follow(watch)
        })
    },
  }
}

/** Looks at an object when the object itself changes. */
export function watch<T extends KubernetesObject, Memory = unknown>(
  kind: Kind<T>,
  keys: (change: Change<T>, client: Client, memory: Memory) => Iterable<Key> = change => [keyOf(change.object)],
): Watch<Memory> {
  return { kind: kind as unknown as Kind, keys: keys as Watch<Memory>['keys'] }
}

/** The same, gathering changes for a while. */
export function batched<Memory>(delay: number, { kind, keys }: Watch<Memory>): Watch<Memory> {
  return { kind, keys, delay }
}

/** Looks at an object when something that it controls changes, or has changed hands. */
export function watchOwned<T extends KubernetesObject>(kind: Kind<T>, owner: string): Watch {
  return watch(kind, change => ownerKeys(change, owner))
}

/** The keys of the objects of a kind that control, or controlled, what has changed. */
export function ownerKeys(change: Change, owner: string): Key[] {
  const keys = new Set<Key>()
  for (const object of [change.previous, change.object]) {
    const reference = object && controllerOf(object)
    if (reference?.kind === owner) keys.add(joinKey(object!.metadata.namespace, reference.name))
  }
  return [...keys]
}

export function keyOf(object: KubernetesObject): Key {
  return joinKey(object.metadata.namespace, object.metadata.name)
}

export function joinKey(namespace: string | undefined, name: string): Key {
  return namespace === undefined ? name : `${namespace}/${name}`
}

/** The object that a key names, if it exists. */
export function lookUp<T extends KubernetesObject>(client: Client, kind: Kind<T>, key: Key): T | undefined {
  const slash = key.indexOf('/')
  return slash < 0 ? client.get(kind, key) : client.get(kind, key.slice(slash + 1), key.slice(0, slash))
}

/** RFC 3339 in whole seconds. */
export function toTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** Keys that wait for their turn: each at most once, retried with growing delays while the API server refuses. */
class WorkQueue {
  readonly #clock: Clock
  readonly #work: (key: Key) => void
  #waiting = new Set<Key>()
  readonly #later = new Map<Key, Timer>()
  readonly #failures = new Map<Key, number>()
  #isScheduled = false

  constructor(clock: Clock, work: (key: Key) => void) {
    this.#clock = clock
    this.#work = work
  }

  add(key: Key, delay = 0): void {
    if (delay <= 0) {
      this.#waiting.add(key)
      if (this.#isScheduled) return
      this.#isScheduled = true
      this.#clock.after(reaction, () => this.#run())
      return
    }
    const planned = this.#later.get(key)
    if (planned && planned.at <= this.#clock.now + delay) return
    planned?.cancel()
    const timer = this.#clock.after(delay, () => {
      this.#later.delete(key)
      this.add(key)
    })
    this.#later.set(key, timer)
  }

  #run(): void {
    const keys = this.#waiting
    this.#waiting = new Set()
    this.#isScheduled = false
    for (const key of keys) {
      try {
        this.#work(key)
        this.#failures.delete(key)
      } catch (error) {
        if (error instanceof Awaiting) {
          error.start(() => this.add(key))
          continue
        }
        if (!(error instanceof ApiError)) throw error
        const failures = this.#failures.get(key) ?? 0
        this.#failures.set(key, failures + 1)
        this.add(key, Math.min(lastRetry, firstRetry * 2 ** failures))
      }
    }
  }
}
