import { FileError } from '../fileError.ts'
import { defineProgram } from '../options.ts'
import { Exit, type Process } from '../program.ts'
import { quoted } from '../quoting.ts'
import { runFailure } from '../runInstead.ts'
import { findSignal } from '../signals.ts'
import { parseDuration } from '../sizes.ts'

/** Runs a command and ends it when it takes too long. */
export const timeout = defineProgram({
  name: 'timeout',
  summary: 'run a command with a time limit',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION] DURATION COMMAND [ARG]...',
  options: [
    { long: 'preserve-status', help: 'exit with the same status as COMMAND, even when the command times out' },
    { long: 'foreground', help: 'allow COMMAND to read from the TTY and get TTY signals' },
    {
      short: 'k',
      long: 'kill-after',
      value: 'DURATION',
      help: 'also send a KILL signal if COMMAND is still running this long after',
    },
    { short: 's', long: 'signal', value: 'SIGNAL', help: 'specify the signal to be sent on timeout' },
    { short: 'v', long: 'verbose', help: 'diagnose to stderr any signal sent upon timeout' },
  ],
  operandsEndOptions: true,
  usageStatus: 125,
  busybox: { usage: '[-s SIG] [-k KILL_SECS] SECS PROG ARGS', options: 'sk' },
  async run(process, args) {
    const [limitText, ...argv] = args.operands
    if (limitText === undefined || argv.length === 0) throw args.misuse('')
    const read = (text: string) => {
      const duration = parseDuration(text)
      if (duration !== undefined) return duration
      throw args.misuse(`invalid time interval ${quoted(process, text)}`)
    }
    const limit = read(limitText)
    const signal = findSignal(args.get('signal') ?? 'TERM')
    if (!signal) throw args.misuse(`${quoted(process, args.get('signal')!)}: invalid signal`)
    const grace = args.get('kill-after')
    const child = await start(process, argv)
    // Whoever stops `timeout` means the command.
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) process.onSignal(name, () => child.kill(name))
    if (await hasEnded(process, child, limit)) return child.status!
    const tell = async (name: string) => {
      if (args.has('verbose'))
        await process.fail(`sending signal ${name.slice(3)} to command ${quoted(process, argv[0]!)}`)
    }
    await tell(signal.name)
    child.kill(signal.name)
    if (child.state === 'stopped') child.kill('SIGCONT')
    let wasKilled = signal.name === 'SIGKILL'
    if (grace !== undefined && !(await hasEnded(process, child, read(grace)))) {
      await tell('SIGKILL')
      child.kill('SIGKILL')
      wasKilled = true
    }
    await hasEnded(process, child, Number.POSITIVE_INFINITY)
    if (args.has('preserve-status') || process.flavour === 'busybox') return child.status!
    return wasKilled ? 137 : 124
  },
})

async function start(process: Process, argv: readonly string[]): Promise<Process> {
  try {
    return process.spawn({ argv })
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    const [message, status] = runFailure(process, argv[0]!, error)
    throw new Exit(
      await process.fail(process.flavour === 'busybox' ? message : `failed to run command ${message}`, status),
    )
  }
}

/** Waits for a command for a while; nought waits without end. */
async function hasEnded(process: Process, child: Process, limit: number): Promise<boolean> {
  if (child.status !== undefined) return true
  if (limit === 0 || limit === Number.POSITIVE_INFINITY) await process.wait<void>(wake => void child.onExit(wake))
  else await process.waitFor<true>(limit, wake => void child.onExit(() => wake(true)))
  return child.status !== undefined
}
