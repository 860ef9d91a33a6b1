import type { Pod } from '../../cluster/kinds/pod.ts'
import { Failure, PlainFailure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { pathOf } from '../server/resource.ts'
import { attachTo, tellAttached } from './attach.ts'
import { readText } from './text.ts'

/** How a pod that was just made is brought to the foreground. */
export interface Foreground {
  readonly stdin: boolean
  readonly tty: boolean
  readonly isQuiet: boolean
  /** How long the pod may take to run, in milliseconds. */
  readonly timeout: number
}

/** Attaches to a new pod once it runs, or shows the log of one that is already over. */
export async function bringToForeground(invocation: Invocation, made: Pod, foreground: Foreground): Promise<void> {
  const { stdin, isQuiet } = foreground
  const pod = await waitForPod(invocation, made, isReadyOrOver, foreground.timeout)
  if (isOver(pod)) return showLog(invocation, pod)
  const container = pod.spec.containers[0]!.name
  const tty = foreground.tty && invocation.process.stdin.terminal !== undefined
  if (foreground.tty && !tty)
    await invocation.warn('Unable to use a TTY - input is not a terminal or the right kind of file')
  // What the container has printed before somebody listens.
  await showLog(invocation, pod)
  const sinceTime = new Date(invocation.now).toISOString().replace(/\.\d+/, '')
  if (!isQuiet) await tellAttached(invocation, stdin)
  try {
    await attachTo(invocation, pod, container, { stdin, tty })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const { name } = pod.metadata
    await invocation.warn(`warning: couldn't attach to pod/${name}, falling back to streaming logs: ${error.message}`)
    return showLog(invocation, pod, sinceTime)
  }
  if (!stdin || !tty || isQuiet) return
  const command = `kubectl attach ${pod.metadata.name} -c ${container} -n ${pod.metadata.namespace} -i -t`
  await invocation.print(`Session ended, resume using '${command}' command\n`)
}

/** Waits until a pod is over and fails as its first container failed. */
export async function waitForEnd(invocation: Invocation, made: Pod): Promise<void> {
  const { metadata, status } = await waitForPod(invocation, made, isOver)
  if (status.phase === 'Succeeded') return
  const id = `${metadata.namespace}/${metadata.name}`
  const terminated = status.containerStatuses?.[0]?.state?.terminated
  if (!terminated?.exitCode) throw new Failure(`pod ${id} failed with unknown exit code`)
  const { exitCode, reason, message } = terminated
  throw new PlainFailure(`pod ${id} terminated (${reason ?? ''})${message ? `\n${message}` : ''}`, exitCode)
}

function isOver({ status }: Pod): boolean {
  return status.phase === 'Succeeded' || status.phase === 'Failed'
}

function isReadyOrOver(pod: Pod): boolean {
  const isReady = pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
  return isOver(pod) || (pod.status.phase === 'Running' && isReady === true)
}

/** The pod as soon as it is as wanted. `timeout` in milliseconds; without it the wait has no end. */
async function waitForPod(
  invocation: Invocation,
  { metadata }: Pod,
  isWanted: (pod: Pod) => boolean,
  timeout = Number.POSITIVE_INFINITY,
): Promise<Pod> {
  const { name, namespace } = metadata
  const { api, process } = invocation
  const { clock } = process.kernel
  const end = clock.now + timeout
  const resource = (await invocation.resources()).ofKind('v1', 'Pod')
  const fieldSelector = `metadata.name=${name}`
  for (;;) {
    const list = await api.list(resource, namespace, { fieldSelector })
    const pod = list.items[0] as Pod | undefined
    if (!pod) throw new Failure(`pods "${name}" not found`)
    if (isWanted(pod)) return pod
    const watch = await api.watch(pathOf(resource, namespace), {
      query: { fieldSelector, resourceVersion: list.metadata.resourceVersion },
    })
    try {
      for (;;) {
        const event = await watch.next(Math.min(end - clock.now, longestWatch))
        if (clock.now >= end) throw new Failure('timed out waiting for the condition')
        if (!event) break
        if (event.type === 'DELETED') throw new Failure(`pods "${name}" not found`)
        const seen = event.object as unknown as Pod
        if (isWanted(seen)) return seen
      }
    } finally {
      watch.close()
    }
  }
}

/** After this time, in milliseconds, a watch is opened anew. */
const longestWatch = 600_000

async function showLog(invocation: Invocation, { metadata, spec }: Pod, sinceTime?: string): Promise<void> {
  const { name, namespace } = metadata
  const { stream } = await invocation.api.request('GET', `/api/v1/namespaces/${namespace}/pods/${name}/log`, {
    query: { container: spec.containers[0]!.name, sinceTime },
  })
  if (!stream) return
  // In one piece: a reader that leaves after a few lines finds the rest already written.
  let log = ''
  for await (const text of readText(invocation.process, stream)) log += text
  await invocation.print(log)
}
