import { formatIpv4 } from '../../network/address.ts'
import { SocketError } from '../../network/socketError.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { ResolveError, resolveAddress, resolveHost } from '../resolver.ts'
import { socketErrorTexts } from '../socketFailure.ts'
import { type Answer, Prober } from './traceroute/probe.ts'

/** Finds the way to a host and the largest packet that passes it. */
export const tracepath = defineProgram({
  name: 'tracepath',
  summary: 'traces path to a network host discovering MTU along this path',
  usage: '[options] <destination>',
  options: [
    { short: '4', help: 'use IPv4' },
    { short: 'b', help: 'print both name and IP' },
    { short: 'l', value: 'length', help: 'use packet <length>' },
    { short: 'm', value: 'hops', help: 'use maximum <hops>' },
    { short: 'n', help: 'no reverse DNS name resolution' },
    { short: 'p', value: 'port', help: 'use destination <port>' },
  ],
  notSimulated: '-6 -h -V',
  async run(process, args) {
    const [target] = args.operands
    if (target === undefined) {
      await process.stderr.write('tracepath: usage error: Destination required\n')
      return 1
    }
    let destination: number
    try {
      destination = (await resolveHost(process, target, 4)).addresses[0]!
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error
      return process.fail(`${target}: ${error.message}`)
    }
    const way = process.network.routeTo(destination)
    const link = way?.interface
    if (!link) return process.fail(`send failed: ${socketErrorTexts.ENETUNREACH}`)
    try {
      const port = Number(args.get('p') ?? 44444)
      const path = new Path(process, destination, port, args.has('n'))
      await path.run(Number(args.get('l') ?? way.route.mtu ?? link.mtu), Number(args.get('m') ?? 30))
      return 0
    } catch (error) {
      if (!(error instanceof SocketError)) throw error
      return process.fail(socketErrorTexts[error.code])
    }
  },
})

class Path {
  readonly #process: Process
  readonly #destination: number
  readonly #port: number
  readonly #isNumeric: boolean

  constructor(process: Process, destination: number, port: number, isNumeric: boolean) {
    this.#process = process
    this.#destination = destination
    this.#port = port
    this.#isNumeric = isNumeric
  }

  async run(size: number, hops: number): Promise<void> {
    let mtu = size
    await this.#process.write(` 1?: [LOCALHOST]                      pmtu ${mtu}\n`)
    for (let ttl = 1; ttl <= hops; ) {
      const answer = await this.#probe(ttl, mtu)
      if (!answer) {
        await this.#process.write(`${String(ttl).padStart(2)}:  no reply\n`)
        ttl++
        continue
      }
      const host = await this.#name(answer.from)
      const line = `${String(ttl).padStart(2)}:  ${host.padEnd(51)} ${answer.time.toFixed(3)}ms `
      if (answer.mtu !== undefined && answer.mtu < mtu) {
        mtu = answer.mtu
        await this.#process.write(`${line}pmtu ${mtu}\n`)
        continue
      }
      if (answer.isDestination) {
        await this.#process.write(`${line}reached\n     Resume: pmtu ${mtu} hops ${ttl} back ${ttl} \n`)
        return
      }
      await this.#process.write(`${line}${answer.mark}\n`)
      ttl++
    }
    await this.#process.write(`     Too many hops: pmtu ${mtu}\n     Resume: pmtu ${mtu} \n`)
  }

  /** Asks up to three times, a second each. */
  async #probe(ttl: number, size: number): Promise<Answer | undefined> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const options = { kind: 'udp', port: this.#port + ttl, size, dontFragment: true } as const
      const [answer] = await new Prober(this.#process, this.#destination, options).send([ttl], 1000)
      if (answer) return answer
    }
    return undefined
  }

  async #name(address: number): Promise<string> {
    const text = formatIpv4(address)
    return this.#isNumeric ? text : ((await resolveAddress(this.#process, address))?.name ?? text)
  }
}
