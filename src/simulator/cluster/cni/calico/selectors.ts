import type { LabelSelector } from 'kubernetes-types/meta/v1'

const orchestrator = 'projectcalico.org/orchestrator == "k8s"'

/** A selector of pods in Calico's words; those of one namespace, or of the namespaces that another one selects. */
export function selectorText(
  pods: LabelSelector | undefined,
  where: { readonly namespace: string } | { readonly namespaces: LabelSelector },
): string {
  const place =
    'namespace' in where
      ? `projectcalico.org/namespace == ${JSON.stringify(where.namespace)}`
      : joined(termsOf(where.namespaces, 'pcns.')) || 'has(projectcalico.org/namespace)'
  return joined([place, joined([orchestrator, ...termsOf(pods, '')])])
}

function termsOf(selector: LabelSelector | undefined, prefix: string): string[] {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {}
  const terms = Object.entries(matchLabels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${prefix}${key} == ${JSON.stringify(value)}`)
  for (const { key, operator, values = [] } of matchExpressions) {
    const list = `{${[...values]
      .sort()
      .map(value => JSON.stringify(value))
      .join(', ')}}`
    if (operator === 'In') terms.push(`${prefix}${key} in ${list}`)
    else if (operator === 'NotIn') terms.push(`${prefix}${key} not in ${list}`)
    else terms.push(operator === 'Exists' ? `has(${prefix}${key})` : `!has(${prefix}${key})`)
  }
  return terms
}

function joined(terms: readonly string[]): string {
  return terms.length > 1 ? `(${terms.join(' && ')})` : (terms[0] ?? '')
}
