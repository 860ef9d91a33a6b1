import { ApiError } from '../../api/error.ts'
import { type FieldError, forbidden, notSupported } from '../../api/fieldError.ts'

type Query = Readonly<Record<string, string>>

const path = 'resourceVersionMatch'

/** Refuses questions about lists and watches that contradict themselves: k8s.io/apimachinery, internalversion/validation. */
export function requireListOptions(query: Query, isWatch: boolean, revision: number): void {
  const errors = isWatch ? watchErrors(query) : listErrors(query)
  if (errors.length > 0) throw ApiError.invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors)
  const wanted = Number(query['resourceVersion'] ?? 0)
  if (Number.isNaN(wanted)) {
    const text = `resourceVersion: Invalid value: ${JSON.stringify(query['resourceVersion'])}: strconv.ParseUint: parsing ${JSON.stringify(query['resourceVersion'])}: invalid syntax`
    throw ApiError.badRequest(text)
  }
  if (!isWatch && wanted > revision) throw tooLarge(wanted, revision)
}

function listErrors({
  continue: token,
  resourceVersion,
  resourceVersionMatch: match,
  sendInitialEvents,
}: Query): FieldError[] {
  const errors: FieldError[] = []
  if (match) {
    if (!resourceVersion) errors.push(forbidden(path, `${path} is forbidden unless resourceVersion is provided`))
    if (token) errors.push(forbidden(path, `${path} is forbidden when continue is provided`))
    if (match !== 'Exact' && match !== 'NotOlderThan')
      errors.push(notSupported(path, match, ['Exact', 'NotOlderThan', '']))
    if (match === 'Exact' && resourceVersion === '0')
      errors.push(forbidden(path, `${path} "exact" is forbidden for resourceVersion "0"`))
  }
  if (sendInitialEvents !== undefined)
    errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  return errors
}

function watchErrors({ continue: token, resourceVersionMatch: match, sendInitialEvents }: Query): FieldError[] {
  const errors: FieldError[] = []
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan')
    errors.push(forbidden(path, `sendInitialEvents requires setting ${path} to NotOlderThan`))
  if (!match) return errors
  if (sendInitialEvents === undefined)
    errors.push(forbidden(path, `${path} is forbidden for watch unless sendInitialEvents is provided`))
  if (match !== 'NotOlderThan') errors.push(notSupported(path, match, ['NotOlderThan']))
  if (token) errors.push(forbidden(path, `${path} is forbidden when continue is provided`))
  return errors
}

/** The future is not there yet: NewTooLargeResourceVersionError of k8s.io/apiserver/pkg/storage. */
function tooLarge(wanted: number, revision: number): ApiError {
  const message = `Too large resource version: ${wanted}, current: ${revision}`
  return new ApiError(504, 'Timeout', `Timeout: ${message}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  })
}
