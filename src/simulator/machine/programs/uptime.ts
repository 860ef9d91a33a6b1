import { formatDate, zoneOf } from '../dateFormat.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { sessionsOn } from '../sessions.ts'

/** Tells how long the machine has been running. */
export const uptime = defineProgram({
  name: 'uptime',
  summary: 'tell how long the system has been running',
  package: 'procps-ng 4.0.2',
  usage: '[options]',
  options: [
    { short: 'p', long: 'pretty', help: 'show uptime in pretty format' },
    { short: 's', long: 'since', help: 'system up since' },
  ],
  busybox: { usage: '', options: '' },
  async run(process, args) {
    const { machine } = process
    const zone = zoneOf(process.env.get('TZ'))
    const boot = machine.epoch + machine.bootTime
    if (args.has('since')) await process.write(`${formatDate('%Y-%m-%d %H:%M:%S', boot, zone)}\n`)
    else if (args.has('pretty')) await process.write(`${pretty(machine.now() - boot)}\n`)
    else await process.write(`${uptimeLine(process)}\n`)
    return 0
  },
})

/** ` 09:05:00 up 5 min,  1 user,  load average: 0.00, 0.00, 0.00` */
function uptimeLine(process: Process): string {
  const { machine } = process
  const minutes = Math.floor((machine.now() - machine.epoch - machine.bootTime) / 60_000)
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor(minutes / 60) % 24
  const front = days > 0 ? `${days} day${days === 1 ? '' : 's'}, ` : ''
  const length =
    hours > 0 ? `${String(hours).padStart(2)}:${String(minutes % 60).padStart(2, '0')}` : `${minutes % 60} min`
  const users = sessionsOn(machine).length
  const clock = formatDate('%H:%M:%S', machine.now(), zoneOf(process.env.get('TZ')))
  // Simplified: nothing here takes processor time, so the load is nought.
  const load = 'load average: 0.00, 0.00, 0.00'
  const isOne = users === 1 && process.flavour === 'gnu'
  return ` ${clock} up ${front}${length},  ${users} user${isOne ? '' : 's'},  ${load}`
}

function pretty(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000)
  const parts = (
    [
      [Math.floor(minutes / 10_080), 'week'],
      [Math.floor(minutes / 1440) % 7, 'day'],
      [Math.floor(minutes / 60) % 24, 'hour'],
      [minutes % 60, 'minute'],
    ] as const
  )
    .filter(([count], index, all) => count > 0 || (index === 3 && all.every(([each]) => each === 0)))
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`)
  return `up ${parts.join(', ')}`
}
