import { findSignal } from '../signals.ts'
import { Interrupted } from './failures.ts'
import type { Interpreter } from './interpreter.ts'

/** A trapped signal has come while a builtin waits: `wait` gives up, `read` runs the trap and goes on. */
export class SignalArrived extends Error {
  readonly signal: string

  constructor(signal: string) {
    super(signal)
    this.signal = signal
  }
}

/** The commands of `trap`: for signals, and for EXIT, ERR, DEBUG and RETURN. */
export class Traps {
  readonly #shell: Interpreter
  readonly #actions = new Map<string, string>()
  /** The parent's traps, which `trap` in `$( )` still shows. */
  #inherited: ReadonlyMap<string, string> | undefined
  #pending: string[] = []
  /** How deep in functions the shell was when a trap was set. */
  readonly #depths = new Map<string, number>()
  #isInterrupted = false
  /** True while a builtin waits that a trapped signal ends: `wait`. */
  endsWait = false

  constructor(shell: Interpreter) {
    this.#shell = shell
  }

  /** A subshell begins without traps; ignored signals stay ignored. */
  fork(shell: Interpreter): Traps {
    const copy = new Traps(shell)
    copy.#inherited = this.#actions
    for (const [name, action] of this.#actions) if (action === '') copy.#actions.set(name, action)
    return copy
  }

  /** All traps, in the order in which `trap` prints them. */
  get all(): [string, string][] {
    const actions = this.#inherited ?? this.#actions
    const place = (name: string) => (name === 'EXIT' ? 0 : (findSignal(name)?.number ?? 100))
    return [...actions].sort(([a], [b]) => place(a) - place(b))
  }

  has(name: string): boolean {
    return this.#actions.has(name)
  }

  /** Sets a trap: a command, '' to ignore the signal, undefined for the default. */
  set(name: string, action: string | undefined): void {
    this.#inherited = undefined
    if (action === undefined) this.#actions.delete(name)
    else this.#actions.set(name, action)
    this.#depths.set(name, this.#shell.callers.length)
    if (!name.startsWith('SIG') || name === 'SIGKILL' || name === 'SIGSTOP') return
    const { process } = this.#shell
    if (action === '') process.ignoreSignal(name)
    else if (action !== undefined) process.onSignal(name, () => this.#arrive(name))
    else if (this.#shell.isInteractive) this.handleAsInteractive(name)
    else process.onSignal(name, undefined)
  }

  /** What an interactive shell does with a signal that has no trap. */
  handleAsInteractive(name: string): void {
    const { process } = this.#shell
    if (name === 'SIGINT') process.onSignal(name, () => this.interrupt())
    else if (['SIGTERM', 'SIGQUIT', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'].includes(name)) process.onSignal(name, () => {})
    else process.onSignal(name, undefined)
  }

  /** Ctrl-C: gives up what runs in the shell itself. */
  interrupt(): void {
    this.#isInterrupted = true
    this.#shell.process.interruptWaits(new Interrupted())
  }

  /** Forgets a Ctrl-C that has done its work. */
  clearInterrupt(): void {
    this.#isInterrupted = false
  }

  get hasPending(): boolean {
    return this.#isInterrupted || this.#pending.length > 0
  }

  /** Runs the traps of signals that have come. */
  async runPending(): Promise<void> {
    if (this.#isInterrupted) {
      this.#isInterrupted = false
      throw new Interrupted()
    }
    for (const name of this.#pending.splice(0)) await this.run(name)
  }

  /** Takes a trap away and gives its command. */
  take(name: string): string | undefined {
    const action = this.#actions.get(name)
    this.#actions.delete(name)
    return action
  }

  /** Runs a trap, if there is one; `$?` stays. */
  async run(name: string): Promise<void> {
    const action = this.#actions.get(name)
    if (!action || this.#isHidden(name)) return
    const shell = this.#shell
    const { status } = shell
    this.#actions.delete(name)
    try {
      await shell.runText(action)
    } finally {
      if (!this.#actions.has(name)) this.#actions.set(name, action)
    }
    shell.status = status
  }

  /** Functions do not inherit the traps ERR and RETURN, unless `set -E` and `set -T` say so. */
  #isHidden(name: string): boolean {
    const option = name === 'ERR' ? 'errtrace' : name === 'RETURN' ? 'functrace' : undefined
    if (option === undefined || this.#shell.options.has(option)) return false
    return this.#shell.callers.length > (this.#depths.get(name) ?? 0)
  }

  #arrive(name: string): void {
    this.#pending.push(name)
    if (this.endsWait) this.#shell.process.interruptWaits(new SignalArrived(name))
  }
}
