import type { LabelSelector } from 'kubernetes-types/meta/v1'
import { type FieldError, forbidden, invalid, required } from './fieldError.ts'
import { checkLabelValue, checkQualifiedName } from './names.ts'

/** Labels of an object, and node selectors. */
export function validateLabels(
  labels: Readonly<Record<string, string>> | undefined,
  path: string,
  errors: FieldError[],
): void {
  for (const key in labels) {
    for (const text of checkQualifiedName(key)) errors.push(invalid(path, key, text))
    for (const text of checkLabelValue(labels[key]!)) errors.push(invalid(path, labels[key], text))
  }
}

/** What another object selects by. */
export function validateSelector(selector: LabelSelector | undefined, path: string, errors: FieldError[]): void {
  if (!selector) return
  validateLabels(selector.matchLabels, `${path}.matchLabels`, errors)
  for (const [index, { key, operator, values = [] }] of (selector.matchExpressions ?? []).entries()) {
    const at = `${path}.matchExpressions[${index}]`
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0)
        errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0)
        errors.push(forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
    } else errors.push(invalid(`${at}.operator`, operator ?? '', 'not a valid selector operator'))
    for (const text of checkQualifiedName(key ?? '')) errors.push(invalid(`${at}.key`, key ?? '', text))
    for (const [place, value] of values.entries())
      for (const text of checkLabelValue(value)) errors.push(invalid(`${at}.values[${place}]`, value, text))
  }
}
