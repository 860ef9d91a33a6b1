import type { ApiStream } from '../../cluster/client.ts'
import type { Process } from '../../machine/program.ts'
import type { AnyObject } from './object.ts'

/** One thing that happened to an object, or to the table that shows it. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  readonly object: AnyObject
}

/** A stream of changes that a coroutine reads one by one. */
export class Watch {
  readonly #stream: ApiStream
  readonly #process: Process
  readonly #events: WatchEvent[] = []
  #isOver = false
  #wake: (() => void) | undefined

  constructor(stream: ApiStream, process: Process) {
    this.#stream = stream
    this.#process = process
    stream.onData(data => {
      this.#events.push(data as WatchEvent)
      this.#wake?.()
    })
    stream.onEnd(() => {
      this.#isOver = true
      this.#wake?.()
    })
    process.onExit(() => this.close())
  }

  /** The next change; undefined when the stream is over or `limit` milliseconds have passed. */
  async next(limit?: number): Promise<WatchEvent | undefined> {
    if (this.#events.length === 0 && !this.#isOver) {
      const register = (wake: (value: true) => void) => {
        this.#wake = () => wake(true)
      }
      if (limit === undefined) await this.#process.wait(register)
      else await this.#process.waitFor(limit, register)
      this.#wake = undefined
    }
    return this.#events.shift()
  }

  /** The changes until the stream is over or `limit` milliseconds have passed. */
  async *changes(limit?: number): AsyncGenerator<WatchEvent> {
    const { clock } = this.#process.kernel
    const end = limit === undefined ? undefined : clock.now + limit
    const left = () => (end === undefined ? undefined : Math.max(0, end - clock.now))
    for (let event = await this.next(left()); event; event = await this.next(left())) yield event
    this.close()
  }

  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#stream.close()
  }
}
