import { journalLines } from '../journal.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import type { Unit } from '../unit.ts'

/** Starts, stops and shows the daemons of a machine. */
// Simplified: systemd looks after kubelet here; what else runs on a machine is there to be seen.
export const systemctl = defineProgram({
  name: 'systemctl',
  summary: 'control the systemd system and service manager',
  usage: '[OPTIONS...] COMMAND ...',
  package: 'systemd 252 (252.33-1~deb12u1)',
  options: [
    { short: 'q', long: 'quiet', help: 'Suppress output' },
    { long: 'no-pager', help: 'Do not pipe output into a pager' },
    { short: 'l', long: 'full', help: "Don't ellipsize unit names on output" },
    { short: 'n', long: 'lines', value: 'INTEGER', help: 'Number of journal entries to show' },
    { long: 'now', help: 'Start or stop unit after enabling or disabling it' },
  ],
  notSimulated:
    '-H --host -M --machine -t --type --state -p --property -a --all -r --recursive --reverse -i --value -s --signal --kill-whom --what --user --system --wait --no-block --no-wall --no-reload -f --force --root -o --output --plain --failed --show-types --no-legend',
  complete: (process, words) =>
    words.length <= 2
      ? ['daemon-reload', 'disable', 'enable', 'is-active', 'is-enabled', 'restart', 'start', 'status', 'stop']
      : [...process.machine.units.keys()],
  async run(process, args) {
    const [command = 'list-units', ...names] = args.operands
    if (!process.machine.units.size)
      return say(
        process,
        "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down",
      )
    if (command === 'daemon-reload') return 0
    if (command === 'list-units') return list(process)
    const act = verbs[command]
    if (!act)
      return others.has(command)
        ? process.fail(`${command} is not simulated here`)
        : say(process, `Unknown command verb ${command}.`)
    if (names.length === 0) return say(process, 'Too few arguments.')
    if (command !== 'status' && !command.startsWith('is-') && process.user.uid !== 0)
      return say(
        process,
        `Failed to ${command} ${names[0]}: Interactive authentication required.\nSee system logs and 'systemctl status ${names[0]}' for details.`,
      )
    let status = 0
    for (const name of names) {
      const full = /\.\w+$/.test(name) ? name : `${name}.service`
      const unit = process.machine.units.get(full)
      status =
        (unit
          ? await act(process, unit, {
              lines: Number(args.get('lines') ?? 10),
              isQuiet: args.has('quiet'),
              isNow: args.has('now'),
            })
          : await missing(process, command, full)) || status
    }
    return status
  },
})

interface Wishes {
  readonly lines: number
  readonly isQuiet: boolean
  /** `--now` */
  readonly isNow: boolean
}

type Verb = (process: Process, unit: Unit, wishes: Wishes) => Promise<number>

const verbs: Readonly<Record<string, Verb>> = {
  start: async (_process, unit) => {
    unit.start()
    return 0
  },
  stop: async (process, unit) => {
    await stop(process, unit)
    return 0
  },
  restart: async (process, unit) => {
    await stop(process, unit)
    unit.start()
    return 0
  },
  enable: async (process, unit, { isNow }) => {
    if (!unit.isEnabled)
      await process.stderr.write(
        `Created symlink /etc/systemd/system/multi-user.target.wants/${unit.name} → /lib/systemd/system/${unit.name}.\n`,
      )
    unit.isEnabled = true
    if (isNow) unit.start()
    return 0
  },
  disable: async (process, unit, { isNow }) => {
    if (unit.isEnabled)
      await process.stderr.write(`Removed "/etc/systemd/system/multi-user.target.wants/${unit.name}".\n`)
    unit.isEnabled = false
    if (isNow) await stop(process, unit)
    return 0
  },
  'is-active': async (process, unit, { isQuiet }) => {
    if (!isQuiet) await process.write(`${unit.state}\n`)
    return unit.state === 'active' ? 0 : 3
  },
  'is-enabled': async (process, unit, { isQuiet }) => {
    if (!isQuiet) await process.write(unit.isEnabled ? 'enabled\n' : 'disabled\n')
    return unit.isEnabled ? 0 : 1
  },
  status: showStatus,
}

