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

/** A command that can't go on: its message is printed after the shell's name, and the line is given up. */
export class CommandFailure extends Error {
  readonly status: number
  /** Whether a shell that is not interactive ends, as for an unset variable under `set -u`. */
  readonly isFatal: boolean

  constructor(message: string, options: { readonly status?: number; readonly isFatal?: boolean } = {}) {
    super(message)
    this.status = options.status ?? 1
    this.isFatal = options.isFatal ?? false
  }
}
