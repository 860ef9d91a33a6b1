import type { Kernel } from './kernel.ts'
import type { Readable, Writable } from './program.ts'
import { type Input, type Output, Waiters } from './streams.ts'

/** The input behind a readable stream, so that a process may hold it and be interrupted while it reads. */
export function inputOf(readable: Readable, kernel: Kernel): Input {
  return 'take' in readable ? (readable as unknown as Input) : new ForeignInput(readable, kernel)
}

/** The output behind a writable stream. */
export function outputOf(writable: Writable, kernel: Kernel): Output {
  return 'put' in writable ? (writable as unknown as Output) : new ForeignOutput(writable, kernel)
}

/** Reads ahead one piece from a stream that can only be awaited. */
class ForeignInput implements Input {
  readonly #readable: Readable
  readonly #kernel: Kernel
  readonly #ready = new Waiters()
  #text = ''
  #isReading = false
  #isAtEnd = false
  #holders = 0

  constructor(readable: Readable, kernel: Kernel) {
    this.#readable = readable
    this.#kernel = kernel
  }

  get terminal() {
    return this.#readable.terminal
  }

  take(): string | undefined | null {
    const text = this.#text
    this.#text = ''
    if (text !== '') return text
    return this.#isAtEnd ? undefined : null
  }

  whenReady(wake: () => void): void {
    this.#ready.add(wake)
    if (this.#isReading) return
    this.#isReading = true
    this.#kernel.start(async () => {
      const text = await this.#readable.read()
      this.#isReading = false
      if (text === undefined) this.#isAtEnd = true
      else this.#text += text
      this.#ready.wake()
    })
  }

  unread(text: string): void {
    this.#text = text + this.#text
  }

  retain(): void {
    this.#holders++
  }

  release(): void {
    if (--this.#holders === 0) this.#readable.close()
  }
}

/** Writes one piece at a time to a stream that can only be awaited. */
class ForeignOutput implements Output {
  readonly #writable: Writable
  readonly #kernel: Kernel
  readonly #room = new Waiters()
  #isWriting = false
  #holders = 0

  constructor(writable: Writable, kernel: Kernel) {
    this.#writable = writable
    this.#kernel = kernel
  }

  get terminal() {
    return this.#writable.terminal
  }

  put(text: string): string {
    if (this.#isWriting) return text
    this.#isWriting = true
    this.#kernel.start(async () => {
      await this.#writable.write(text)
      this.#isWriting = false
      this.#room.wake()
      if (this.#holders === 0) this.#writable.close()
    })
    return ''
  }

  whenRoom(wake: () => void): void {
    this.#room.add(wake)
  }

  retain(): void {
    this.#holders++
  }

  release(): void {
    if (--this.#holders === 0 && !this.#isWriting) this.#writable.close()
  }
}
