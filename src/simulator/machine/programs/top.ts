import { formatDate, zoneOf } from '../dateFormat.ts'
import { enterScreen, Keyboard, leaveScreen } from '../keyboard.ts'
import { type Arguments, defineProgram } from '../options.ts'
import { type ProcessRow, processRows } from '../processTable.ts'
import type { Process } from '../program.ts'
import { sessionsOn } from '../sessions.ts'

/** Shows processes and how busy the machine is. */
export const top = defineProgram({
  name: 'top',
  summary: 'display Linux processes',
  package: 'procps-ng 4.0.2',
  usage: '[options]',
  options: [
    { short: 'b', long: 'batch-mode', help: 'run in non-interactive batch mode' },
    { short: 'c', long: 'cmdline-toggle', help: "reverse last remembered 'c' state" },
    { short: 'd', long: 'delay', value: 'SECS', help: 'iterative delay as SECS [.TENTHS]' },
    { short: 'n', long: 'iterations', value: 'NUMBER', help: 'exit on maximum iterations NUMBER' },
    { short: 'o', long: 'sort-override', value: 'FIELD', help: 'force sorting on this named FIELD' },
    { short: 'p', long: 'pid', value: 'PIDLIST', help: 'monitor only the tasks in PIDLIST' },
    { short: 'u', long: 'filter-only-euser', value: 'USER', help: 'show only processes owned by USER' },
    { short: 'w', long: 'width', value: '[COLUMNS]', help: 'change print width' },
  ],
  notSimulated: '-E -e -H -i -O -S -s -U -1',
  prepare: words => words.map((word, index) => (index === 0 && /^[bcdn]+\d*$/.test(word) ? `-${word}` : word)),
  busybox: { usage: '[-bmH] [-n COUNT] [-d SECONDS]', options: 'bnd' },
  async run(process, args) {
    const { terminal } = process.stdout
    const isBatch = args.has('batch-mode')
    if (!isBatch && !terminal) return process.fail('failed tty get')
    const limit = Number(args.get('iterations') ?? Number.POSITIVE_INFINITY)
    const delay = Number(args.get('delay') ?? (process.flavour === 'busybox' ? 5 : 3)) * 1000
    if (Number.isNaN(limit) || Number.isNaN(delay))
      return process.fail(`bad ${Number.isNaN(limit) ? 'iterations' : 'delay interval'} argument`)
    if (isBatch) return batch(process, args, limit, delay)
    const keyboard = new Keyboard(process, terminal!)
    // Ctrl-C is a way to leave, as q is.
    let isOver = false
    process.onSignal('SIGINT', () => {
      isOver = true
      terminal!.input('q')
    })
    try {
      await process.write(`${enterScreen}\x1b[?25l`)
      for (let count = 0; count < limit && !isOver; count++) {
        const lines = screen(process, args).slice(0, terminal!.rows)
        const shown = lines.map((line, index) => {
          const cut = line.slice(0, terminal!.columns)
          return isTitle(line) && index > 0 ? `\x1b[7m${cut.padEnd(terminal!.columns)}\x1b[27m` : cut
        })
        await process.write(`\x1b[H${shown.map(line => `${line}\x1b[K`).join('\n')}\x1b[J`)
        const key = await keyboard.next(delay)
        if (key === 'q' || key === '\x03') break
      }
      await process.write(`\x1b[?25h${leaveScreen}`)
    } finally {
      keyboard.release()
    }
    return 0
  },
})

async function batch(process: Process, args: Arguments, limit: number, delay: number): Promise<number> {
  for (let count = 0; count < limit; count++) {
    if (count > 0) await process.sleep(delay)
    await process.write(`${count > 0 ? '\n' : ''}${screen(process, args).join('\n')}\n`)
  }
  return 0
}

function isTitle(line: string): boolean {
  return /^ *PID /.test(line)
}

/** The head and the list of processes. Simplified: nothing takes processor time, so everything is idle. */
function screen(process: Process, args: Arguments): string[] {
  const pids = args.get('pid')?.split(',').map(Number)
  const user = args.get('filter-only-euser')
  const rows = processRows(process.machine, process)
    .filter(
      row =>
        (pids ? pids.includes(row.pid) : true) && (user === undefined || row.user === user || String(row.uid) === user),
    )
    .sort((a, b) => Number(b.process === process) - Number(a.process === process) || a.pid - b.pid)
  return process.flavour === 'busybox' ? busyboxScreen(process, rows) : usualScreen(process, rows, args)
}

function usualScreen(process: Process, rows: readonly ProcessRow[], args: Arguments): string[] {
  const { machine } = process
  const memory = memoryOf(process)
  const minutes = Math.floor((machine.kernel.clock.now - machine.bootTime) / 60_000)
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24]
  const front = days > 0 ? `${days} day${days === 1 ? '' : 's'}, ` : ''
  const length =
    hours > 0 ? `${String(hours).padStart(2)}:${String(minutes % 60).padStart(2, '0')}` : `${minutes % 60} min`
  const users = sessionsOn(machine).length
  const clock = formatDate('%H:%M:%S', machine.now(), zoneOf(process.env.get('TZ')))
  const states = (letter: string) => rows.filter(row => row.state.startsWith(letter)).length
  const mebibytes = (kibibytes: number) => (kibibytes / 1024).toFixed(1)
  const wide = (kibibytes: number) => mebibytes(kibibytes).padStart(8)
  return [
    `top - ${clock} up ${front}${length},  ${users} user${users === 1 ? '' : 's'},  load average: 0.00, 0.00, 0.00`,
    `Tasks: ${String(rows.length).padStart(3)} total, ${String(states('R')).padStart(3)} running, ${String(states('S')).padStart(3)} sleeping, ${String(states('T')).padStart(3)} stopped,   0 zombie`,
    '%Cpu(s):  0.0 us,  0.0 sy,  0.0 ni,100.0 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st ',
    `MiB Mem : ${wide(memory.total)} total, ${wide(memory.free)} free, ${wide(memory.total - memory.available)} used, ${wide(memory.cache)} buff/cache     `,
    `MiB Swap: ${wide(0)} total, ${wide(0)} free, ${wide(0)} used. ${wide(memory.available)} avail Mem `,
    '',
    '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND',
    ...rows.map(row => {
      const share = ((row.residentSize * 100) / memory.total).toFixed(1)
      const numbers = `${String(row.virtualSize).padStart(7)} ${String(row.residentSize).padStart(6)} ${String(Math.floor(row.residentSize * 0.8)).padStart(6)}`
      const name = args.has('cmdline-toggle') ? row.commandLine : row.name
      return `${String(row.pid).padStart(7)} ${row.user.slice(0, 8).padEnd(8)}  20   0 ${numbers} ${row.state[0]}   0.0 ${share.padStart(5)}   0:00.00 ${name}`
    }),
  ]
}

