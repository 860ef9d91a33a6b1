import { bytesOf } from '../../../machine/bytes.ts'
import type { Process } from '../../../machine/program.ts'
import { ResolveError, resolveHost } from '../../../machine/resolver.ts'
import { connectSctp } from '../../../machine/sctp.ts'
import { PatienceOver } from '../../../machine/socketFailure.ts'
import { connectTcp } from '../../../machine/tcp.ts'
import { openUdp } from '../../../machine/udp.ts'
import { formatIpv4, parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import { parseDuration, readFlags, type Subcommand } from './subcommand.ts'

/** Opens a connection and says in one word why it could not. */
export const connect: Subcommand = {
  name: 'connect',
  summary: 'Attempts a TCP, UDP or SCTP connection and returns useful errors',
  async run(process, words) {
    const { flags, operands } = readFlags(words, { timeout: '10s', protocol: 'tcp', 'udp-data': '' })
    const fail = async (text: string) => {
      await process.stderr.write(`${text}\n`)
      return 1
    }
    const timeout = parseDuration(flags.timeout)
    if (timeout === undefined)
      return fail(
        `Error: invalid argument "${flags.timeout}" for "--timeout" flag: time: invalid duration "${flags.timeout}"`,
      )
    if (operands.length !== 1) return fail(`Error: accepts 1 arg(s), received ${operands.length}`)
    const attempt = attempts[flags.protocol]
    if (!attempt) return fail(`unsupported protocol: ${flags.protocol}`)
    const [host = '', port = ''] = operands[0]!.split(':')
    if (port === '') return fail(`OTHER: address ${operands[0]}: missing port in address`)
    try {
      const address = parseIpv4(host) ?? (await resolveHost(process, host, 4)).addresses[0]!
      await attempt(process, address, Number(port), timeout, flags['udp-data'])
      return 0
    } catch (error) {
      if (error instanceof PatienceOver)
        return fail(error.message === 'connect' ? 'TIMEOUT' : `TIMEOUT: ${error.message}: i/o timeout`)
      if (error instanceof ResolveError) return fail(`DNS: lookup ${host}: no such host`)
      if (!(error instanceof SocketError)) throw error
      if (error.code === 'ECONNREFUSED') return fail('REFUSED')
      return fail(
        error.code === 'ETIMEDOUT'
          ? 'TIMEOUT'
          : `OTHER: dial ${flags.protocol} ${operands[0]}: connect: no route to host`,
      )
    }
  },
}

type Attempt = (process: Process, address: number, port: number, timeout: number, data: string) => Promise<void>

const attempts: Readonly<Record<string, Attempt>> = {
  async tcp(process, address, port, timeout) {
    const stream = await connectTcp(process, address, port, { timeout })
    stream.close()
  },
  async sctp(process, address, port, timeout) {
    const association = await connectSctp(process, address, port, timeout)
    association.close()
  },
  /** A datagram has arrived when something answers it. */
  async udp(process, address, port, timeout, data) {
    const socket = openUdp(process)
    try {
      socket.send(bytesOf(`${data}\n`), address, port)
      if (await socket.receive(timeout)) return
      const own = process.network.routeTo(address)?.source ?? 0
      const ends = [`${formatIpv4(own)}:${socket.local.port}`, `${formatIpv4(address)}:${port}`]
      throw new PatienceOver(`read udp ${ends.join('->')}`)
    } finally {
      socket.close()
    }
  },
}
