import type { Dialect } from './dialect.ts'
import type { CommandFailure } from './failures.ts'

/** A failure's message in the words of a shell. */
export function wordingOf(dialect: Dialect, failure: CommandFailure): string {
  const { kind, subject } = failure
  if (dialect === 'bash' || kind === undefined) return failure.message
  switch (kind) {
    case 'readonly':
      return `${subject}: is read only`
    case 'unset':
      return `${subject}: parameter not set`
    case 'division':
      return dialect === 'ash' ? 'divide by zero' : `arithmetic expression: division by zero: "${subject}"`
    case 'arithmetic':
      return dialect === 'ash' ? 'arithmetic syntax error' : `arithmetic expression: expecting primary: "${subject}"`
    case 'substitution':
      return dialect === 'ash' ? 'syntax error: bad substitution' : 'Bad substitution'
  }
}
