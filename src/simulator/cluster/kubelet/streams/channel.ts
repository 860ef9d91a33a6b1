import type { ApiStream } from '../../client.ts'

/** What a channel asks of the kubelet. */
export interface ChannelEnds {
  onSend?(data: unknown, channel: number): void
  onResize?(columns: number, rows: number): void
  /** The other side has gone. */
  onClose?(): void
}

/** The kubelet's end of a stream to a client. What is said before anyone listens is kept. */
export class Channel implements ApiStream {
  readonly #ends: ChannelEnds
  readonly #kept: [data: unknown, channel: number][] = []
  #receive: ((data: unknown, channel: number) => void) | undefined
  #onEnd: ((status?: unknown) => void) | undefined
  #isOver = false
  #status: unknown
  #isClosed = false

  constructor(ends: ChannelEnds) {
    this.#ends = ends
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  onData(receive: (data: unknown, channel: number) => void): void {
    this.#receive = receive
    for (const [data, channel] of this.#kept.splice(0)) receive(data, channel)
  }

  onEnd(receive: (status?: unknown) => void): void {
    this.#onEnd = receive
    if (this.#isOver) receive(this.#status)
  }

  send(data: unknown, channel = 0): void {
    if (!this.#isOver && !this.#isClosed) this.#ends.onSend?.(data, channel)
  }

  resize(columns: number, rows: number): void {
    this.#ends.onResize?.(columns, rows)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#ends.onClose?.()
  }

  /** Hands something to the client. */
  emit(data: unknown, channel = 1): void {
    if (this.#isClosed || this.#isOver) return
    if (this.#receive) this.#receive(data, channel)
    else this.#kept.push([data, channel])
  }

  /** Says that nothing more will come. */
  end(status?: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#status = status
    if (!this.#isClosed) this.#onEnd?.(status)
  }
}
