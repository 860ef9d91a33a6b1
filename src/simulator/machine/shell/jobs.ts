import type { Process } from '../program.ts'
import { findSignal } from '../signals.ts'
import { cookedMode } from '../terminal.ts'
import { complaintStart } from './complaints.ts'
import { Interrupted } from './failures.ts'
import type { Interpreter } from './interpreter.ts'

/** A pipeline that a shell has started and still knows about. */
export interface Job {
  readonly number: number
  readonly processes: readonly Process[]
  readonly text: string
  /** Its process group, under job control. */
  readonly group: number
  /** What was last told about it, so that each change is told once. */
  told: JobState
  isForeground: boolean
  /** `disown -h`: it gets no SIGHUP from the shell. */
  isDisowned: boolean
}

/** How a job is. */
export type JobState = 'running' | 'stopped' | 'done'

/** The jobs of a shell, the most recent last. */
export class JobTable {
  readonly #shell: Interpreter
  #jobs: Job[] = []
  readonly #ended = new Map<number, number>()
  /** Jobs of the shell that this one is a copy of: `jobs` in a pipeline shows them. */
  #inherited: readonly Job[] = []

  constructor(shell: Interpreter) {
    this.#shell = shell
  }

  get all(): readonly Job[] {
    return this.#jobs
  }

  /** The jobs that `jobs` lists; a copy of the shell still knows those of its parent. */
  get listed(): readonly Job[] {
    return this.#jobs.length > 0 ? this.#jobs : this.#inherited
  }

  inherit(parent: JobTable): void {
    this.#inherited = parent.listed
  }

  add(processes: readonly Process[], text: string): Job {
    if (!this.#shell.isInteractive) this.forgetEnded()
    const number = Math.max(0, ...this.#jobs.map(job => job.number)) + 1
    const group = processes[0]!.group
    const job: Job = { number, processes, text, group, told: 'running', isForeground: false, isDisowned: false }
    this.#jobs.push(job)
    return job
  }

  remove(job: Job): void {
    for (const process of job.processes) if (process.status !== undefined) this.#ended.set(process.pid, process.status)
    this.#jobs = this.#jobs.filter(each => each !== job)
  }

  /** The job that becomes `%+` for `fg`: the last one stopped, else the last one started. */
  get current(): Job | undefined {
    return this.#jobs.findLast(job => stateOf(job) === 'stopped') ?? this.#jobs.at(-1)
  }

  get previous(): Job | undefined {
    const current = this.current
    const others = this.#jobs.filter(job => job !== current)
    return others.findLast(job => stateOf(job) === 'stopped') ?? others.at(-1)
  }

  /** The job that `%1`, `%+`, `%-`, `%name`, `%?text` or a process number means. */
  find(name: string): Job | undefined | 'ambiguous' {
    if (/^\d+$/.test(name)) return this.#jobs.find(job => job.processes.some(process => process.pid === Number(name)))
    const key = name.replace(/^%/, '')
    if (key === '' || key === '%' || key === '+') return this.current
    if (key === '-') return this.previous ?? this.current
    if (/^\d+$/.test(key)) return this.#jobs.find(job => job.number === Number(key))
    const found = this.#jobs.filter(job =>
      key.startsWith('?') ? job.text.includes(key.slice(1)) : job.text.startsWith(key),
    )
    return found.length > 1 ? 'ambiguous' : found[0]
  }

  /** Waits for processes in the foreground; gives the exit status of the last one. */
  async runForeground(processes: readonly Process[], text: string): Promise<number> {
    const shell = this.#shell
    if (!shell.hasJobControl) {
      await this.waitFor(processes, false)
      const last = processes[processes.length - 1]!
      // bash waits for a child that Ctrl-C ended, and then ends by it itself.
      if (last.endedBy === 'SIGINT' && shell.process.terminal) throw new Interrupted()
      await this.#mourn(last, text)
      return last.status!
    }
    const job = this.add(processes, text)
    return this.foreground(job)
  }

  /** Gives the terminal to a job until it ends or stops. */
  async foreground(job: Job): Promise<number> {
    const shell = this.#shell
    const { terminal } = shell.process
    job.isForeground = true
    if (terminal) terminal.foreground = job.group
    await this.waitFor(job.processes, true)
    job.isForeground = false
    if (terminal) {
      terminal.foreground = shell.process.group
      if (stateOf(job) === 'stopped' || job.processes.some(process => process.endedBy)) terminal.setMode(cookedMode)
    }
    const last = job.processes[job.processes.length - 1]!
    if (stateOf(job) === 'stopped') {
      job.told = 'stopped'
      await shell.process.stderr.write(`${shell.dialect === 'bash' ? '\n' : ''}${this.describe(job)}\n`)
      return 128 + (findSignal(last.endedBy ?? 'SIGTSTP')?.number ?? 20)
    }
    this.remove(job)
    if (last.endedBy === 'SIGINT') throw new Interrupted()
    await this.#mourn(last, job.text)
    return last.status!
  }

  /** Waits for a job in the background to end, as `wait` does; gives the exit status of one of its processes. */
  async waitForJob(job: Job, pid?: number): Promise<number> {
    await this.waitFor(job.processes, false)
    const process = job.processes.find(each => each.pid === pid) ?? job.processes[job.processes.length - 1]!
    this.remove(job)
    if (!this.#shell.isInteractive && process.endedBy !== 'SIGTERM') await this.#mourn(process, job.text)
    return process.status!
  }

  /** Waits until processes have ended, or with `orStopped`, until those that have not are stopped. */
  async waitFor(processes: readonly Process[], orStopped: boolean): Promise<void> {
    const isOver = () => processes.every(each => each.state === 'ended' || (orStopped && each.state === 'stopped'))
    while (!isOver()) {
      const cancels: (() => void)[] = []
      try {
        await this.#shell.process.wait<void>(wake => {
          for (const process of processes) {
            if (process.state !== 'ended') cancels.push(process.onState(() => isOver() && wake()))
          }
        })
      } finally {
        for (const cancel of cancels) cancel()
      }
    }
  }

