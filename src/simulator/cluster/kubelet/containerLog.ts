/** One line of a container's log, as container runtimes keep it. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly stream: 'stdout' | 'stderr'
  /** Without the newline. */
  readonly text: string
  /** Whether the program ended before it finished the line. */
  readonly isPartial: boolean
}

// Real logs are rotated at 10 MiB; what is older is then no longer shown.
const limit = 10 * 1024 * 1024

/** What a container has written, line by line. */
export class ContainerLog {
  readonly #now: () => number
  #lines: LogLine[] = []
  #size = 0
  #isClosed = false
  readonly #open = { stdout: '', stderr: '' }
  readonly #listeners = new Set<() => void>()
  /** Lines that rotation has taken away. */
  dropped = 0

  constructor(now: () => number) {
    this.#now = now
  }

  get lines(): readonly LogLine[] {
    return this.#lines
  }

  /** Whether nothing more will come. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  write(stream: 'stdout' | 'stderr', text: string): void {
    const pieces = (this.#open[stream] + text).split('\n')
    this.#open[stream] = pieces.pop()!
    for (const piece of pieces) this.#add({ at: this.#now(), stream, text: piece, isPartial: false })
    if (pieces.length > 0) this.#tell()
  }

  /** Keeps what stands there without a newline, and ends the log. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const stream of ['stdout', 'stderr'] as const)
      if (this.#open[stream] !== '') this.#add({ at: this.#now(), stream, text: this.#open[stream], isPartial: true })
    this.#tell()
  }

  /** Calls back whenever there is more, or the end. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** The last part of what was written, for termination messages: at most 80 lines and 2048 bytes. */
  tail(): string {
    const text = this.#lines
      .slice(-80)
      .map(line => line.text + (line.isPartial ? '' : '\n'))
      .join('')
    return text.slice(-2048)
  }

  #add(line: LogLine): void {
    this.#lines.push(line)
    this.#size += line.text.length + 1
    if (this.#size <= limit) return
    const half = Math.ceil(this.#lines.length / 2)
    this.dropped += half
    this.#lines = this.#lines.slice(half)
    this.#size = this.#lines.reduce((sum, each) => sum + each.text.length + 1, 0)
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}
