import type { MetricSpec, MetricStatus } from 'kubernetes-types/autoscaling/v2'

/** Where the first version of autoscalers keeps what it has no fields for (pkg/apis/autoscaling/annotations.go). */
export const metricsAnnotation = 'autoscaling.alpha.kubernetes.io/metrics'
export const currentMetricsAnnotation = 'autoscaling.alpha.kubernetes.io/current-metrics'

type Values = Readonly<Record<string, unknown>>

/** What is wanted, as the annotation writes it: `targetAverageValue` beside the name, in place of a `target`. */
export function flatSpec(metric: MetricSpec): Values {
  return flattened(metric as unknown as Values, 'target')
}

export function flatStatus(metric: MetricStatus): Values {
  return flattened(metric as unknown as Values, 'current')
}

export function nestedSpec(metric: Values): MetricSpec {
  return nested(metric, 'target') as unknown as MetricSpec
}

export function nestedStatus(metric: Values): MetricStatus {
  return nested(metric, 'current') as unknown as MetricStatus
}

type Side = 'target' | 'current'

/** The list in an annotation; nothing when it cannot be read. */
export function readList(text: string | undefined): readonly Values[] {
  if (text === undefined) return []
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? (list as Values[]) : []
  } catch {
    return []
  }
}

function flattened(metric: Values, side: Side): Values {
  const field = sourceField(metric)
  const { [side]: amounts, metric: identity, describedObject, ...rest } = metric[field] as Values
  const { name, selector } = (identity ?? {}) as Values
  const flat: Record<string, unknown> = { ...rest }
  if (describedObject !== undefined) flat['target'] = describedObject
  if (name !== undefined) flat['metricName'] = name
  if (selector !== undefined) flat[field === 'external' ? 'metricSelector' : 'selector'] = selector
  for (const [key, value] of Object.entries((amounts ?? {}) as Values))
    if (key !== 'type') flat[side + capital(key)] = value
  return { type: metric['type'], [field]: flat }
}

function nested(metric: Values, side: Side): Values {
  const field = sourceField(metric)
  const source = (metric[field] ?? {}) as Values
  const amounts: Record<string, unknown> = {}
  const rest: Record<string, unknown> = {}
  const identity: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(source)) {
    const amount = key.startsWith(side) && key.length > side.length ? key.slice(side.length) : undefined
    if (key === 'metricName') identity['name'] = value
    else if (key === 'metricSelector' || key === 'selector') identity['selector'] = value
    else if (key === 'target' && field === 'object') rest['describedObject'] = value
    else if (amount !== undefined) amounts[amount[0]!.toLowerCase() + amount.slice(1)] = value
    else rest[key] = value
  }
  if (side === 'target')
    amounts['type'] =
      'averageUtilization' in amounts ? 'Utilization' : 'averageValue' in amounts ? 'AverageValue' : 'Value'
  // Zero is how the annotation says that a value is not known.
  if (side === 'current' && amounts['value'] === '0' && 'averageValue' in amounts) delete amounts['value']
  const named = Object.keys(identity).length > 0 ? { metric: identity } : {}
  return { type: metric['type'], [field]: { ...rest, ...named, [side]: amounts } }
}

/** `ContainerResource` is described in the field `containerResource`. */
function sourceField(metric: Values): string {
  const type = String(metric['type'])
  return type[0]!.toLowerCase() + type.slice(1)
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1)
}
