import { parseQuantity } from '../../api/quantity.ts'
import type { ApiResponse } from '../../client.ts'

/** What one pod uses of a resource, container by container: in cores or bytes. */
export interface PodLoad {
  readonly containers: ReadonlyMap<string, Readonly<Record<string, number>>>
  /** When it was measured, and over which time: milliseconds. */
  readonly at: number
  readonly window: number
}

interface PodMetrics {
  readonly metadata: { readonly name: string }
  readonly timestamp: string
  readonly window: string
  readonly containers: readonly { readonly name: string; readonly usage: Readonly<Record<string, string>> }[]
}

/** Reads the answer of the metrics API, by pod; a text says why there is none. */
export function readLoads({ status, body }: ApiResponse): ReadonlyMap<string, PodLoad> | string {
  const document = (typeof body === 'string' ? readJson(body) : body) as
    | { readonly items?: readonly PodMetrics[]; readonly message?: string }
    | undefined
  if (status !== 200 || !document?.items)
    return status === 503
      ? 'the server is currently unable to handle the request (get pods.metrics.k8s.io)'
      : 'the server could not find the requested resource (get pods.metrics.k8s.io)'
  return new Map(document.items.map(item => [item.metadata.name, loadOf(item)]))
}

function loadOf({ timestamp, window, containers }: PodMetrics): PodLoad {
  const amounts = (usage: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(usage).map(([name, amount]) => [name, parseQuantity(amount)]))
  return {
    containers: new Map(containers.map(({ name, usage }) => [name, amounts(usage)])),
    at: Date.parse(timestamp),
    window: Number.parseFloat(window) * 1000,
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
