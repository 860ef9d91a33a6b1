/** Thrown where an answer from outside is needed first: whoever asked starts the call, and asks again when it is over. */
export class Awaiting extends Error {
  readonly start: (done: () => void) => void

  constructor(start: (done: () => void) => void) {
    super('an answer from outside is awaited')
    this.start = start
  }
}
