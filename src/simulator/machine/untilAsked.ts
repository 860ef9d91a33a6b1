import type { Process } from './program.ts'

/** Waits until a program is asked to end, by SIGTERM or SIGINT; the answer is the signal's name. */
export function untilAsked(process: Process): Promise<string> {
  return process.wait<string>(wake => {
    for (const signal of ['SIGTERM', 'SIGINT']) process.onSignal(signal, () => wake(signal))
  })
}
