import type { Taint, Toleration, TopologySpreadConstraint } from 'kubernetes-types/core/v1'
import { formatSelector } from '../../cluster/api/selector.ts'
import type { Description } from './description.ts'

/** Writes which taints a pod puts up with. */
export function describeTolerations(
  name: string,
  tolerations: readonly Toleration[] | undefined,
  text: Description,
): void {
  const sorted = (tolerations ?? []).toSorted((a, b) => compare(a.key ?? '', b.key ?? ''))
  text.list(name, sorted.map(tolerationText))
}

function tolerationText({ key = '', value, effect, operator, tolerationSeconds }: Toleration): string {
  const what = key + (value ? `=${value}` : '') + (effect ? `:${effect}` : '')
  const exists = operator === 'Exists' && !value ? `${what ? ' ' : ''}op=Exists` : ''
  return what + exists + (tolerationSeconds === undefined ? '' : ` for ${tolerationSeconds}s`)
}

/** Writes the taints of a node. */
export function describeTaints(taints: readonly Taint[] | undefined, text: Description): void {
  const sorted = (taints ?? []).toSorted((a, b) => compare(`${a.effect},${a.key}`, `${b.effect},${b.key}`))
  text.list('Taints', sorted.map(taintText))
}

/** `key=value:effect`. */
function taintText({ key, value, effect }: Taint): string {
  if (!effect) return value ? `${key}=${value}:` : key
  return value ? `${key}=${value}:${effect}` : `${key}:${effect}`
}

/** Writes how pods are to be spread. */
export function describeSpread(
  constraints: readonly TopologySpreadConstraint[] | undefined,
  text: Description,
  indent = '',
): void {
  if (!constraints?.length) return
  const lines = constraints
    .toSorted((a, b) => compare(a.topologyKey, b.topologyKey))
    .map(({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }) => {
      const selector = labelSelector ? ` for selector ${formatSelector(labelSelector)}` : ''
      return `${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded${selector}`
    })
  text.list('Topology Spread Constraints', lines, indent)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
