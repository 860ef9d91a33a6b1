import type {
  Affinity,
  NodeSelectorTerm,
  PodAffinityTerm,
  PodSpec,
  Toleration,
  TopologySpreadConstraint,
} from 'kubernetes-types/core/v1'
import { allowOneOf, checkName, requireOneOf } from '../../api/checks.ts'
import { duplicate, type FieldError, invalid, notSupported, required } from '../../api/fieldError.ts'
import { validateSelector } from '../../api/labels.ts'
import { checkDns1123Label, checkDns1123Subdomain, checkLabelValue, checkQualifiedName } from '../../api/names.ts'
import { internalForm } from './internalForm.ts'

/** What is wrong with the wishes of a pod about its node. */
export function validateScheduling(spec: PodSpec, path: string, errors: FieldError[]): void {
  if (spec.affinity) validateAffinity(spec.affinity, `${path}.affinity`, errors)
  for (const [index, constraint] of (spec.topologySpreadConstraints ?? []).entries())
    validateSpread(constraint, `${path}.topologySpreadConstraints[${index}]`, errors)
  for (const [index, toleration] of (spec.tolerations ?? []).entries())
    validateToleration(toleration, `${path}.tolerations[${index}]`, errors)
}

function validateAffinity(
  { nodeAffinity, podAffinity, podAntiAffinity }: Affinity,
  path: string,
  errors: FieldError[],
): void {
  if (nodeAffinity) {
    const required = nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution
    if (required)
      validateTerms(
        required.nodeSelectorTerms,
        `${path}.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution`,
        errors,
      )
    for (const [index, { weight, preference }] of (
      nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution ?? []
    ).entries()) {
      const at = `${path}.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[${index}]`
      checkWeight(weight, at, errors)
      validateTerm(preference, `${at}.preference`, errors)
    }
  }
  for (const [name, affinity] of Object.entries({ podAffinity, podAntiAffinity })) {
    if (!affinity) continue
    for (const [index, term] of (affinity.requiredDuringSchedulingIgnoredDuringExecution ?? []).entries())
      validatePodTerm(term, `${path}.${name}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`, errors)
    for (const [index, { weight, podAffinityTerm }] of (
      affinity.preferredDuringSchedulingIgnoredDuringExecution ?? []
    ).entries()) {
      const at = `${path}.${name}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`
      checkWeight(weight, at, errors)
      validatePodTerm(podAffinityTerm, `${at}.podAffinityTerm`, errors)
    }
  }
}

function checkWeight(weight: number, path: string, errors: FieldError[]): void {
  if (!(weight >= 1 && weight <= 100)) errors.push(invalid(`${path}.weight`, weight ?? 0, 'must be in the range 1-100'))
}

/** The terms of a node selector, of which one must match. */
function validateTerms(terms: readonly NodeSelectorTerm[] | undefined, path: string, errors: FieldError[]): void {
  const at = `${path}.nodeSelectorTerms`
  if (!terms?.length) errors.push(required(at, 'must have at least one node selector term'))
  for (const [index, term] of (terms ?? []).entries()) validateTerm(term, `${at}[${index}]`, errors)
}

