import { findSignal } from '../../signals.ts'
import { type Builtin, badOption, complain, parseOptions } from '../builtin.ts'
import type { Interpreter } from '../interpreter.ts'
import { type Job, stateOf } from '../jobs.ts'
import { SignalArrived } from '../traps.ts'

/** `jobs`. */
export const jobs: Builtin = {
  name: 'jobs',
  usage: '[-lnprs] [jobspec ...] or jobs -x command [args]',
  summary: 'Display status of jobs.',
  async run(shell, args) {
    const { options, rest, unknown } = parseOptions(args, 'lnprs')
    if (unknown) return badOption(shell, jobs, unknown)
    let status = 0
    if (!shell.isInteractive) shell.jobs.forgetEnded()
    let shown: readonly Job[] = shell.jobs.listed
    if (rest.length > 0) {
      const wanted: Job[] = []
      for (const name of rest) {
        const job = await findJob(shell, 'jobs', name)
        if (job) wanted.push(job)
        else status = 1
      }
      shown = wanted
    }
    for (const job of shown) {
      const state = stateOf(job)
      if ((options.has('r') && state !== 'running') || (options.has('s') && state !== 'stopped')) continue
      await shell.process.write(
        options.has('p') ? `${job.processes[0]!.pid}\n` : `${shell.jobs.describe(job, options.has('l'))}\n`,
      )
      job.told = state
    }
    shell.jobs.forgetEnded()
    return status
  },
}

/** `fg`. */
export const fg: Builtin = {
  name: 'fg',
  usage: '[job_spec]',
  summary: 'Move job to the foreground.',
  async run(shell, args) {
    if (!shell.hasJobControl) return withoutJobControl(shell, 'fg')
    const job = await findJob(shell, 'fg', args[0])
    if (!job) return 1
    await shell.process.write(`${job.text}\n`)
    return resume(shell, job)
  },
}

/** `bg`. */
export const bg: Builtin = {
  name: 'bg',
  usage: '[job_spec ...]',
  summary: 'Move jobs to the background.',
  async run(shell, args) {
    if (!shell.hasJobControl) return withoutJobControl(shell, 'bg')
    let status = 0
    for (const name of args.length > 0 ? args : [undefined]) {
      const job = await findJob(shell, 'bg', name)
      if (!job) status = 1
      else if (stateOf(job) === 'running') await complain(shell, 'bg', `job ${job.number} already in background`)
      else {
        await shell.process.write(`[${job.number}]${job === shell.jobs.current ? '+' : ''} ${job.text} &\n`)
        job.told = 'running'
        for (const process of job.processes) process.kill('SIGCONT')
      }
    }
    return status
  },
}

/** `disown`. */
export const disown: Builtin = {
  name: 'disown',
  usage: '[-h] [-ar] [jobspec ... | pid ...]',
  summary: 'Remove jobs from current shell.',
  async run(shell, args) {
    const { options, rest, unknown } = parseOptions(args, 'har')
    if (unknown) return badOption(shell, disown, unknown)
    const wanted: Job[] = []
    if (options.has('a') || options.has('r'))
      wanted.push(...shell.jobs.all.filter(job => !options.has('r') || stateOf(job) === 'running'))
    else {
      for (const name of rest.length > 0 ? rest : [undefined]) {
        const job = await findJob(shell, 'disown', name)
        if (!job) return 1
        wanted.push(job)
      }
    }
    for (const job of wanted) {
      if (options.has('h')) job.isDisowned = true
      else shell.jobs.remove(job)
    }
    return 0
  },
}

/** `wait`. */
export const wait: Builtin = {
  name: 'wait',
  usage: '[-fn] [-p var] [id ...]',
  summary: 'Wait for job completion and return exit status.',
  async run(shell, args) {
    const { options, rest, unknown } = parseOptions(args, 'fnp:')
    if (unknown) return badOption(shell, wait, unknown)
    shell.traps.endsWait = true
    try {
      if (options.has('n')) return await waitForAny(shell, rest)
      if (rest.length === 0) {
        await shell.jobs.waitFor(
          shell.jobs.all.flatMap(job => job.processes),
          false,
        )
        if (!shell.isInteractive) shell.jobs.forgetEnded()
        return 0
      }
      let status = 0
      for (const name of rest) status = await waitForOne(shell, name)
      return status
    } catch (error) {
      if (!(error instanceof SignalArrived)) throw error
      await shell.traps.runPending()
      return 128 + findSignal(error.signal)!.number
    } finally {
      shell.traps.endsWait = false
    }
  },
}

async function waitForOne(shell: Interpreter, name: string): Promise<number> {
  if (!name.startsWith('%') && !/^\d+$/.test(name)) {
    return complain(shell, 'wait', `\`${name}': not a pid or valid job spec`)
  }
  const job = shell.jobs.find(name)
  if (!job || job === 'ambiguous') {
    if (shell.dialect !== 'bash') return shell.jobs.endedStatus(Number(name)) ?? 127
    if (name.startsWith('%')) return complain(shell, 'wait', `${name}: no such job`, 127)
    const known = shell.jobs.endedStatus(Number(name))
    return known ?? complain(shell, 'wait', `pid ${name} is not a child of this shell`, 127)
  }
  return shell.jobs.waitForJob(job, Number(name))
}

async function waitForAny(shell: Interpreter, names: readonly string[]): Promise<number> {
  const wanted = shell.jobs.all.filter(job => names.length === 0 || names.some(name => shell.jobs.find(name) === job))
  if (wanted.length === 0) return 127
  const isOver = () => wanted.find(job => stateOf(job) === 'done')
  while (!isOver()) {
    const cancels: (() => void)[] = []
    try {
      await shell.process.wait<void>(wake => {
        for (const job of wanted) for (const process of job.processes) cancels.push(process.onState(wake))
      })
    } finally {
      for (const cancel of cancels) cancel()
    }
  }
  const job = isOver()!
  shell.jobs.remove(job)
  return job.processes[job.processes.length - 1]!.status!
}

function withoutJobControl(shell: Interpreter, name: string): Promise<number> {
  if (shell.dialect === 'bash') return complain(shell, name, 'no job control')
  return complain(shell, name, 'No current job', 2)
}

/** Lets a stopped job go on in the foreground; gives its exit status. */
async function resume(shell: Interpreter, job: Job): Promise<number> {
  job.told = 'running'
  const { terminal } = shell.process
  if (terminal) terminal.foreground = job.group
  for (const process of job.processes) process.kill('SIGCONT')
  return shell.jobs.foreground(job)
}

async function findJob(shell: Interpreter, name: string, spec: string | undefined): Promise<Job | undefined> {
  const job = spec === undefined ? shell.jobs.current : shell.jobs.find(spec)
  if (job === 'ambiguous') {
    await complain(shell, name, `${spec}: ambiguous job spec`)
    return undefined
  }
  if (!job) await complain(shell, name, `${spec ?? 'current'}: no such job`)
  return job
}
