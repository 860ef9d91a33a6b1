import type { Pod } from '../../cluster/kinds/pod.ts'
import { Failure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { attachTo, tellAttached } from '../streams/attach.ts'
import type { RemoteStreams } from '../streams/remote.ts'
import { readText } from '../streams/text.ts'
import type { Debugger } from './debugger.ts'

const pollInterval = 250

/** Waits until the debugging container runs and attaches to it; one that is over already shows what it printed. */
export async function attachToDebugger(
  invocation: Invocation,
  { pod, container }: Debugger,
  streams: RemoteStreams,
  isQuiet: boolean,
): Promise<void> {
  const { api, process } = invocation
  const { name, namespace } = pod.metadata
  const resource = (await invocation.resources()).named('pods')
  if (!isQuiet) await tellAttached(invocation, streams.stdin)
  for (let told = ''; ; ) {
    const current = (await api.get(resource, namespace, name)) as unknown as Pod
    const state = stateOf(current, container)
    if (state?.running) break
    if (state?.terminated) return showLog(invocation, current, container)
    const { reason, message = '' } = state?.waiting ?? {}
    if (message && message !== told && reason !== 'ContainerCreating') {
      await invocation.warn(`Warning: container ${container}: ${message}`)
      told = message
    }
    await process.sleep(pollInterval)
  }
  try {
    await attachTo(invocation, pod, container, streams)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    await invocation.warn(`warning: couldn't attach to pod/${name}, falling back to streaming logs: ${error.message}`)
    await showLog(invocation, pod, container)
  }
}

function stateOf({ status }: Pod, container: string) {
  const all = [...(status.containerStatuses ?? []), ...(status.ephemeralContainerStatuses ?? [])]
  return all.find(({ name }) => name === container)?.state
}

async function showLog({ api, process }: Invocation, { metadata }: Pod, container: string): Promise<void> {
  const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/log`
  const { stream } = await api.request('GET', path, { query: { container } })
  if (!stream) return
  for await (const text of readText(process, stream)) await process.write(text)
}
