import { formatIpv4 } from '../../network/address.ts'
import { SocketError } from '../../network/socketError.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { type HostEntry, ResolveError, resolveAddress, resolveHost } from '../resolver.ts'
import { socketErrorTexts } from '../socketFailure.ts'
import { type Answer, Prober } from './traceroute/probe.ts'

/** The real program has this many probes on their way at once. */
const atOnce = 16

/** Finds the routers on the way to a host. */
export const traceroute = defineProgram({
  name: 'traceroute',
  summary: 'print the route packets trace to network host',
  usage: '[ -4nFI ] [ -f first_ttl ] [ -m max_ttl ] [ -p port ] [ -q nqueries ] [ -w wait ] host [ packetlen ]',
  usageStatus: 2,
  busybox: {
    usage: '[-Fln] [-f 1ST_TTL] [-m MAXTTL] [-q PROBES] [-p PORT] [-w WAIT_SEC] HOST [BYTES]',
    options: 'FInfmqpw',
  },
  options: [
    { short: '4', help: 'use IPv4' },
    { short: 'f', long: 'first', value: 'first_ttl', help: 'start from the first_ttl hop (instead from 1)' },
    { short: 'F', long: 'dont-fragment', help: 'do not fragment packets' },
    { short: 'I', long: 'icmp', help: 'use ICMP ECHO for tracerouting' },
    { short: 'm', long: 'max-hops', value: 'max_ttl', help: 'set the max number of hops (default: 30)' },
    { short: 'n', help: 'do not resolve IP addresses to their domain names' },
    { short: 'p', long: 'port', value: 'port', help: 'set the destination port to use' },
    { short: 'q', long: 'queries', value: 'nqueries', help: 'set the number of probes per each hop (default: 3)' },
    { short: 'U', long: 'udp', help: 'use UDP to particular port for tracerouting', only: 'gnu' },
    {
      short: 'w',
      long: 'wait',
      value: 'waittime',
      help: 'wait for a probe no more than this many seconds (default: 5)',
    },
  ],
  notSimulated:
    '-6 -A -d -e -E -g -i -l -M -N -O -P -r -s -S -t -T -UL -V -z --tcp --mtu --back --dccp --raw --sport --fwmark -v -x',
  async run(process, args) {
    const [name, length] = args.operands
    if (name === undefined) {
      if (process.flavour === 'busybox') throw args.misuse('')
      await process.stderr.write('Usage: traceroute [ options ] host [ packetlen ]\n')
      return 2
    }
    let host: HostEntry
    try {
      host = await resolveHost(process, name, 4)
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error
      if (process.flavour === 'busybox') return process.fail(`bad address '${name}'`)
      await process.stderr.write(
        `${name}: ${error.message}\nCannot handle "host" cmdline arg \`${name}' on position 1 (argc ${process.argv.length - 1})\n`,
      )
      return 2
    }
    const isBusybox = process.flavour === 'busybox'
    const size = length !== undefined ? Number(length) : isBusybox ? 46 : 60
    const hops = Number(args.get('max-hops') ?? 30)
    const address = host.addresses[0]!
    await process.write(`traceroute to ${name} (${formatIpv4(address)}), ${hops} hops max, ${size} byte packets\n`)
    const trace = new Trace(process, {
      first: Number(args.get('first') ?? 1),
      hops,
      queries: Number(args.get('queries') ?? 3),
      wait: Number((args.get('wait') ?? '5').replace(/,.*/, '')) * 1000,
      isNumeric: args.has('n'),
      prober: new Prober(process, address, {
        kind: args.has('icmp') ? 'icmp' : 'udp',
        port: Number(args.get('port') ?? 33434),
        size,
        dontFragment: args.has('dont-fragment'),
      }),
    })
    try {
      await trace.run()
      return 0
    } catch (error) {
      if (!(error instanceof SocketError)) throw error
      await process.stderr.write(`${isBusybox ? 'traceroute: sendto' : 'connect'}: ${socketErrorTexts[error.code]}\n`)
      return 1
    }
  },
})

interface TraceOptions {
  readonly first: number
  readonly hops: number
  readonly queries: number
  readonly wait: number
  readonly isNumeric: boolean
  readonly prober: Prober
}

class Trace {
  readonly #process: Process
  readonly #options: TraceOptions

  constructor(process: Process, options: TraceOptions) {
    this.#process = process
    this.#options = options
  }

  /** Several hops are asked at once and then told in order, until the destination has answered. */
  async run(): Promise<void> {
    const { first, hops, queries, wait, prober } = this.#options
    const step = Math.max(1, Math.floor(atOnce / queries))
    for (let from = first; from <= hops; from += step) {
      const ttls = Array.from({ length: Math.min(step, hops - from + 1) }, (_, i) => from + i)
      const answers = await prober.send(
        ttls.flatMap(ttl => Array<number>(queries).fill(ttl)),
        wait,
      )
      for (const [i, ttl] of ttls.entries()) {
        const own = answers.slice(i * queries, (i + 1) * queries)
        await this.#tell(ttl, own)
        if (own.some(answer => answer?.isDestination)) return
      }
    }
  }

  async #tell(ttl: number, answers: readonly (Answer | undefined)[]): Promise<void> {
    const isBusybox = this.#process.flavour === 'busybox'
    let line = `${String(ttl).padStart(2)}${isBusybox ? '' : ' '}`
    let last: number | undefined
    for (const answer of answers) {
      if (!answer) {
        line += isBusybox ? '  *' : ' *'
        continue
      }
      if (answer.from !== last) line += `${isBusybox ? '  ' : ' '}${await this.#name(answer.from)}`
      last = answer.from
      line += `  ${answer.time.toFixed(3)} ms${answer.mark === '' ? '' : ` ${answer.mark}`}`
    }
    await this.#process.write(`${line}\n`)
  }

  async #name(address: number): Promise<string> {
    const text = formatIpv4(address)
    if (this.#options.isNumeric) return text
    return `${(await resolveAddress(this.#process, address))?.name ?? text} (${text})`
  }
}
