import { Failure } from '../failure.ts'
import type { Validation } from './manifests.ts'

/** What `--validate` says. */
export function validationOf({ validate }: { readonly validate: string }): Validation {
  switch (validate) {
    case 'strict':
    case 'true':
      return 'strict'
    case 'warn':
      return 'warn'
    case 'ignore':
    case 'false':
      return 'ignore'
    default:
      throw new Failure(
        `invalid - validate option "${validate}"; must be one of: strict (or true), warn, ignore (or false)`,
      )
  }
}

/** How the server is asked to treat fields that it does not know. */
export function fieldValidation(validation: Validation): string {
  return { strict: 'Strict', warn: 'Warn', ignore: 'Ignore' }[validation]
}
