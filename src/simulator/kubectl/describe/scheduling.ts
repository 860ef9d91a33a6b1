import type { PodSpec, Toleration } from 'kubernetes-types/core/v1'
import { type Description, selectorText } from './description.ts'

/** Adds where a pod may run: node selector, tolerations, spreading. `space` indents a template's. */
export function describeScheduling(text: Description, spec: PodSpec, space: string): void {
  const selector = Object.entries(spec.nodeSelector ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  lines(
    text,
    `${space}Node-Selectors`,
    space,
    selector.map(([key, value]) => `${key}=${value}`),
  )
  const tolerations = [...(spec.tolerations ?? [])].sort((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1))
  lines(text, `${space}Tolerations`, space, tolerations.map(tolerationText))
  const spreading = [...(spec.topologySpreadConstraints ?? [])].sort((a, b) => (a.topologyKey < b.topologyKey ? -1 : 1))
  if (spreading.length > 0)
    lines(
      text,
      `${space}Topology Spread Constraints`,
      space,
      spreading.map(
        ({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }) =>
          `${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded for selector ${selectorText(labelSelector?.matchLabels)}`,
      ),
    )
}

function lines(text: Description, title: string, space: string, values: readonly string[]): void {
  if (values.length === 0) return text.line(0, `${title}:\t<none>`)
  for (const [index, value] of values.entries()) text.line(0, `${index === 0 ? `${title}:` : space}\t${value}`)
}

function tolerationText({ key = '', value, effect, operator, tolerationSeconds }: Toleration): string {
  let text = key
  if (value) text += `=${value}`
  if (effect) text += `:${effect}`
  if (operator === 'Exists' && !value) text += key || effect ? ' op=Exists' : 'op=Exists'
  if (tolerationSeconds !== undefined) text += ` for ${tolerationSeconds}s`
  return text
}
