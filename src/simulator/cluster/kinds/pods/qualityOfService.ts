import type { PodSpec } from 'kubernetes-types/core/v1'
import { Quantity } from '../../api/quantity.ts'

/** Which pods go last when a node runs short: those whose containers ask for exactly what they are limited to. */
export function qualityOfService(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  let isGuaranteed = true
  let asksForAny = false
  for (const { resources } of [...spec.containers, ...(spec.initContainers ?? [])]) {
    const { limits, requests } = resources ?? {}
    for (const name of ['cpu', 'memory']) {
      const limit = amount(limits, name)
      const request = amount(requests, name) ?? limit
      if (limit || request) asksForAny = true
      if (!limit || !request || limit.compare(request) !== 0) isGuaranteed = false
    }
  }
  if (!asksForAny) return 'BestEffort'
  return isGuaranteed ? 'Guaranteed' : 'Burstable'
}

function amount(amounts: Readonly<Record<string, unknown>> | undefined, name: string): Quantity | undefined {
  const text = amounts?.[name]
  if (text === undefined) return undefined
  const quantity = Quantity.parse(String(text))
  return quantity.isZero ? undefined : quantity
}
