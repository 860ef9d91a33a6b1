import type { Pod } from '../../cluster/kinds/pod.ts'
import { Failure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'

const defaultContainer = 'kubectl.kubernetes.io/default-container'

/** The container that `-c` names, or the default one; says which one that is where there are several. */
export async function chosenContainer(
  invocation: Invocation,
  pod: Pod,
  wanted: string,
  isQuiet: boolean,
): Promise<string> {
  const names = containerNames(pod)
  if (wanted) {
    if (names.some(({ name }) => name === wanted)) return wanted
    throw new Failure(`container ${wanted} is not valid for pod ${pod.metadata.name} out of: ${listOf(names)}`)
  }
  const annotated = pod.metadata.annotations?.[defaultContainer]
  if (annotated && names.some(({ name }) => name === annotated)) return annotated
  const first = pod.spec.containers[0]?.name ?? ''
  if (annotated && !isQuiet)
    await invocation.warn(`Default container name "${annotated}" not found in pod ${pod.metadata.name}`)
  if (names.length > 1 && !isQuiet) await invocation.warn(`Defaulted container "${first}" out of: ${listOf(names)}`)
  return first
}

interface NamedContainer {
  readonly name: string
  readonly mark: string
}

/** Containers as messages list them: the usual ones, then those of other kinds with a mark. */
export function containerNames({ spec }: Pod): NamedContainer[] {
  return [
    ...spec.containers.map(({ name }) => ({ name, mark: '' })),
    ...(spec.ephemeralContainers ?? []).map(({ name }) => ({ name, mark: ' (ephem)' })),
    ...(spec.initContainers ?? []).map(({ name }) => ({ name, mark: ' (init)' })),
  ]
}

function listOf(names: readonly NamedContainer[]): string {
  return names.map(({ name, mark }) => name + mark).join(', ')
}
