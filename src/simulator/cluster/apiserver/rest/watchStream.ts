import type { Timer } from '../../../clock.ts'
import { ApiError } from '../../api/error.ts'
import type { KubernetesObject } from '../../api/object.ts'
import type { ApiStream, Change } from '../../client.ts'
import { apiVersionOf } from '../../kinds/kind.ts'
import type { Store } from '../store.ts'
import type { Selection } from './selection.ts'

/** Turns what happens into what the client wants to see of it; `isFirst` tells tables to bring their columns. */
export interface WatchForm {
  change(object: KubernetesObject, isFirst: boolean): unknown
  bookmark(object: KubernetesObject): unknown
}

// How often a client that wants bookmarks gets one, in milliseconds.
const bookmarkPause = 60_000

/** A watch: what is there already or has happened since a revision, and then every change. */
export class WatchStream implements ApiStream {
  readonly #store: Store
  readonly #selection: Selection
  readonly #form: WatchForm
  readonly #waiting: unknown[] = []
  #receive: ((data: unknown, channel: number) => void) | undefined
  #onEnd: ((status?: unknown) => void) | undefined
  #isFirst = true
  #isOver = false
  #stop = () => {}
  #end: Timer | undefined
  #next: Timer | undefined

  constructor(store: Store, selection: Selection, query: Readonly<Record<string, string>>, form: WatchForm) {
    this.#selection = selection
    this.#form = form
    this.#store = store
    const { storage } = store
    const revision = Number(query['resourceVersion'] ?? 0)
    const wantsAll = query['sendInitialEvents'] === 'true'
    if (revision > 0 && !wantsAll) {
      const missed = storage.changesSince(selection.kind, revision)
      if (!missed) {
        const { status } = ApiError.expired(`too old resource version: ${revision} (${storage.revision})`)
        this.#send({ type: 'ERROR', object: status })
        this.#isOver = true
        return
      }
      for (const { change } of missed) this.#tell(change)
    } else for (const object of selection.find(storage)) this.#event('ADDED', object)
    if (wantsAll) this.#bookmark({ 'k8s.io/initial-events-end': 'true' })
    const stops = [
      storage.watch(selection.kind, ({ change }) => this.#tell(change)),
      storage.onRemoval(selection.kind, () => this.close()),
    ]
    this.#stop = () => {
      for (const stop of stops) stop()
    }
    const seconds = Number(query['timeoutSeconds'] ?? 0)
    if (seconds > 0) this.#end = store.after(seconds * 1000, () => this.close())
    if (query['allowWatchBookmarks'] === 'true') this.#bookmarkLater()
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
    this.#end?.cancel()
    this.#next?.cancel()
    this.#onEnd?.()
  }

  /** What a selector no longer matches is gone for this client, and what it matches from now on is new. */
  #tell({ type, object, previous }: Change): void {
    const matches = type !== 'DELETED' && this.#selection.matches(object)
    const matched = previous !== undefined && this.#selection.matches(previous)
    if (matches) this.#event(matched ? 'MODIFIED' : 'ADDED', object)
    else if (matched) this.#event('DELETED', type === 'DELETED' ? object : asOf(previous, object))
  }

  #event(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubernetesObject): void {
    this.#send({ type, object: this.#form.change(object, this.#isFirst) })
    this.#isFirst = false
  }

  /** From time to time the client learns how far it has seen, so that it can go on from there. */
  #bookmarkLater(): void {
    this.#next = this.#store.after(bookmarkPause, () => {
      this.#bookmark()
      this.#bookmarkLater()
    })
  }

  #bookmark(annotations?: Readonly<Record<string, string>>): void {
    const { kind } = this.#selection
    const resourceVersion = String(this.#store.storage.revision)
    const metadata = { resourceVersion, creationTimestamp: null, ...(annotations && { annotations }) }
    const object = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata } as unknown as KubernetesObject
    this.#send({ type: 'BOOKMARK', object: this.#form.bookmark(object) })
  }

  #send(event: unknown): void {
    if (this.#receive) this.#receive(event, 1)
    else this.#waiting.push(event)
  }
}

/** What was there before, with the revision at which it ceased to be there for this client. */
function asOf(previous: KubernetesObject, { metadata: { resourceVersion } }: KubernetesObject): KubernetesObject {
  return { ...previous, metadata: { ...previous.metadata, resourceVersion } }
}
