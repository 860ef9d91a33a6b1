import type { FieldError } from './fieldError.ts'
import type { Status, StatusCause, StatusDetails } from './status.ts'

/** What an error says about the kind it concerns. */
interface ResourceName {
  readonly group: string
  readonly plural: string
}

interface KindName {
  readonly group: string
  readonly kind: string
}

/** A refusal of the API server. Texts are those of k8s.io/apimachinery/pkg/api/errors. */
export class ApiError extends Error {
  readonly status: Status

  constructor(
    code: number,
    reason: string | undefined,
    message: string,
    details?: StatusDetails,
    metadata: Status['metadata'] = {},
  ) {
    super(message)
    this.name = 'ApiError'
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata,
      status: 'Failure',
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    }
  }

  get code(): number {
    return this.status.code
  }

  get reason(): string {
    return this.status.reason ?? ''
  }

  static notFound(kind: ResourceName, name: string): ApiError {
    return new ApiError(404, 'NotFound', `${qualified(kind)} "${name}" not found`, detailsOf(kind, name))
  }

  /** A connection that does not become a stream; the answer is text alone, no Status. */
  static badUpgrade(why: string): ApiError {
    return new ApiError(404, 'BadUpgrade', `unable to upgrade connection: ${why}`)
  }

  /** The answer for a path that leads nowhere. */
  static unknownPath(): ApiError {
    return new ApiError(404, 'NotFound', 'the server could not find the requested resource', {})
  }

  static alreadyExists(kind: ResourceName, name: string): ApiError {
    return new ApiError(409, 'AlreadyExists', `${qualified(kind)} "${name}" already exists`, detailsOf(kind, name))
  }

  static conflict(kind: ResourceName, name: string, why = modified): ApiError {
    const message = `Operation cannot be fulfilled on ${qualified(kind)} "${name}": ${why}`
    return new ApiError(409, 'Conflict', message, detailsOf(kind, name))
  }

  static forbidden(kind: ResourceName, name: string, why: string, causes?: readonly StatusCause[]): ApiError {
    const message = name
      ? `${qualified(kind)} "${name}" is forbidden: ${why}`
      : kind.plural
        ? `${qualified(kind)} is forbidden: ${why}`
        : `forbidden: ${why}`
    return new ApiError(403, 'Forbidden', message, { ...detailsOf(kind, name), ...(causes && { causes }) })
  }

  static invalid(kind: KindName, name: string, errors: readonly FieldError[]): ApiError {
    const lines = [...new Set(errors.map(error => `${error.field}: ${error.body}`))]
    const text = lines.length === 1 ? lines[0]! : `[${lines.join(', ')}]`
    const qualifiedKind = kind.group ? `${kind.kind}.${kind.group}` : kind.kind
    return new ApiError(422, 'Invalid', `${qualifiedKind} "${name}" is invalid: ${text}`, {
      ...(name && { name }),
      ...(kind.group && { group: kind.group }),
      kind: kind.kind,
      causes: errors.map(error => ({ reason: error.type, message: error.body, field: error.field })),
    })
  }

  static badRequest(message: string): ApiError {
    return new ApiError(400, 'BadRequest', message)
  }

  static methodNotAllowed(): ApiError {
    return new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
  }

  /** A list or watch that asks for a state that is no longer remembered. */
  static expired(message: string): ApiError {
    return new ApiError(410, 'Expired', message)
  }

  static gone(message: string): ApiError {
    return new ApiError(410, 'Gone', message)
  }

  /** A client that takes no form in which there is an answer. */
  static notAcceptable(): ApiError {
    const types = 'application/json, application/yaml, application/vnd.kubernetes.protobuf, application/cbor'
    return new ApiError(406, 'NotAcceptable', `only the following media types are accepted: ${types}`)
  }

  static unsupportedMediaType(message: string): ApiError {
    return new ApiError(415, 'UnsupportedMediaType', message)
  }

  static tooManyRequests(message: string, causes?: readonly StatusCause[], retryAfterSeconds?: number): ApiError {
    return new ApiError(429, 'TooManyRequests', message, {
      ...(causes && { causes }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    })
  }

  static internal(why: string): ApiError {
    return new ApiError(500, 'InternalError', `Internal error occurred: ${why}`, { causes: [{ message: why }] })
  }

  static serviceUnavailable(message: string): ApiError {
    return new ApiError(503, 'ServiceUnavailable', message)
  }
}

const modified = 'the object has been modified; please apply your changes to the latest version and try again'

/** `pods`, or `deployments.apps` for kinds outside the core group. */
export function qualified(kind: ResourceName): string {
  return kind.group ? `${kind.plural}.${kind.group}` : kind.plural
}

function detailsOf(kind: ResourceName, name: string): StatusDetails {
  return {
    ...(name && { name }),
    ...(kind.group && { group: kind.group }),
    ...(kind.plural && { kind: kind.plural }),
  }
}
