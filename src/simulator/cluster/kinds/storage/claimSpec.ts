import type { PersistentVolumeClaimSpec } from 'kubernetes-types/core/v1'
import { allowOneOf, checkName } from '../../api/checks.ts'
import { type FieldError, invalid, required } from '../../api/fieldError.ts'
import { validateSelector } from '../../api/labels.ts'
import { checkDns1123Subdomain } from '../../api/names.ts'
import { Quantity } from '../../api/quantity.ts'
import { accessModes } from './volumeSource.ts'

/** What is wrong with a wish for storage. */
export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: string, errors: FieldError[]): void {
  if (!spec.accessModes?.length) errors.push(required(`${path}.accessModes`, 'at least 1 access mode is required'))
  validateSelector(spec.selector, `${path}.selector`, errors)
  for (const mode of spec.accessModes ?? []) allowOneOf(mode, accessModes, `${path}.accessModes`, errors)
  const size = spec.resources?.requests?.['storage']
  if (size === undefined) errors.push(required(`${path}.resources[storage]`))
  else requirePositiveAmount(size, `${path}.resources[storage]`, errors)
  if (spec.storageClassName) checkName(spec.storageClassName, checkDns1123Subdomain, `${path}.storageClassName`, errors)
  allowOneOf(spec.volumeMode, ['Block', 'Filesystem'], `${path}.volumeMode`, errors)
}

/** Storage is more than nothing; less than nothing is refused twice. */
export function requirePositiveAmount(amount: string, path: string, errors: FieldError[]): void {
  const sign = Quantity.parse(amount).compare(Quantity.parse('0'))
  if (sign < 0) errors.push(invalid(path, amount, 'must be greater than or equal to 0'))
  if (sign <= 0) errors.push(invalid(path, amount, 'must be greater than zero'))
}
