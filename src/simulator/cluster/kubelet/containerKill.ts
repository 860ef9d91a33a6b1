import type { Container } from './container.ts'
import { runHook } from './hooks.ts'
import type { PodState } from './podState.ts'
import { runSteps, type Steps } from './steps.ts'

/** Ends a container: its preStop hook, then its stop signal, then SIGKILL when the grace period (seconds) is over. */
export function* killContainer(
  state: PodState,
  container: Container,
  message: string | undefined,
  grace: number,
): Steps {
  if (!container.isRunning) return
  const { record, clock } = state.work
  const spec = state.specOf(container.name)
  const about = state.about(container)
  record(about, 'Normal', 'Killing', message ?? `Stopping container ${container.name}`)
  const deadline = clock.now + Math.max(grace, 1) * 1000
  const hook = spec?.lifecycle?.preStop
  if (hook && grace > 0) {
    const steps = runHook(state.work.process, hook, state.target(container, spec), 'PreStopHook')
    yield resume => {
      const timer = clock.after(deadline - clock.now, resume)
      runSteps(clock, steps, failed => {
        timer.cancel()
        if (failed !== undefined) record(about, 'Warning', 'FailedPreStopHook', 'PreStopHook failed')
        resume()
      })
    }
  }
  if (!container.isRunning) return
  // A little time is left even when the hook has used it all.
  const patience = Math.max(deadline - clock.now, hook ? 2000 : 1000)
  container.signal(container.settings.stopSignal)
  yield resume => {
    const timer = clock.after(patience, () => container.signal('SIGKILL'))
    container.onExit(() => {
      timer.cancel()
      resume()
    })
  }
}
