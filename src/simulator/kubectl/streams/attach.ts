import type { Pod } from '../../cluster/kinds/pod.ts'
import type { Invocation } from '../invocation.ts'
import { joinStreams, type RemoteStreams } from './remote.ts'
import { openSession } from './session.ts'

/** Joins the process' streams to the first process of a container until it ends or is left. */
export async function attachTo(
  invocation: Invocation,
  pod: Pod,
  container: string,
  streams: RemoteStreams,
): Promise<number> {
  const { name, namespace } = pod.metadata
  const stream = await openSession(invocation, `/api/v1/namespaces/${namespace}/pods/${name}/attach`, {
    query: {
      container,
      ...(streams.stdin ? { stdin: 'true' } : {}),
      stdout: 'true',
      ...(streams.tty ? { tty: 'true' } : { stderr: 'true' }),
    },
  })
  return joinStreams(invocation.process, stream, streams)
}

/** What kubectl says before what the container prints. */
export async function tellAttached(invocation: Invocation, hasInput: boolean): Promise<void> {
  await invocation.warn(
    'All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.',
  )
  if (hasInput) await invocation.warn("If you don't see a command prompt, try pressing enter.")
}
