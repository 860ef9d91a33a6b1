import { formatIpv4 } from '../../network/address.ts'
import { SocketError } from '../../network/socketError.ts'
import { defineProgram } from '../options.ts'
import { ResolveError, resolveAddress, resolveHost } from '../resolver.ts'
import { socketErrorTexts } from '../socketFailure.ts'
import { type Answer, Prober } from './traceroute/probe.ts'

/** Pings every router on the way to a host and tells how each one answers. */
// Simplified: only reports; the picture that keeps changing is not there.
export const mtr = defineProgram({
  name: 'mtr',
  summary: 'a network diagnostic tool',
  usage: '-r [options] hostname',
  options: [
    { short: '4', help: 'use IPv4 only' },
    { short: 'b', long: 'show-ips', help: 'show IP numbers and host names' },
    { short: 'c', long: 'report-cycles', value: 'COUNT', help: 'set the number of pings sent' },
    { short: 'i', long: 'interval', value: 'SECONDS', help: 'ICMP echo request interval' },
    { short: 'm', long: 'max-ttl', value: 'NUMBER', help: 'maximum number of hops' },
    { short: 'n', long: 'no-dns', help: 'do not resolve host names' },
    { short: 'r', long: 'report', help: 'output using report mode' },
    { short: 'u', long: 'udp', help: 'use UDP instead of ICMP echo' },
    { short: 'w', long: 'report-wide', help: 'output wide report' },
  ],
  notSimulated:
    '-6 -t -p -g -l -C -j -x -a -f -U -P -L -s -B -Q -z -e -T -S -o -y -F -v -h -M --curses --split --gtk --raw --csv --json --xml --tcp',
  async run(process, args) {
    const [target] = args.operands
    if (target === undefined) return process.fail('No host specified')
    if (!args.has('report') && !args.has('report-wide'))
      return process.fail('the interactive display is not simulated here: use -r for a report')
    let destination: number
    try {
      destination = (await resolveHost(process, target, 4)).addresses[0]!
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error
      return process.fail(`Failed to resolve host: ${target}: ${error.message}`)
    }
    const cycles = Number(args.get('report-cycles') ?? 10)
    const most = Number(args.get('max-ttl') ?? 30)
    const kind = args.has('udp') ? 'udp' : 'icmp'
    const rounds: (Answer | undefined)[][] = []
    await process.write(`Start: ${new Date(process.machine.now()).toISOString().slice(0, 19)}+0000\n`)
    const prober = new Prober(process, destination, { kind, port: 33434, size: 64 })
    let hops = most
    for (let cycle = 0; cycle < cycles; cycle++) {
      const begun = process.kernel.clock.now
      try {
        const answers = await prober.send(
          Array.from({ length: hops }, (_, i) => i + 1),
          cycle === 0 ? 1000 : 900,
        )
        const end = answers.findIndex(answer => answer?.isDestination)
        if (end >= 0) hops = end + 1
        else hops = Math.min(hops, 1 + Math.max(5, answers.findLastIndex(answer => answer !== undefined) + 1))
        rounds.push(answers)
      } catch (error) {
        if (!(error instanceof SocketError)) throw error
        return process.fail(`Unexpected mtr-packet error: ${socketErrorTexts[error.code]}`)
      }
      const pause = Number(args.get('interval') ?? 1) * 1000 - (process.kernel.clock.now - begun)
      if (pause > 0) await process.sleep(pause)
    }
    const width = args.has('report-wide') ? 40 : 28
    const hostWidth = width - 3
    await process.write(`HOST: ${process.machine.hostname.padEnd(width)}Loss%   Snt   Last   Avg  Best  Wrst StDev\n`)
    for (let hop = 0; hop < hops; hop++) {
      const answers = rounds.map(round => round[hop])
      const from = answers.find(answer => answer)?.from
      const text = from === undefined ? '???' : formatIpv4(from)
      const name =
        from === undefined || args.has('no-dns') ? text : ((await resolveAddress(process, from))?.name ?? text)
      await process.write(
        `${String(hop + 1).padStart(3)}.|-- ${name.slice(0, hostWidth).padEnd(hostWidth)}${numbers(answers)}\n`,
      )
    }
    return 0
  },
})

function numbers(answers: readonly (Answer | undefined)[]): string {
  const times = answers.flatMap(answer => (answer ? [answer.time] : []))
  const loss = ((answers.length - times.length) * 100) / Math.max(1, answers.length)
  const average = times.reduce((sum, time) => sum + time, 0) / Math.max(1, times.length)
  const squares = times.reduce((sum, time) => sum + (time - average) ** 2, 0)
  const deviation = Math.sqrt(squares / Math.max(1, times.length - 1))
  const shown =
    times.length === 0 ? [0, 0, 0, 0, 0] : [times.at(-1)!, average, Math.min(...times), Math.max(...times), deviation]
  const [last = 0, ...others] = shown
  const lost = loss === 100 ? ' 100.0' : ` ${loss.toFixed(1).padStart(4)}%`
  const rest = others.map(value => value.toFixed(1).padStart(6)).join('')
  return `${lost}${String(answers.length).padStart(6)}${last.toFixed(1).padStart(7)}${rest}`
}