  /** Forgets jobs that are over and gives the lines that tell so, as they stand before a prompt. */
  news(): string[] {
    const lines: string[] = []
    const { now } = this.#shell.process.kernel.clock
    for (const job of [...this.#jobs]) {
      const state = stateOf(job)
      if (state === job.told || (state === 'done' && endOf(job) === now)) continue
      job.told = state
      if (state !== 'running') lines.push(this.describe(job))
      if (state === 'done') this.remove(job)
    }
    return lines
  }

  /** The exit status of a process that was a job and is forgotten. */
  endedStatus(pid: number): number | undefined {
    return this.#ended.get(pid)
  }

  /** Forgets jobs that are over without a word: shells that are not interactive. */
  forgetEnded(): void {
    for (const job of this.#jobs.filter(each => stateOf(each) === 'done')) this.remove(job)
  }

  /** One line of `jobs`. */
  describe(job: Job, isLong = false): string {
    const mark = job === this.current ? '+' : job === this.previous ? '-' : ' '
    const state = stateOf(job)
    const pid = isLong ? `${job.processes[0]!.pid} ` : ''
    if (this.#shell.dialect !== 'bash') {
      const number = `[${job.number}]${this.#shell.dialect === 'ash' ? `${mark}  ` : ` ${mark} `}`
      return `${number}${pid}${stateText(job, true).padEnd(27 - pid.length)}${job.text}`
    }
    const text = state === 'running' ? `${job.text} &` : job.text
    return `[${job.number}]${mark} ${isLong ? '' : ' '}${pid}${stateText(job).padEnd(24)}${text}`
  }

  /** Says that a signal ended a process, unless Ctrl-C or a broken pipe did. */
  async #mourn(process: Process, text: string): Promise<void> {
    const shell = this.#shell
    const signal = process.endedBy === undefined ? undefined : findSignal(process.endedBy)
    if (!signal || signal.name === 'SIGINT' || signal.name === 'SIGPIPE') return
    const isShort = shell.isInteractive || shell.dialect !== 'bash' || signal.name === 'SIGTERM'
    const line = isShort
      ? signal.text
      : `${complaintStart(shell)}${String(process.pid).padStart(5)} ${signal.text.padEnd(24)}${text}`
    await shell.process.stderr.write(`${line}\n`)
  }
}

/** How a job is now. */
export function stateOf(job: Job): JobState {
  if (job.processes.every(process => process.state === 'ended')) return 'done'
  const isStopped = job.processes.every(process => process.state !== 'running')
  return isStopped ? 'stopped' : 'running'
}

/** `Running`, `Done`, `Exit 3` (`Done(3)` in ash and dash), `Terminated` … */
function stateText(job: Job, isBare = false): string {
  const state = stateOf(job)
  if (state === 'running') return 'Running'
  const last = job.processes[job.processes.length - 1]!
  const signal = last.endedBy === undefined ? undefined : findSignal(last.endedBy)
  if (state === 'stopped') return signal?.text ?? 'Stopped'
  if (signal) return signal.text
  if (last.status === 0) return 'Done'
  return isBare ? `Done(${last.status})` : `Exit ${last.status}`
}

/** When the last process of a job ended. */
function endOf(job: Job): number {
  return Math.max(...job.processes.map(process => process.endedAt ?? 0))
}
