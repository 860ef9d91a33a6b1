import type { Timer } from '../clock.ts'
import type { Machine } from './machine.ts'
import type { Process, Program } from './program.ts'
import { TextSink } from './streams.ts'

/** A line of the journal. */
export interface JournalEntry {
  /** Milliseconds of the clock. */
  readonly at: number
  /** The program that wrote it, and its number. */
  readonly from: string
  readonly pid: number
  readonly text: string
}

/** What a unit is, as its file in /lib/systemd/system says it. */
export interface UnitDescription {
  /** `kubelet.service` */
  readonly name: string
  readonly description: string
  readonly documentation: string
  readonly argv: readonly string[]
  readonly program: Program
}

// Restart=always, RestartSec=10: the unit file of kubelet.
const restartDelay = 10_000
const longestJournal = 1_000

/** A daemon that systemd looks after: it starts it, stops it when asked, and starts it again when it ends by itself. */
export class Unit {
  readonly name: string
  readonly description: string
  readonly documentation: string
  readonly argv: readonly string[]
  isEnabled = true
  /** Since when it is as it is, in milliseconds of the clock. */
  since: number
  process: Process | undefined
  /** The process that ran last. */
  lastPid = 0
  /** How it ended, as `systemctl status` says it. */
  lastEnd = ''
  #journal: JournalEntry[] = []
  #restart: Timer | undefined
  #isStopping = false
  readonly #machine: Machine
  readonly #program: Program

  constructor(machine: Machine, { name, description, documentation, argv, program }: UnitDescription) {
    this.#machine = machine
    this.name = name
    this.description = description
    this.documentation = documentation
    this.argv = argv
    this.#program = program
    this.since = machine.kernel.clock.now
  }

  /** As `systemctl is-active` says it. */
  get state(): 'active' | 'activating' | 'inactive' {
    if (this.process) return 'active'
    return this.#restart ? 'activating' : 'inactive'
  }

  /** The oldest line first. */
  get journal(): readonly JournalEntry[] {
    return this.#journal
  }

  start(): void {
    if (this.process) return
    this.#restart?.cancel()
    this.#restart = undefined
    this.#isStopping = false
    this.#say(`Started ${this.name} - ${this.description}.`)
    const program = this.name.replace(/\.service$/, '')
    const output = new TextSink(text => {
      for (const line of text.split('\n')) if (line !== '') this.#write(program, this.lastPid, line)
    })
    const { argv } = this
    const process = this.#machine.start({
      argv,
      program: this.#program,
      stdout: output,
      stderr: output,
      terminal: null,
    })
    this.process = process
    this.lastPid = process.pid
    this.since = this.#machine.kernel.clock.now
    process.onExit(() => this.#ended(process))
  }

  /** Asks its process to end; it is not started again until someone asks for it. */
  stop(): void {
    this.#isStopping = true
    if (this.process) {
      this.#say(`Stopping ${this.name} - ${this.description}...`)
      this.process.kill('SIGTERM')
    } else if (this.#restart) {
      this.#restart.cancel()
      this.#restart = undefined
      this.since = this.#machine.kernel.clock.now
      this.#say(`Stopped ${this.name} - ${this.description}.`)
    }
  }

  #ended(process: Process): void {
    if (this.process !== process) return
    this.process = undefined
    this.since = this.#machine.kernel.clock.now
    const { endedBy, status } = process
    const isKilled = endedBy !== undefined && !this.#isStopping
    this.lastEnd = isKilled
      ? `code=killed, signal=${endedBy.replace(/^SIG/, '')}`
      : `code=exited, status=${this.#isStopping ? '0/SUCCESS' : status}`
    if (this.#isStopping) {
      this.#say(`${this.name}: Deactivated successfully.`)
      this.#say(`Stopped ${this.name} - ${this.description}.`)
      return
    }
    if (endedBy === undefined) this.#say(`${this.name}: Main process exited, code=exited, status=${status}`)
    else this.#say(`${this.name}: Main process exited, code=killed, status=${signalText(endedBy)}`)
    this.#say(`${this.name}: Failed with result '${endedBy === undefined ? 'exit-code' : 'signal'}'.`)
    this.#restart = this.#machine.kernel.clock.after(restartDelay, () => this.start())
  }

  #say(text: string): void {
    this.#write('systemd', 1, text)
  }

  #write(from: string, pid: number, text: string): void {
    this.#journal.push({ at: this.#machine.kernel.clock.now, from, pid, text })
    if (this.#journal.length > longestJournal) this.#journal.shift()
  }
}

/** `9/KILL` */
function signalText(name: string): string {
  const numbers: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }
  return `${numbers[name] ?? 0}/${name.replace(/^SIG/, '')}`
}
