import type { Process } from '../../program.ts'
import { findSignal, signals } from '../../signals.ts'
import { type Builtin, complain } from '../builtin.ts'
import type { Dialect } from '../dialect.ts'
import type { Interpreter } from '../interpreter.ts'
import { signalTable } from './trap.ts'

/** `kill`. */
export const kill: Builtin = {
  name: 'kill',
  usage: '[-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]',
  summary: 'Send a signal to a job.',
  async run(shell, args) {
    let rest = args
    let signal = findSignal('TERM')!
    let isProbe = false
    const first = rest[0]
    if (first === '-l' || first === '-L') return list(shell, rest.slice(1))
    if (first === '-s' || first === '-n') {
      isProbe = rest[1] === '0'
      const found = findSignal(rest[1] ?? '')
      if (!found && !isProbe) return complain(shell, 'kill', `${rest[1] ?? first}: invalid signal specification`)
      signal = found ?? signal
      rest = rest.slice(2)
    } else if (first?.startsWith('-') && first.length > 1 && first !== '--') {
      isProbe = first === '-0'
      const found = findSignal(first.slice(1))
      if (!found && !isProbe) return complain(shell, 'kill', `${first.slice(1)}: invalid signal specification`)
      signal = found ?? signal
      rest = rest.slice(1)
    } else if (first === '--') rest = rest.slice(1)
    if (rest.length === 0) {
      await shell.process.stderr.write(`kill: usage: kill ${kill.usage}\n`)
      return 2
    }
    let status = 0
    for (const target of rest) {
      const found = await targetsOf(shell, target)
      if (found === undefined) status = 1
      for (const process of found ?? []) {
        if (!mayKill(shell, process)) status = await complain(shell, 'kill', `(${target}) - Operation not permitted`)
        else if (!isProbe) {
          process.kill(signal.name, shell.process)
          // A stopped process gets its SIGTERM when it goes on, and bash sees to that for its jobs.
          if (target.startsWith('%') && process.state === 'stopped' && signal.action === 'end') process.kill('SIGCONT')
        }
      }
    }
    await shell.checkpoint()
    return status
  },
}

async function targetsOf(shell: Interpreter, target: string): Promise<readonly Process[] | undefined> {
  const { machine } = shell.process
  if (target.startsWith('%')) {
    const job = shell.jobs.find(target)
    if (job && job !== 'ambiguous') return job.processes
    const bare = `kill: No such job: ${target}`
    await refuse(shell, { bash: `kill: ${target}: no such job`, ash: bare, dash: bare })
    return undefined
  }
  if (!/^-?\d+$/.test(target)) {
    await refuse(shell, {
      bash: `kill: ${target}: arguments must be process or job IDs`,
      ash: `invalid number '${target}'`,
      dash: `kill: Illegal number: ${target}`,
    })
    return undefined
  }
  const number = Number(target)
  const all = [...machine.processes.values()]
  const found =
    number > 0
      ? all.filter(process => machine.pidOf(process) === number)
      : all.filter(
          process => process.machine === machine && process.group === (number === 0 ? shell.process.group : -number),
        )
  if (found.length > 0) return found
  await refuse(shell, {
    bash: `kill: (${target}) - No such process`,
    ash: `can't kill pid ${target}: No such process`,
    dash: 'kill: No such process\n',
  })
  return undefined
}

/** Each shell has its own words. */
function refuse(shell: Interpreter, words: Readonly<Record<Dialect, string>>): Promise<void> {
  return shell.complain(words[shell.dialect])
}

function mayKill(shell: Interpreter, process: Process): boolean {
  const { uid } = shell.process.user
  return uid === 0 || process.user.uid === uid
}

async function list(shell: Interpreter, args: readonly string[]): Promise<number> {
  if (args.length === 0) {
    await shell.process.write(shell.dialect === 'bash' ? signalTable() : shortTable())
    return 0
  }
  let status = 0
  for (const arg of args) {
    const number = /^\d+$/.test(arg) ? Number(arg) & 127 : undefined
    const signal = number === undefined ? findSignal(arg) : signals[(number > 128 ? number - 128 : number) - 1]
    if (!signal) status = await complain(shell, 'kill', `${arg}: invalid signal specification`)
    else await shell.process.write(`${number === undefined ? signal.number : signal.name.slice(3)}\n`)
  }
  return status
}

function shortTable(): string {
  return signals.map(signal => `${String(signal.number).padStart(2)}) ${signal.name.slice(3)}\n`).join('')
}
