import type { Mistake } from './words.ts'

/** Thrown for a command line that cannot be followed. */
export class Refusal extends Error {
  readonly mistake: Mistake
  constructor(mistake: Mistake) {
    super(mistake.kind)
    this.mistake = mistake
  }
}
