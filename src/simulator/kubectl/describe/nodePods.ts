import type { PodSpec } from 'kubernetes-types/core/v1'
import { formatAge } from '../../cluster/api/age.ts'
import { Quantity } from '../../cluster/api/quantity.ts'
import type { Node } from '../../cluster/kinds/node.ts'
import type { Pod } from '../../cluster/kinds/pod.ts'
import type { Description } from './description.ts'

const zero = Quantity.parse('0')

/** Adds the pods of a node that have not ended, with what they ask for, and the sums of it. */
export function describeNodePods(text: Description, node: Node, all: readonly Pod[], now: number): void {
  const pods = all.filter(({ status }) => status.phase !== 'Succeeded' && status.phase !== 'Failed')
  const share = (amount: Quantity, name: string) => {
    const whole = Quantity.parse(String(node.status.allocatable?.[name] ?? '0')).toNumber()
    return `${amount} (${whole === 0 ? 0 : Math.trunc((amount.toNumber() / whole) * 100)}%)`
  }
  text.line(0, `Non-terminated Pods:\t(${pods.length} in total)`)
  text.line(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge')
  text.line(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---')
  for (const { metadata, spec } of pods) {
    const shares = ['cpu', 'memory'].flatMap(name => [
      share(amountOf(spec, 'requests', name), name),
      share(amountOf(spec, 'limits', name), name),
    ])
    const age = formatAge(now - Date.parse(metadata.creationTimestamp))
    text.line(1, `${metadata.namespace}\t${metadata.name}\t\t${shares.join('\t')}\t${age}`)
  }
  text.line(0, 'Allocated resources:')
  text.line(1, '(Total limits may be over 100 percent, i.e., overcommitted.)')
  text.line(1, 'Resource\tRequests\tLimits')
  text.line(1, '--------\t--------\t------')
  const pages = Object.keys(node.status.allocatable ?? {}).filter(name => name.startsWith('hugepages-'))
  for (const name of ['cpu', 'memory', 'ephemeral-storage', ...pages.sort()]) {
    const sum = (kind: 'requests' | 'limits') =>
      pods.reduce((total, { spec }) => total.plus(amountOf(spec, kind, name)), zero)
    text.line(1, `${name}\t${share(sum('requests'), name)}\t${share(sum('limits'), name)}`)
  }
}

/** What a pod asks for: the sum of its containers, or its greediest init container where that is more. */
function amountOf(spec: PodSpec, kind: 'requests' | 'limits', name: string): Quantity {
  const amount = (container: { resources?: { [K in typeof kind]?: Readonly<Record<string, string>> } }) =>
    Quantity.parse(String(container.resources?.[kind]?.[name] ?? '0'))
  const inits = spec.initContainers ?? []
  const sidecars = inits.filter(container => (container as { restartPolicy?: string }).restartPolicy === 'Always')
  const running = [...spec.containers, ...sidecars].reduce((total, container) => total.plus(amount(container)), zero)
  return inits.reduce((most, container) => (amount(container).compare(most) > 0 ? amount(container) : most), running)
}
