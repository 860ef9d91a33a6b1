import { ApiError } from '../../api/error.ts'
import type { KubernetesObject } from '../../api/object.ts'
import type { ApiStream, Change } from '../../client.ts'
import type { Store } from '../store.ts'
import type { Selection } from './selection.ts'

/** Turns an object into what the client wants to see of it; `isFirst` tells tables to bring their columns. */
export type Presentation = (object: KubernetesObject, isFirst: boolean) => unknown

/** A watch: what is there already or has happened since a revision, and then every change. */
export class WatchStream implements ApiStream {
  readonly #selection: Selection
  readonly #present: Presentation
  readonly #waiting: unknown[] = []
  #receive: ((data: unknown, channel: number) => void) | undefined
  #onEnd: ((status?: unknown) => void) | undefined
  #isFirst = true
  #isOver = false
  #stop = () => {}

  constructor(store: Store, selection: Selection, query: Readonly<Record<string, string>>, present: Presentation) {
    this.#selection = selection
    this.#present = present
    const { storage } = store
    const revision = Number(query['resourceVersion'] ?? 0)
    if (revision > 0) {
      const missed = storage.changesSince(selection.kind, revision)
      if (!missed) {
        const { status } = ApiError.expired(`too old resource version: ${revision} (${storage.revision})`)
        this.#send({ type: 'ERROR', object: status })
        this.#isOver = true
        return
      }
      for (const { change } of missed) this.#tell(change)
    } else for (const object of selection.find(storage)) this.#event('ADDED', object)
    if (query['sendInitialEvents'] === 'true') this.#bookmark(storage.revision)
    this.#stop = storage.watch(selection.kind, ({ change }) => this.#tell(change))
  }

  onData(receive: (data: unknown, channel: number) => void): void {
    this.#receive = receive
    for (const event of this.#waiting.splice(0)) receive(event, 1)
    if (this.#isOver) this.#onEnd?.()
  }

  onEnd(receive: (status?: unknown) => void): void {
    this.#onEnd = receive
    if (this.#isOver && this.#waiting.length === 0) receive()
  }

  send(): void {}

  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#stop()
    this.#onEnd?.()
  }

  /** What a selector no longer matches is gone for this client, and what it matches from now on is new. */
  #tell({ type, object, previous }: Change): void {
    const matches = type !== 'DELETED' && this.#selection.matches(object)
    const matched = previous !== undefined && this.#selection.matches(previous)
    if (matches) this.#event(matched ? 'MODIFIED' : 'ADDED', object)
    else if (matched) this.#event('DELETED', object)
  }

  #event(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubernetesObject): void {
    this.#send({ type, object: this.#present(object, this.#isFirst) })
    this.#isFirst = false
  }

  #bookmark(revision: number): void {
    const { kind } = this.#selection
    const annotations = { 'k8s.io/initial-events-end': 'true' }
    const metadata = { resourceVersion: String(revision), creationTimestamp: null, annotations }
    this.#send({ type: 'BOOKMARK', object: { kind: kind.kind, apiVersion: kind.version, metadata } })
  }

  #send(event: unknown): void {
    if (this.#receive) this.#receive(event, 1)
    else this.#waiting.push(event)
  }
}
