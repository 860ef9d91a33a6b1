import type { Pod } from '../../cluster/kinds/pod.ts'
import { bytesOf, textOf } from '../../machine/bytes.ts'
import { Failure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { chosenContainer } from '../streams/chosenContainer.ts'
import { sessionFailure } from '../streams/remote.ts'
import { openSession } from '../streams/session.ts'

/** A command in a container of a pod. */
export interface RemoteCommand {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly command: readonly string[]
  /** Sent on its stdin. */
  readonly input?: Uint8Array
  /** Whether nothing of it may show on the terminal. */
  readonly isQuiet?: boolean
}

/** What a command printed, and how it failed. */
export interface RemoteResult {
  readonly output: Uint8Array
  readonly problem: Failure | undefined
}

/** Runs a command in a container, showing what it says on stderr. */
export async function runRemotely(invocation: Invocation, remote: RemoteCommand): Promise<RemoteResult> {
  const { api, process } = invocation
  const isQuiet = remote.isQuiet ?? false
  const pods = (await invocation.resources()).ofKind('v1', 'Pod')
  const pod = (await api.get(pods, remote.namespace, remote.pod)) as unknown as Pod
  const { phase = '' } = pod.status
  if (phase === 'Succeeded' || phase === 'Failed') {
    throw new Failure(`cannot exec into a container in a completed pod; current phase is ${phase}`)
  }
  const container = await chosenContainer(invocation, pod, remote.container, isQuiet)
  const stream = await openSession(invocation, `/api/v1/namespaces/${remote.namespace}/pods/${remote.pod}/exec`, {
    query: { container, ...(remote.input && { stdin: 'true' }), stdout: 'true', stderr: 'true' },
    repeated: { command: remote.command },
  })
  const forget = process.onExit(() => stream.close())
  let output = ''
  const complaints: string[] = []
  const result = await process.wait<unknown>(wake => {
    stream.onData((data, channel) => {
      if (channel === 1) output += typeof data === 'string' ? data : textOf(data as Uint8Array)
      else if (channel === 2) complaints.push(String(data))
    })
    stream.onEnd(wake)
    if (remote.input) {
      stream.send(textOf(remote.input), 0)
      stream.send(undefined, 0)
    }
  })
  forget()
  if (!isQuiet) for (const complaint of complaints) await process.stderr.write(complaint)
  return { output: bytesOf(output), problem: sessionFailure(result) }
}
