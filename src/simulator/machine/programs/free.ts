import { type Arguments, defineProgram } from '../options.ts'
import type { Process } from '../program.ts'

/** Shows how memory is used. */
export const free = defineProgram({
  name: 'free',
  summary: 'display amount of free and used memory in the system',
  package: 'procps-ng 4.0.2',
  usage: '[options]',
  options: [
    { short: 'b', long: 'bytes', help: 'show output in bytes' },
    { short: 'k', long: 'kibi', help: 'show output in kibibytes' },
    { short: 'm', long: 'mebi', help: 'show output in mebibytes' },
    { short: 'g', long: 'gibi', help: 'show output in gibibytes' },
    { short: 'h', long: 'human', help: 'show human-readable output' },
    { long: 'mega', help: 'show output in megabytes' },
    { short: 't', long: 'total', help: 'show total for RAM + swap' },
    { short: 'w', long: 'wide', help: 'wide output' },
  ],
  notSimulated: '--kilo --giga --tera --peta --tebi --pebi --si -l --lohi -s --seconds -c --count',
  busybox: { usage: '[-bkmgh]', options: 'bkmgh' },
  async run(process, args) {
    const memory = readMemory(process)
    const { total, free: unused, cache, available } = memory
    const used = total - available
    const show = unitOf(args)
    const isWide = args.has('wide')
    const first = process.flavour === 'busybox' ? 12 : 13
    const line = (name: string, cells: readonly string[]) =>
      `${name.padEnd(7)}${cells.map((cell, index) => cell.padStart(index === 0 ? first : 12)).join('')}\n`
    const caches = isWide ? [show(memory.buffers), show(cache - memory.buffers)] : [show(cache)]
    const titles = ['total', 'used', 'free', 'shared', ...(isWide ? ['buffers', 'cache'] : ['buff/cache']), 'available']
    let text =
      line('', titles) + line('Mem:', [show(total), show(used), show(unused), show(0), ...caches, show(available)])
    text += line('Swap:', [show(0), show(0), show(0)])
    if (args.has('total')) text += line('Total:', [show(total), show(used), show(unused)])
    await process.write(text)
    return 0
  },
})

interface Memory {
  readonly total: number
  readonly free: number
  readonly available: number
  readonly buffers: number
  readonly cache: number
}

/** What /proc/meminfo says, in KiB. */
function readMemory(process: Process): Memory {
  const text = process.files.exists('/proc/meminfo') ? process.files.readText('/proc/meminfo') : ''
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)
  const buffers = field('Buffers')
  return {
    total: field('MemTotal'),
    free: field('MemFree'),
    available: field('MemAvailable'),
    buffers,
    cache: buffers + field('Cached'),
  }
}

function unitOf(args: Arguments): (kibibytes: number) => string {
  const unit = args.last('bytes', 'kibi', 'mebi', 'gibi', 'human', 'mega')
  switch (unit) {
    case 'bytes':
      return size => String(size * 1024)
    case 'mebi':
      return size => String(Math.floor(size / 1024))
    case 'gibi':
      return size => String(Math.floor(size / 1_048_576))
    case 'mega':
      return size => String(Math.floor((size * 1024) / 1_000_000))
    case 'human':
      return human
    default:
      return String
  }
}

/** `23Gi`, `1.1Gi`, `512Mi`, `0B`. */
function human(kibibytes: number): string {
  if (kibibytes === 0) return '0B'
  let size = kibibytes
  for (const unit of ['Ki', 'Mi', 'Gi', 'Ti']) {
    if (size < 10) return `${size.toFixed(1)}${unit}`
    if (size < 1000) return `${Math.floor(size)}${unit}`
    size /= 1024
  }
  return `${Math.floor(size)}Pi`
}
