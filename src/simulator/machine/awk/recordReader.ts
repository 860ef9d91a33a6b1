import type { Readable } from '../program.ts'

/** Reads a stream record by record, as the records come. */
export class RecordReader {
  readonly #stream: Readable
  readonly #isOwn: boolean
  #rest = ''
  #isAtEnd = false

  /** A stream of its own is closed with the reader. */
  constructor(stream: Readable, isOwn: boolean) {
    this.#stream = stream
    this.#isOwn = isOwn
  }

  /** The next record, up to a character, an empty line for '', or a regular expression; undefined at the end. */
  async read(separator: string): Promise<string | undefined> {
    const pattern = separator === '' ? /\n\n+/ : separator.length > 1 ? new RegExp(separator) : undefined
    for (;;) {
      if (separator === '') this.#rest = this.#rest.replace(/^\n+/, '')
      const found = pattern ? pattern.exec(this.#rest) : undefined
      const at = pattern ? (found?.index ?? -1) : this.#rest.indexOf(separator)
      if (at >= 0) {
        const record = this.#rest.slice(0, at)
        this.#rest = this.#rest.slice(at + (found?.[0].length ?? 1))
        return record
      }
      const piece = this.#isAtEnd ? undefined : await this.#stream.read()
      if (piece !== undefined) this.#rest += piece
      else {
        this.#isAtEnd = true
        const record = separator === '' ? this.#rest.replace(/\n$/, '') : this.#rest
        this.#rest = ''
        return record === '' ? undefined : record
      }
    }
  }

  close(): void {
    if (this.#isOwn) this.#stream.close()
  }
}
