import type { Process, Writable } from './program.ts'

/** Text that can be added from anywhere, also by functions that cannot wait; it is written in order. */
export class LineOutput {
  readonly #process: Process
  readonly #stream: Writable
  readonly #lines: string[] = []
  #isWriting = false

  constructor(process: Process, stream: Writable) {
    this.#process = process
    this.#stream = stream
  }

  write(line: string): void {
    this.#lines.push(line)
    if (this.#isWriting) return
    this.#isWriting = true
    this.#process.thread(() => this.#flush())
  }

  async #flush(): Promise<void> {
    while (this.#lines.length > 0) await this.#stream.write(this.#lines.splice(0).join(''))
    this.#isWriting = false
  }
}
