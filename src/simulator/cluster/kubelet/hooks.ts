import type { LifecycleHandler } from 'kubernetes-types/core/v1'
import type { Process } from '../../machine/program.ts'
import type { Container } from './container.ts'
import { runInContainer } from './execution.ts'
import { type ProbeTarget, runProbe } from './probe.ts'
import type { Steps } from './steps.ts'

// A hook over HTTP may take as long as it likes, within the grace period.
const patience = 3600

/** Runs a container's postStart or preStop hook; gives what the event says when it fails. */
export function* runHook(
  kubelet: Process,
  hook: LifecycleHandler,
  target: ProbeTarget,
  kind: 'PostStartHook' | 'PreStopHook',
): Steps<string | undefined> {
  if (hook.sleep) {
    yield (hook.sleep.seconds ?? 0) * 1000
    return undefined
  }
  if (hook.exec) return yield* runCommand(target.container, hook.exec.command ?? [], kind)
  if (!hook.httpGet) return `${kind} failed: invalid handler: tcpSocket hooks are not simulated here`
  const { httpGet } = hook
  let failure: string | undefined
  yield resume =>
    kubelet.thread(async () => {
      const result = await runProbe(kubelet, { httpGet, timeoutSeconds: patience }, target)
      // Any answer will do: only a request that cannot be made counts as a failure.
      if (result.outcome !== 'success' && !result.message.startsWith('HTTP probe failed')) failure = `${kind} failed`
      resume()
    })
  return failure
}

function* runCommand(container: Container, command: readonly string[], kind: string): Steps<string | undefined> {
  let output = ''
  let status: number | undefined
  let refusal: string | undefined
  yield resume => {
    const started = runInContainer(container, command, {
      onOutput(text) {
        output += text
      },
      onExit(exit) {
        status = exit
        resume()
      },
    })
    if (typeof started === 'string') {
      refusal = started
      resume()
    }
  }
  if (status === 0) return undefined
  const words = command.map(word => word).join(' ')
  if (refusal !== undefined)
    return `${kind} failed: rpc error: code = Unknown desc = failed to exec in container: ${refusal}`
  return `Exec lifecycle hook (${JSON.stringify(command).replaceAll(',', ' ')}) for Container "${container.name}" in Pod failed - error: command '${words}' exited with ${status}: ${output}, message: ${JSON.stringify(output)}`
}
