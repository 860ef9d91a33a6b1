import { ResolveError, resolveHost } from '../../../machine/resolver.ts'
import { PatienceOver } from '../../../machine/socketFailure.ts'
import { connectTcp } from '../../../machine/tcp.ts'
import { parseIpv4 } from '../../../network/address.ts'
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
    if (flags.protocol !== 'tcp') return fail(`agnhost connect --protocol=${flags.protocol} is not simulated here`)
    const [host = '', port = ''] = operands[0]!.split(':')
    if (port === '') return fail(`OTHER: address ${operands[0]}: missing port in address`)
    try {
      const address = parseIpv4(host) ?? (await resolveHost(process, host, 4)).addresses[0]!
      const stream = await connectTcp(process, address, Number(port), { timeout })
      stream.close()
      return 0
    } catch (error) {
      if (error instanceof PatienceOver) return fail('TIMEOUT')
      if (error instanceof ResolveError) return fail(`DNS: lookup ${host}: no such host`)
      if (!(error instanceof SocketError)) throw error
      if (error.code === 'ECONNREFUSED') return fail('REFUSED')
      return fail(error.code === 'ETIMEDOUT' ? 'TIMEOUT' : `OTHER: dial tcp ${operands[0]}: connect: no route to host`)
    }
  },
}
