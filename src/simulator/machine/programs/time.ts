import { FileError } from '../fileError.ts'
import { defineProgram } from '../options.ts'

/** Measures how long a command takes, for shells that do not do that themselves. */
export const time = defineProgram({
  name: 'time',
  summary: 'run programs and summarize system resource usage',
  package: 'GNU Time 1.9',
  usage: '[options] command [arguments...]',
  options: [
    { short: 'p', long: 'portability', help: 'print in the format of POSIX' },
    { short: 'v', long: 'verbose', help: 'verbose' },
  ],
  notSimulated: '-a --append -f --format -o --output -q --quiet',
  operandsEndOptions: true,
  usageStatus: 125,
  busybox: { usage: '[-vpa] [-o FILE] PROG ARGS', options: 'p' },
  async run(process, args) {
    if (args.operands.length === 0) throw args.misuse('missing program to run')
    const begin = process.kernel.clock.now
    try {
      const child = process.spawn({ argv: args.operands })
      await process.wait<void>(wake => void child.onExit(wake))
      const status = child.status!
      const seconds = (process.kernel.clock.now - begin) / 1000
      const front =
        status === 0 || process.flavour === 'busybox' ? '' : `Command exited with non-zero status ${status}\n`
      await process.stderr.write(front + summary(seconds, process.flavour === 'busybox', args.has('portability')))
      return status
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      return process.fail(`cannot run ${args.operands[0]}: ${error.text}`, error.code === 'ENOENT' ? 127 : 126)
    }
  },
})

// Simplified: programs take no processor time here.
function summary(seconds: number, isBusybox: boolean, isPosix: boolean): string {
  if (isPosix) return `real ${seconds.toFixed(2)}\nuser 0.00\nsys 0.00\n`
  const minutes = Math.floor(seconds / 60)
  const rest = (seconds % 60).toFixed(2)
  if (isBusybox) return `real\t${minutes}m ${rest}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`
  return `0.00user 0.00system ${minutes}:${rest.padStart(5, '0')}elapsed 0%CPU (0avgtext+0avgdata 2048maxresident)k\n0inputs+0outputs (0major+90minor)pagefaults 0swaps\n`
}
