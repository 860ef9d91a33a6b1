import { isEqual } from './equality.ts'
import { type FieldError, invalid, notSupported, required } from './fieldError.ts'
import { checkPort, checkPortName, type NameCheck } from './names.ts'

/** A field that must be given and hold one of a few words. */
export function requireOneOf(
  value: string | undefined,
  words: readonly string[],
  path: string,
  errors: FieldError[],
  detail = '',
): void {
  if (!value) errors.push(required(path, detail))
  else if (!words.includes(value)) errors.push(notSupported(path, value, words))
}

/** A field that may hold one of a few words. */
export function allowOneOf(
  value: string | undefined,
  words: readonly string[],
  path: string,
  errors: FieldError[],
): void {
  if (value !== undefined && !words.includes(value)) errors.push(notSupported(path, value, words))
}

/** A name that must be given and pass a check. */
export function requireName(value: string | undefined, check: NameCheck, path: string, errors: FieldError[]): void {
  if (!value) errors.push(required(path))
  else checkName(value, check, path, errors)
}

export function checkName(value: string, check: NameCheck, path: string, errors: FieldError[]): void {
  for (const text of check(value)) errors.push(invalid(path, value, text))
}

export function requireNonNegative(value: number | undefined, path: string, errors: FieldError[]): void {
  if (value !== undefined && value < 0) errors.push(invalid(path, value, 'must be greater than or equal to 0'))
}

/** A port by number or by name. */
export function requirePort(port: string | number | undefined, path: string, errors: FieldError[]): void {
  const check = typeof port === 'string' ? checkPortName(port) : checkPort(port ?? 0)
  for (const text of check) errors.push(invalid(path, port ?? 0, text))
}

/** A field that stays as it was when the object was made. */
export function requireSame(value: unknown, previous: unknown, path: string, errors: FieldError[]): void {
  if (!isEqual(value, previous)) errors.push(invalid(path, value, 'field is immutable'))
}
