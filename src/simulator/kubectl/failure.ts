import type { Status } from '../cluster/api/status.ts'

/** A verb that cannot go on; the message follows `error: `. */
export class Failure extends Error {
  readonly status: number
  constructor(message: string, status = 1) {
    super(message)
    this.status = status
  }
}

/** Ends the verb with a message that stands as it is. */
export class PlainFailure extends Failure {}

/** A wrong use that the verb answers with its help on stdout; without a message that is all. */
export class Misuse extends Failure {}

/** Ends the verb without a word. */
export class Quiet extends Failure {
  constructor(status = 1) {
    super('', status)
  }
}

/** The API server refused. `prefix` is what kubectl says in front of the server's own words. */
export class ServerFailure extends Failure {
  readonly answer: Status
  constructor(answer: Status) {
    super(answer.message ?? '')
    this.answer = answer
  }
}

/** Nobody answers at the API server's address. */
export class ConnectionFailure extends Failure {
  /** `192.168.64.10:6443`. */
  readonly host: string
  readonly isRefused: boolean
  /** The request that failed, as Go's HTTP client tells it. */
  readonly attempt: string
  constructor(host: string, attempt: string, reason: string) {
    super(reason)
    this.host = host
    this.attempt = attempt
    this.isRefused = reason.includes('connection refused')
  }
}

/** The kubeconfig does not make sense. */
export class ConfigurationFailure extends Failure {
  readonly reasons: readonly string[]
  constructor(reasons: readonly string[]) {
    super(reasons.length === 1 ? reasons[0]! : `[${reasons.join(', ')}]`)
    this.reasons = reasons
  }
}

/** Several failures of one run, told one after the other. */
export class Failures extends Failure {
  readonly all: readonly Error[]
  constructor(all: readonly Error[]) {
    super(aggregate(all.map(error => error.message)))
    this.all = all
  }
}

/** Ends the verb with what failed on the way, if anything did. */
export function throwAll(errors: readonly Error[]): void {
  if (errors.length === 1) throw errors[0]!
  if (errors.length > 1) throw new Failures(errors)
}

/** Several messages as Go's aggregated errors print: each different one once, in brackets. */
export function aggregate(messages: readonly string[]): string {
  const different = [...new Set(messages)]
  return different.length === 1 ? different[0]! : `[${different.join(', ')}]`
}

/** What a verb says about the source of an object when the server refuses it: `error when creating "web.yaml": …`. */
export function withSource(error: unknown, action: string, source: string | undefined): unknown {
  if (!source || !(error instanceof Failure) || error instanceof ConnectionFailure) return error
  const prefix = `error when ${action} ${JSON.stringify(source)}: `
  return withPrefix(error, prefix)
}

/** The same failure with more words in front. */
export function withPrefix(error: Failure, prefix: string): Failure {
  if (error instanceof ServerFailure) {
    return new ServerFailure({ ...error.answer, message: `${prefix}${error.answer.message}` })
  }
  return new Failure(`${prefix}${error.message}`)
}

export function isNotFound(error: unknown): boolean {
  return reasonOf(error) === 'NotFound'
}

export function isConflict(error: unknown): boolean {
  return reasonOf(error) === 'Conflict'
}

export function reasonOf(error: unknown): string | undefined {
  return error instanceof ServerFailure ? error.answer.reason : undefined
}

/** The words on stderr for a failure (kubectl's checkErr), without the last newline where it has none. */
export function describeFailure(error: Error): string {
  if (error instanceof Failures) return error.all.map(each => `${knownWords(each) ?? each.message}\n`).join('')
  if (error instanceof ServerFailure && error.answer.reason === 'Invalid') return describeInvalid(error.answer)
  if (error instanceof ConfigurationFailure) return multiline('Error in configuration: ', error.reasons)
  const words = knownWords(error)
  if (words !== undefined) return words
  return error.message.startsWith('error: ') ? error.message : `error: ${error.message}`
}

/** What kubectl says about failures it knows by type; all others are told in their own words. */
function knownWords(error: Error): string | undefined {
  if (error instanceof ServerFailure) {
    const { reason, message } = error.answer
    if (reason === 'Unauthorized') return `error: You must be logged in to the server (${message})`
    return reason ? `Error from server (${reason}): ${message}` : `Error from server: ${message}`
  }
  if (error instanceof ConnectionFailure) {
    return error.isRefused
      ? `The connection to the server ${error.host} was refused - did you specify the right host or port?`
      : `Unable to connect to the server: ${error.message}`
  }
  return error instanceof PlainFailure || error instanceof Quiet ? error.message : undefined
}

/** `The Pod "web" is invalid: …`: one cause in the same line, more of them as a list. */
function describeInvalid({ details, message }: Status): string {
  if (!details) return `The request is invalid${message ? `: ${message}` : ''}`
  const causes = details.causes ?? []
  let text = 'The request is invalid'
  if (details.kind || details.name) text = `The ${details.kind ?? ''} ${JSON.stringify(details.name ?? '')} is invalid`
  else if (message && causes.length === 0) text += `: ${message}`
  if (causes.length === 0) return text
  const reasons = causes.map(({ field, message }) => (field ? `${field}: ${message}` : (message ?? '')))
  return multiline(`${text}: `, [...new Set(reasons)])
}

function multiline(prefix: string, reasons: readonly string[]): string {
  if (reasons.length === 1) return `${prefix}${reasons[0]}\n`
  return `${prefix}\n${reasons.map(reason => `* ${reason}\n`).join('')}`
}
