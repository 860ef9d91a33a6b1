/** A transfer that failed: curl's number for it, and its words. */
export class CurlError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