const others: ReadonlySet<string> = new Set(
  'cat edit kill mask unmask reload show list-unit-files list-timers poweroff reboot isolate reset-failed'.split(' '),
)

async function stop(process: Process, unit: Unit): Promise<void> {
  unit.stop()
  const running = unit.process
  if (running) await process.wait<void>(wake => void running.onExit(wake))
}

async function showStatus(process: Process, unit: Unit, { lines }: Wishes): Promise<number> {
  const { machine } = process
  const since = `${stamp(machine.epoch + unit.since)}; ${ago(machine.kernel.clock.now - unit.since)} ago`
  const enabled = unit.isEnabled ? 'enabled' : 'disabled'
  const rows = [
    `${unit.state === 'inactive' ? '○' : '●'} ${unit.name} - ${unit.description}`,
    `     Loaded: loaded (/lib/systemd/system/${unit.name}; ${enabled}; preset: enabled)`,
  ]
  const active = { active: 'active (running)', activating: 'activating (auto-restart)', inactive: 'inactive (dead)' }
  rows.push(`     Active: ${active[unit.state]} since ${since}`, `       Docs: ${unit.documentation}`)
  if (unit.process) {
    rows.push(`   Main PID: ${unit.lastPid} (${unit.process.comm})`)
    rows.push(`     CGroup: /system.slice/${unit.name}`, `             └─${unit.lastPid} ${unit.argv.join(' ')}`)
  } else rows.push(`   Main PID: ${unit.lastPid} (${unit.lastEnd})`)
  const shown = unit.journal.slice(-lines)
  if (shown.length > 0) rows.push('', ...journalLines(machine, shown))
  await process.write(`${rows.join('\n')}\n`)
  return unit.state === 'active' ? 0 : 3
}

async function list(process: Process): Promise<number> {
  const units = [...process.machine.units.values()]
  const width = Math.max(...units.map(unit => unit.name.length))
  await process.write(`  ${'UNIT'.padEnd(width)} LOAD   ACTIVE SUB     DESCRIPTION\n`)
  for (const unit of units)
    if (unit.process) await process.write(`  ${unit.name.padEnd(width)} loaded active running ${unit.description}\n`)
  return 0
}

async function missing(process: Process, command: string, name: string): Promise<number> {
  if (command === 'is-active') {
    await process.write('inactive\n')
    return 3
  }
  if (command === 'is-enabled') {
    await say(process, `Failed to get unit file state for ${name}: No such file or directory`)
    return 1
  }
  if (command === 'status') {
    await say(process, `Unit ${name} could not be found.`)
    return 4
  }
  if (command === 'enable' || command === 'disable')
    return say(process, `Failed to ${command} unit: Unit file ${name} does not exist.`)
  await say(
    process,
    command === 'stop'
      ? `Failed to stop ${name}: Unit ${name} not loaded.`
      : `Failed to ${command} ${name}: Unit ${name} not found.`,
  )
  return 5
}

async function say(process: Process, message: string): Promise<number> {
  await process.stderr.write(`${message}\n`)
  return 1
}

/** `Mon 2026-03-02 09:30:40 UTC` */
function stamp(time: number): string {
  const text = new Date(time).toUTCString()
  return `${text.slice(0, 3)} ${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** As systemd says how long ago something was: with its two largest units. */
function ago(duration: number): string {
  const seconds = Math.floor(duration / 1000)
  const minutes = Math.floor(seconds / 60)
  if (minutes === 0) return `${seconds}s`
  if (minutes < 60) return minutes < 5 && seconds % 60 > 0 ? `${minutes}min ${seconds % 60}s` : `${minutes}min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return minutes % 60 > 0 ? `${hours}h ${minutes % 60}min` : `${hours}h`
  return `${Math.floor(hours / 24)} day${hours < 48 ? '' : 's'}`
}
