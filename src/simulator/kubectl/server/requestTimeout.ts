import { Failure } from '../failure.ts'
import { FlagValueError, parseDuration } from '../flags/flag.ts'

/** How many milliseconds one request may last, from the words of `--request-timeout`: `15s`, `15`; 0 is no limit. */
export function readRequestTimeout(given: string): number | undefined {
  const limit = /^\d+$/.test(given) ? Number(given) * 1000 : milliseconds(given)
  return limit > 0 ? limit : undefined
}

// k8s.io/client-go/tools/clientcmd, ParseTimeout
function milliseconds(given: string): number {
  try {
    return parseDuration(given)
  } catch (error) {
    if (!(error instanceof FlagValueError)) throw error
    throw new Failure(
      'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
    )
  }
}