function validateTerm({ matchExpressions, matchFields }: NodeSelectorTerm, path: string, errors: FieldError[]): void {
  for (const [index, { key, operator, values = [] }] of (matchExpressions ?? []).entries()) {
    const at = `${path}.matchExpressions[${index}]`
    if ((operator === 'In' || operator === 'NotIn') && values.length === 0)
      errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
    if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0)
      errors.push({
        type: 'FieldValueForbidden',
        field: `${at}.values`,
        body: "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      })
    if ((operator === 'Gt' || operator === 'Lt') && values.length !== 1)
      errors.push(required(`${at}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"))
    if (!['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'].includes(operator))
      errors.push(invalid(`${at}.operator`, operator ?? '', 'not a valid selector operator'))
    checkName(key ?? '', checkQualifiedName, `${at}.key`, errors)
    for (const [place, value] of values.entries()) checkName(value, checkLabelValue, `${at}.values[${place}]`, errors)
  }
  for (const [index, { key, operator, values = [] }] of (matchFields ?? []).entries()) {
    const at = `${path}.matchFields[${index}]`
    if (operator !== 'In' && operator !== 'NotIn')
      errors.push(invalid(`${at}.operator`, operator ?? '', 'not a valid selector operator'))
    else if (values.length !== 1)
      errors.push(
        required(`${at}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
      )
    if (key !== 'metadata.name') errors.push(invalid(`${at}.key`, key ?? '', 'not a valid field selector key'))
    else
      for (const [place, value] of values.entries())
        checkName(value, checkDns1123Subdomain, `${at}.values[${place}]`, errors)
  }
}

function validatePodTerm(term: PodAffinityTerm, path: string, errors: FieldError[]): void {
  validateSelector(term.labelSelector, `${path}.labelSelector`, errors)
  validateSelector(term.namespaceSelector, `${path}.namespaceSelector`, errors)
  for (const name of term.namespaces ?? []) checkName(name, checkDns1123Label, `${path}.namespace`, errors)
  if (!term.topologyKey) errors.push(required(`${path}.topologyKey`, 'can not be empty'))
  checkName(term.topologyKey ?? '', checkQualifiedName, `${path}.topologyKey`, errors)
}

function validateSpread(constraint: TopologySpreadConstraint, path: string, errors: FieldError[]): void {
  const { maxSkew, topologyKey, whenUnsatisfiable, minDomains } = constraint
  if (!(maxSkew > 0)) errors.push(invalid(`${path}.maxSkew`, maxSkew ?? 0, 'must be greater than zero'))
  if (!topologyKey) errors.push(required(`${path}.topologyKey`, 'can not be empty'))
  else checkName(topologyKey, checkQualifiedName, `${path}.topologyKey`, errors)
  requireOneOf(whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway'], `${path}.whenUnsatisfiable`, errors)
  if (minDomains !== undefined && minDomains <= 0)
    errors.push(invalid(`${path}.minDomains`, minDomains, 'must be greater than zero'))
  validateSelector(constraint.labelSelector, `${path}.labelSelector`, errors)
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

function validateToleration(toleration: Toleration, path: string, errors: FieldError[]): void {
  const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = toleration
  if (key) checkName(key, checkQualifiedName, `${path}.key`, errors)
  if (!key && operator !== 'Exists')
    errors.push(
      invalid(
        `${path}.operator`,
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ),
    )
  if (tolerationSeconds !== undefined && effect !== 'NoExecute')
    errors.push(invalid(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"))
  if (operator === '' || operator === 'Equal') {
    const wrong = checkLabelValue(value)
    if (wrong.length > 0) errors.push(invalid(`${path}.operator`, value, wrong.join(';')))
  } else if (operator === 'Exists') {
    if (value)
      errors.push(
        invalid(
          `${path}.operator`,
          internalForm(toleration, 'Toleration'),
          "value must be empty when `operator` is 'Exists'",
        ),
      )
  } else errors.push(notSupported(`${path}.operator`, operator, ['Equal', 'Exists']))
  if (effect) allowOneOf(effect, effects, `${path}.effect`, errors)
}

/** Each taint of a node once, with an effect that exists. */
export function validateTaints(
  taints: readonly { key: string; value?: string; effect: string }[] | undefined,
  path: string,
  errors: FieldError[],
): void {
  const seen = new Set<string>()
  for (const [index, { key, value = '', effect }] of (taints ?? []).entries()) {
    const at = `${path}[${index}]`
    checkName(key ?? '', checkQualifiedName, `${at}.key`, errors)
    const wrong = checkLabelValue(value)
    if (wrong.length > 0) errors.push(invalid(`${at}.value`, value, wrong.join(';')))
    requireOneOf(effect, effects, `${at}.effect`, errors)
    const identity = `${key}:${effect}`
    if (seen.has(identity)) errors.push(duplicate(at, { key, value, effect }))
    seen.add(identity)
  }
}
