import type { Clock } from '../../../clock.ts'

// memberlist suspects a member that does not answer, and declares it dead a little later.
const suspicion = 3000

/** Which speakers are alive, as they tell each other by gossip. */
// Simplified: the gossip itself, on port 7946, is not sent.
export class Members {
  readonly #clock: Clock
  readonly #alive = new Map<string, symbol>()
  readonly #listeners = new Set<() => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get names(): readonly string[] {
    return [...this.#alive.keys()]
  }

  /** A speaker joins; the answer is for its end, which the others notice after a while. */
  join(name: string, onChange: () => void): () => void {
    const own = Symbol(name)
    this.#alive.set(name, own)
    this.#tell()
    this.#listeners.add(onChange)
    return () => {
      this.#listeners.delete(onChange)
      this.#clock.after(suspicion, () => {
        if (this.#alive.get(name) !== own) return
        this.#alive.delete(name)
        this.#tell()
      })
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
