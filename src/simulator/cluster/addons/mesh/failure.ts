/** Why a proxy answers by itself. */
export type FailureKind =
  | 'no route'
  | 'no cluster'
  | 'no healthy endpoint'
  | 'overflow'
  | 'connection failure'
  | 'connection timeout'
  | 'connection termination'
  | 'timeout'
  | 'attempt timeout'
  | 'protocol error'

/** The way to an endpoint, or the endpoint, has failed. */
export class UpstreamFailure extends Error {
  readonly kind: FailureKind
  /** What the lower layer says: `Connection refused`. */
  readonly reason: string | undefined
  constructor(kind: FailureKind, reason?: string) {
    super(kind)
    this.kind = kind
    this.reason = reason
  }
}
