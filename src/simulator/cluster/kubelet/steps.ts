import type { Clock, Timer } from '../../clock.ts'

/** What a step waits for: some milliseconds, or somebody who calls back. */
export type Pause = number | ((resume: () => void) => void)

/** Work that takes simulated time, written as one function that yields where it waits. */
export type Steps<T = void> = Generator<Pause, T, undefined>

/** Work under way. */
export interface Run {
  readonly isOver: boolean
  /** Breaks it off where it waits; `finally` blocks run. */
  stop(): void
}

/** Carries out steps on the clock and hands over what they give. */
export function runSteps<T>(clock: Clock, steps: Steps<T>, onEnd?: (result: T) => void): Run {
  let timer: Timer | undefined
  let isOver = false
  let isStepping = false
  const advance = (): void => {
    timer = undefined
    if (isOver) return
    isStepping = true
    const { done, value } = steps.next()
    isStepping = false
    if (isOver) steps.return(undefined as never)
    else if (done) {
      isOver = true
      onEnd?.(value)
    } else if (typeof value === 'number') timer = clock.after(value, advance)
    else {
      let isResumed = false
      value(() => {
        if (isResumed) return
        isResumed = true
        timer = clock.after(0, advance)
      })
    }
  }
  advance()
  return {
    get isOver() {
      return isOver
    },
    stop() {
      if (isOver) return
      isOver = true
      timer?.cancel()
      if (!isStepping) steps.return(undefined as never)
    },
  }
}

/** Does several things at the same time and waits for all of them. */
export function* together(clock: Clock, all: readonly Steps[]): Steps {
  if (all.length === 1) return yield* all[0]!
  let left = all.length
  if (left === 0) return
  let runs: Run[] = []
  try {
    yield resume => {
      runs = all.map(steps =>
        runSteps(clock, steps, () => {
          if (--left === 0) resume()
        }),
      )
    }
  } finally {
    for (const run of runs) run.stop()
  }
}
