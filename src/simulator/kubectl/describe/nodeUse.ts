import type { Container } from 'kubernetes-types/core/v1'
import { formatAge } from '../../cluster/api/age.ts'
import { Quantity } from '../../cluster/api/quantity.ts'
import type { Pod } from '../../cluster/kinds/pod.ts'
import type { Description } from './description.ts'

type Amounts = Map<string, Quantity>

const zero = Quantity.of(0)

/** Writes which pods are on a node and how much of it they ask for. */
export function describeNodeUse(
  pods: readonly Pod[],
  allocatable: Readonly<Record<string, unknown>>,
  text: Description,
  now: number,
): void {
  const available = new Map(Object.entries(allocatable).map(([name, amount]) => [name, Quantity.parse(String(amount))]))
  const share = (name: string, amount: Quantity) => `${amount} (${percent(name, amount, available)}%)`
  text.line(`Non-terminated Pods:\t(${pods.length} in total)`)
  const names = ['CPU Requests', 'CPU Limits', 'Memory Requests', 'Memory Limits', 'Age']
  text.line(`Namespace\tName\t\t${names.join('\t')}`, 1)
  text.line(`---------\t----\t\t${names.map(name => '-'.repeat(name.length)).join('\t')}`, 1)
  const total = { requests: new Map<string, Quantity>(), limits: new Map<string, Quantity>() }
  for (const pod of pods) {
    const requests = podAmounts(pod, 'requests')
    const limits = podAmounts(pod, 'limits')
    addAll(total.requests, requests)
    addAll(total.limits, limits)
    const cells = (['cpu', 'memory'] as const).flatMap(name =>
      [requests, limits].map(amounts => share(name, amounts.get(name) ?? zero)),
    )
    const { namespace, name, creationTimestamp } = pod.metadata
    const age = formatAge(now - Date.parse(creationTimestamp))
    text.line(`${namespace}\t${name}\t\t${[...cells, age].join('\t')}`, 1)
  }
  text.heading('Allocated resources')
  text.line('(Total limits may be over 100 percent, i.e., overcommitted.)', 1)
  text.header(['Resource', 'Requests', 'Limits'])
  const others = [...available.keys()].filter(name => name.startsWith('hugepages-')).sort()
  for (const name of ['cpu', 'memory', 'ephemeral-storage', ...others]) {
    const cells = [total.requests, total.limits].map(amounts => share(name, amounts.get(name) ?? zero))
    text.row([name, ...cells])
  }
}

function percent(name: string, amount: Quantity, available: Amounts): number {
  const all = available.get(name)?.toNumber() ?? 0
  return all === 0 ? 0 : Math.trunc((amount.toNumber() / all) * 100)
}

/** What a pod asks for: its containers and sidecars together, or its hungriest init container. */
function podAmounts({ spec }: Pod, list: 'requests' | 'limits'): Amounts {
  const running = spec.containers.map(container => amountsOf(container, list))
  const sidecars: Amounts[] = []
  const peaks: Amounts[] = []
  for (const container of (spec.initContainers ?? []) as (Container & { restartPolicy?: string })[]) {
    const own = amountsOf(container, list)
    if (container.restartPolicy === 'Always') sidecars.push(own)
    else peaks.push(sum([...sidecars, own]))
  }
  const result = sum([...running, ...sidecars])
  for (const peak of peaks) {
    for (const [name, amount] of peak) {
      if (amount.compare(result.get(name) ?? zero) > 0) result.set(name, amount)
    }
  }
  return result
}

function amountsOf({ resources }: Container, list: 'requests' | 'limits'): Amounts {
  return new Map(
    Object.entries(resources?.[list] ?? {}).map(([name, amount]) => [name, Quantity.parse(String(amount))]),
  )
}

function sum(all: readonly Amounts[]): Amounts {
  const total: Amounts = new Map()
  for (const amounts of all) addAll(total, amounts)
  return total
}

function addAll(total: Amounts, amounts: Amounts): void {
  for (const [name, amount] of amounts) total.set(name, (total.get(name) ?? zero).plus(amount))
}
