/** What is wrong with one field of an object. Texts are those of k8s.io/apimachinery/pkg/util/validation/field. */
export interface FieldError {
  /** The machine's word for it: `FieldValueInvalid` … */
  readonly type: string
  /** Where: `spec.ports[0].port`. */
  readonly field: string
  /** The rest of the sentence. */
  readonly body: string
}

export function required(field: string, detail = ''): FieldError {
  return { type: 'FieldValueRequired', field, body: withDetail('Required value', detail) }
}

export function invalid(field: string, value: unknown, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, body: withDetail(`Invalid value: ${show(value)}`, detail) }
}

export function notSupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const detail = supported.length ? `supported values: ${supported.map(item => JSON.stringify(item)).join(', ')}` : ''
  return { type: 'FieldValueNotSupported', field, body: withDetail(`Unsupported value: ${show(value)}`, detail) }
}

export function forbidden(field: string, detail: string): FieldError {
  return { type: 'FieldValueForbidden', field, body: withDetail('Forbidden', detail) }
}

export function duplicate(field: string, value: unknown): FieldError {
  return { type: 'FieldValueDuplicate', field, body: `Duplicate value: ${show(value)}` }
}

export function notFound(field: string, value: unknown): FieldError {
  return { type: 'FieldValueNotFound', field, body: `Not found: ${show(value)}` }
}

export function tooLong(field: string, maximum: number): FieldError {
  return { type: 'FieldValueTooLong', field, body: `Too long: may not be more than ${maximum} bytes` }
}

export function tooMany(field: string, actual: number, maximum: number): FieldError {
  return {
    type: 'FieldValueTooMany',
    field,
    body: `Too many: ${actual}: must have at most ${maximum} ${maximum === 1 ? 'item' : 'items'}`,
  }
}

export function typeInvalid(field: string, value: unknown, detail: string): FieldError {
  return { type: 'FieldValueTypeInvalid', field, body: withDetail(`Invalid value: ${show(value)}`, detail) }
}

function withDetail(text: string, detail: string): string {
  return detail ? `${text}: ${detail}` : text
}

/** A value as Go's `%v` and the validator's own rules print it. */
function show(value: unknown): string {
  if (value === undefined || value === null) return 'null'
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value)
}
