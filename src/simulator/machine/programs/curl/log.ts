import type { Process } from '../../program.ts'

/** What `curl -v` tells on stderr while it works. */
export class CurlLog {
  readonly #process: Process
  readonly #isOn: boolean
  /** Whether the body goes to a terminal: then the log does not mention it. */
  readonly #showsBody: boolean
  #hasMentionedData = false

  constructor(process: Process, isOn: boolean, showsBody: boolean) {
    this.#process = process
    this.#isOn = isOn
    this.#showsBody = showsBody
  }

  async note(text: string): Promise<void> {
    await this.#line(`* ${text}`)
  }

  /** The lines of a head that was sent or received. */
  async head(mark: '>' | '<', text: string): Promise<void> {
    for (const line of text.split('\r\n').slice(0, -1)) await this.#line(`${mark} ${line}`)
  }

  /** Bytes of a body that passed: mentioned once until something else is said. */
  async data(mark: '{' | '}', length: number): Promise<void> {
    if (this.#showsBody || this.#hasMentionedData) return
    await this.#line(`${mark} [${length} bytes data]`)
    this.#hasMentionedData = true
  }

  async #line(text: string): Promise<void> {
    if (!this.#isOn) return
    this.#hasMentionedData = false
    await this.#process.stderr.write(`${text}\n`)
  }
}
