import type { ContainerPort } from 'kubernetes-types/core/v1'
import type { Pod } from '../../kinds/pod.ts'
import { defineFilter } from '../filter.ts'

/** Two pods on a node cannot have the same host port. */
export const nodePorts = defineFilter<readonly ContainerPort[]>({
  name: 'NodePorts',
  prepare(pod) {
    const prepared = hostPorts(pod)
    return { skip: prepared.length === 0, prepared }
  },
  check(_, { pods }, wanted) {
    for (const other of pods.values())
      for (const taken of hostPorts(other))
        if (wanted.some(port => conflicts(port, taken)))
          return {
            reasons: ["node(s) didn't have free ports for the requested pod ports"],
            isHelpedByEviction: true,
          }
    return undefined
  },
})

function hostPorts({ spec }: Pod): ContainerPort[] {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')
  return [...spec.containers, ...sidecars].flatMap(({ ports }) => (ports ?? []).filter(({ hostPort }) => hostPort))
}

function conflicts(a: ContainerPort, b: ContainerPort): boolean {
  return a.hostPort === b.hostPort && (a.protocol ?? 'TCP') === (b.protocol ?? 'TCP') && overlaps(a.hostIP, b.hostIP)
}

function overlaps(a: string | undefined, b: string | undefined): boolean {
  const isAny = (address: string | undefined) => !address || address === '0.0.0.0'
  return isAny(a) || isAny(b) || a === b
}
