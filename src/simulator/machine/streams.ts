import type { Kernel } from './kernel.ts'
import type { Process, Readable, Writable } from './program.ts'
import type { Terminal } from './terminal.ts'

/** An open source of text that several processes may hold: nothing here waits, so it works from any code. */
export interface Input {
  /** The next piece, undefined at the end, null when there is nothing yet. */
  take(process?: Process): string | undefined | null
  /** Calls back once when taking is worth another try. */
  whenReady(wake: () => void): void
  /** Puts text back in front. */
  unread(text: string): void
  /** One holder more. */
  retain(): void
  /** One holder less; the last one closes. */
  release(): void
  readonly terminal?: Terminal | undefined
}

/** An open destination of text that several processes may hold. */
export interface Output {
  /** Takes what there is room for and gives the rest back. Throws `BrokenPipe` when nobody will ever read. */
  put(text: string, process?: Process): string
  /** Calls back once when putting is worth another try. */
  whenRoom(wake: () => void): void
  retain(): void
  release(): void
  readonly terminal?: Terminal | undefined
}

/** What a file descriptor number stands for. */
export type Descriptor = Input | Output

/** Nobody reads from the other end any more. */
export class BrokenPipe extends Error {}

/** Those who wait for something to happen to a stream. */
export class Waiters {
  #waiting: (() => void)[] = []

  add(wake: () => void): void {
    this.#waiting.push(wake)
  }

  wake(): void {
    if (this.#waiting.length === 0) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }
}

/** As many characters as a pipe holds before its writer has to wait. */
const pipeLength = 65_536

/** Moving this much through a pipe takes a millisecond, so that endless streams let time pass. */
const charactersPerMillisecond = 1 << 20

/** A pipe: what goes into `writer` comes out of `reader`. Both ends begin with one holder. */
export class Pipe {
  readonly reader: PipeReader
  readonly writer: PipeWriter
  readonly kernel: Kernel
  readonly changed = new Waiters()
  text = ''
  moved = 0
  isBusyUntil = 0
  readers = 1
  writers = 1

  constructor(kernel: Kernel) {
    this.kernel = kernel
    this.reader = new PipeReader(this)
    this.writer = new PipeWriter(this)
  }

  get isBusy(): boolean {
    return this.kernel.clock.now < this.isBusyUntil
  }

  /** Puts text in however much is there already: for code that can't wait. */
  push(text: string): void {
    if (this.readers === 0 || text === '') return
    this.text += text
    this.changed.wake()
  }

  /** Lets go of the writing end. */
  end(): void {
    this.writer.close()
  }
}

/** The end of a pipe that text comes out of. */
class PipeReader implements Input, Readable {
  readonly pipe: Pipe

  constructor(pipe: Pipe) {
    this.pipe = pipe
  }

  take(): string | undefined | null {
    const pipe = this.pipe
    if (pipe.isBusy) return null
    if (pipe.text === '') return pipe.writers === 0 ? undefined : null
    const text = pipe.text
    pipe.text = ''
    pipe.moved += text.length
    if (pipe.moved >= charactersPerMillisecond) {
      pipe.moved = 0
      pipe.isBusyUntil = pipe.kernel.clock.now + 1
    }
    pipe.changed.wake()
    return text
  }

  whenReady(wake: () => void): void {
    if (this.pipe.isBusy) this.pipe.kernel.clock.after(this.pipe.isBusyUntil - this.pipe.kernel.clock.now, wake)
    else this.pipe.changed.add(wake)
  }

  read(): Promise<string | undefined> {
    return readThrough(this.pipe.kernel, this)
  }

  unread(text: string): void {
    this.pipe.text = text + this.pipe.text
  }

  retain(): void {
    this.pipe.readers++
  }

  release(): void {
    if (--this.pipe.readers > 0) return
    this.pipe.text = ''
    this.pipe.changed.wake()
  }

  close(): void {
    this.release()
  }
}

/** The end of a pipe that text goes into. */
class PipeWriter implements Output, Writable {
  readonly pipe: Pipe

  constructor(pipe: Pipe) {
    this.pipe = pipe
  }

  put(text: string): string {
    const pipe = this.pipe
    if (pipe.readers <= 0) throw new BrokenPipe()
    const room = pipeLength - pipe.text.length
    if (room <= 0) return text
    const end = text.length <= room ? text.length : wholeCharacters(text, room)
    pipe.text += end === text.length ? text : text.slice(0, end)
    pipe.changed.wake()
    return end === text.length ? '' : text.slice(end)
  }

  whenRoom(wake: () => void): void {
    this.pipe.changed.add(wake)
  }

  write(text: string): Promise<void> {
    return writeThrough(this.pipe.kernel, this, text)
  }

  retain(): void {
    this.pipe.writers++
  }

  release(): void {
    if (--this.pipe.writers === 0) this.pipe.changed.wake()
  }

  close(): void {
    this.release()
  }
}

/** A given text as a stream: here-documents, bodies of requests. */
export class TextSource implements Input, Readable {
  #text: string

  constructor(text: string) {
    this.#text = text
  }

  take(): string | undefined {
    const text = this.#text
    this.#text = ''
    return text === '' ? undefined : text
  }

  async read(): Promise<string | undefined> {
    return this.take()
  }

  unread(text: string): void {
    this.#text = text + this.#text
  }

  whenReady(wake: () => void): void {
    wake()
  }

  retain(): void {}
  release(): void {}
  close(): void {}
}

/** Hands everything that is written to a function at once: logs, answers, screens. */
export class TextSink implements Output, Writable {
  readonly #onText: (text: string) => void
  /** Called when the last process that holds it has let go. */
  readonly #onClose: (() => void) | undefined
  #holders = 0

  constructor(onText: (text: string) => void, onClose?: () => void) {
    this.#onText = onText
    this.#onClose = onClose
  }

  put(text: string): string {
    if (text !== '') this.#onText(text)
    return ''
  }

  async write(text: string): Promise<void> {
    this.put(text)
  }

  whenRoom(wake: () => void): void {
    wake()
  }

  retain(): void {
    this.#holders++
  }

  release(): void {
    if (--this.#holders === 0) this.#onClose?.()
  }

  close(): void {
    if (this.#holders === 0) this.#onClose?.()
  }
}

/** What keeps a coroutine waiting: the kernel's `wait`, or a process'. */
interface Waiting {
  wait<T>(register: (wake: (value: T) => void) => void): Promise<T>
}

/** Waits for the next piece of an input. */
export async function readThrough(by: Waiting, input: Input, process?: Process): Promise<string | undefined> {
  for (;;) {
    const piece = input.take(process)
    if (piece !== null) return piece
    await by.wait<void>(wake => input.whenReady(wake))
  }
}

/** Waits until an output has taken all of a text. */
export async function writeThrough(by: Waiting, output: Output, text: string, process?: Process): Promise<void> {
  for (let rest = output.put(text, process); rest !== ''; rest = output.put(rest, process)) {
    await by.wait<void>(wake => output.whenRoom(wake))
  }
}

/** A length not over `limit` that does not cut a surrogate pair. */
function wholeCharacters(text: string, limit: number): number {
  const unit = text.charCodeAt(limit - 1)
  return limit > 1 && unit >= 0xd800 && unit <= 0xdbff ? limit - 1 : limit
}
