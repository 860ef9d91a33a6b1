import { compileRule } from '../../../api/cel/rule.ts'
import { CelError, celValue, type Value } from '../../../api/cel/values.ts'
import type { KubernetesObject } from '../../../api/object.ts'
import { matchesSelector } from '../../../api/selector.ts'
import { type MatchCondition, requestVariables } from '../../../kinds/admission/expressions.ts'
import type { Rule } from '../../../kinds/admission/resourceRules.ts'
import type { Webhook } from '../../../kinds/admission/webhook.ts'
import type { Kind } from '../../../kinds/kind.ts'
import { namespace as namespaceKind } from '../../../kinds/namespace.ts'
import type { Store } from '../../store.ts'

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'

/** Whether one of some rules is for what is done to a kind, or to a part of it. */
export function matchesRules(
  rules: readonly Rule[] | undefined,
  kind: Kind,
  operation: Operation,
  subresource: string | undefined,
): boolean {
  const { plural, group, version, namespaced } = kind
  const names = subresource
    ? [`${plural}/${subresource}`, `${plural}/*`, `*/${subresource}`, '*/*']
    : [plural, '*', '*/*']
  const has = (list: readonly string[] | undefined, wanted: string) =>
    list?.some(item => item === '*' || item === wanted) ?? false
  return (rules ?? []).some(({ operations, apiGroups, apiVersions, resources = [], scope = '*' }) => {
    const isInScope = scope === '*' || (scope === 'Namespaced') === namespaced
    const isMeant = isInScope && resources.some(item => names.includes(item))
    return isMeant && has(operations, operation) && has(apiGroups, group) && has(apiVersions, version)
  })
}

/** Whether the labels of an object and of its namespace are those that are meant. */
export function matchesLabels(
  { namespaceSelector, objectSelector }: Pick<Webhook, 'namespaceSelector' | 'objectSelector'>,
  kind: Kind,
  objects: readonly (KubernetesObject | undefined)[],
  store: Store,
): boolean {
  const [first] = objects.filter(object => object !== undefined)
  if (objectSelector && !objects.some(object => object && matchesSelector(objectSelector, object.metadata.labels)))
    return false
  if (!namespaceSelector || (!kind.namespaced && kind !== namespaceKind)) return true
  const owner = kind === namespaceKind ? first : store.find(namespaceKind, undefined, first?.metadata.namespace ?? '')
  return matchesSelector(namespaceSelector, owner?.metadata.labels)
}

/** Whether all conditions hold; an error when one of them cannot be worked out. */
export function matchesConditions(
  conditions: readonly MatchCondition[] | undefined,
  variables: Readonly<Record<string, unknown>>,
): boolean | CelError {
  const scope = new Map<string, Value>()
  for (const [name, value] of Object.entries(variables)) scope.set(name, celValue(value))
  let failure: CelError | undefined
  for (const { expression } of conditions ?? []) {
    const result = compileRule(expression, new Map(requestVariables.map(name => [name, undefined]))).run(scope)
    if (result === false) return false
    if (result instanceof CelError) failure ??= result
  }
  return failure ?? true
}