function busyboxScreen(process: Process, rows: readonly ProcessRow[]): string[] {
  const { total, free, cache } = memoryOf(process)
  const running = rows.filter(row => row.state.startsWith('R')).length
  return [
    `Mem: ${total - free}K used, ${free}K free, 0K shrd, ${Math.floor(cache / 8)}K buff, ${cache}K cached`,
    'CPU:   0% usr   0% sys   0% nic 100% idle   0% io   0% irq   0% sirq',
    `Load average: 0.00 0.00 0.00 ${running}/${rows.length} ${Math.max(0, ...rows.map(row => row.pid))}`,
    '  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND',
    ...rows.map(row => {
      const share = `${Math.round((row.virtualSize * 100) / total)}%`
      return `${String(row.pid).padStart(5)} ${String(row.parent).padStart(5)} ${row.user.slice(0, 8).padEnd(8)} ${row.state[0]!.padEnd(4)} ${String(row.virtualSize).padStart(5)} ${share.padStart(4)} ${String(row.pid % 2).padStart(3)}   0% ${row.commandLine}`
    }),
  ]
}

function memoryOf({ files }: Process) {
  const text = files.exists('/proc/meminfo') ? files.readText('/proc/meminfo') : ''
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)
  return {
    total: field('MemTotal') || 1,
    free: field('MemFree'),
    available: field('MemAvailable'),
    cache: field('Buffers') + field('Cached'),
  }
}
