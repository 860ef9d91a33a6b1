import { type FieldError, invalid } from '../../api/fieldError.ts'
import { checkPercentage } from '../../api/names.ts'

/** What is wrong with a number of pods or a share of them: `2`, `25%`. */
export function checkIntOrPercent(value: number | string | undefined, path: string, errors: FieldError[]): void {
  if (typeof value === 'string') for (const text of checkPercentage(value)) errors.push(invalid(path, value, text))
  else if (value !== undefined && value < 0) errors.push(invalid(path, value, 'must be greater than or equal to 0'))
}

/** Whether a number or share of pods is none. */
export function isZero(value: number | string | undefined): boolean {
  return value === undefined || Number.parseInt(String(value), 10) === 0
}
