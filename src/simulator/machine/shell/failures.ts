/** `break` and `continue` on their way out to a loop. */
export class LoopExit extends Error {
  levels: number
  readonly isContinue: boolean

  constructor(levels: number, isContinue: boolean) {
    super(isContinue ? 'continue' : 'break')
    this.levels = levels
    this.isContinue = isContinue
  }
}

/** `return` on its way out of a function or a sourced file. */
export class FunctionReturn extends Error {
  readonly status: number

  constructor(status: number) {
    super('return')
    this.status = status
  }
}

/** `exit`, or something that a shell does not survive. */
export class ShellExit extends Error {
  readonly status: number

  constructor(status: number) {
    super('exit')
    this.status = status
  }
}

/** Source that can't be read: ends a script, and only the line of an interactive shell. */
export class SyntaxExit extends ShellExit {}

/** Ctrl-C in an interactive shell: everything on the line is given up. */
export class Interrupted extends Error {}

/** What kind of failure it is, where shells use different words for it. */
export type FailureKind = 'readonly' | 'division' | 'arithmetic' | 'substitution' | 'unset'

/** A command that can't go on: its message is printed after the shell's name, and the line is given up. */
export class CommandFailure extends Error {
  readonly status: number
  /** Whether a shell that is not interactive ends, as for an unset variable under `set -u`. */
  readonly isFatal: boolean
  readonly kind: FailureKind | undefined
  /** What it is about: the variable, the expression. */
  readonly subject: string
  /** bash ends a `-c` text with 127 for it, instead of the status. */
  readonly endsCommand: boolean
  /** How the message begins, when it left a function or file that messages name. */
  start: string | undefined

  constructor(
    message: string,
    options: {
      readonly status?: number
      readonly isFatal?: boolean
      readonly kind?: FailureKind
      readonly subject?: string
      readonly endsCommand?: boolean
    } = {},
  ) {
    super(message)
    this.status = options.status ?? 1
    this.isFatal = options.isFatal ?? false
    this.kind = options.kind
    this.subject = options.subject ?? ''
    this.endsCommand = options.endsCommand ?? false
  }
}
