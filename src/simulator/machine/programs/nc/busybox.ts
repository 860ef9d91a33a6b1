import { formatIpv4, parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import type { Arguments } from '../../options.ts'
import type { Process } from '../../program.ts'
import { ResolveError, resolveHost } from '../../resolver.ts'
import { servicePort } from '../../services.ts'
import { PatienceOver, socketErrorTexts } from '../../socketFailure.ts'
import { connectTcp, listenTcp } from '../../tcp.ts'
import { relay } from './relay.ts'

type Letter = '4' | 'e' | 'i' | 'k' | 'l' | 'n' | 'N' | 'p' | 'q' | 's' | 't' | 'u' | 'v' | 'w' | 'z'

/** nc as BusyBox has it. */
export async function runBusyboxNc(process: Process, args: Arguments<Letter>): Promise<number> {
  if (args.has('u')) return process.fail('option -u is not simulated here')
  if (args.has('e')) return process.fail('option -e is not simulated here')
  try {
    return args.has('l') ? await listen(process, args) : await connect(process, args)
  } catch (error) {
    if (!(error instanceof SocketError)) throw error
    return process.fail(`bind: ${socketErrorTexts[error.code]}`)
  }
}

async function listen(process: Process, args: Arguments<Letter>): Promise<number> {
  const port = args.get('p') ?? args.operands.at(-1) ?? '0'
  const listening = listenTcp(process, Number(port))
  if (args.has('v')) await process.stderr.write(`listening on [::]:${listening.local.port} ...\n`)
  const stream = await listening.accept()
  listening.close()
  if (args.has('v')) {
    const remote = `${formatIpv4(stream.remote.address)}:${stream.remote.port}`
    await process.stderr.write(
      `connect to [::ffff:${formatIpv4(stream.local.address)}]:${port} from [::ffff:${remote.replace(':', ']:')}\n`,
    )
  }
  await relay(process, stream, { finishes: true, leavesAfter: undefined })
  return 0
}

async function connect(process: Process, args: Arguments<Letter>): Promise<number> {
  const [host, portText] = args.operands
  if (host === undefined || portText === undefined) throw args.misuse('')
  const port = /^\d+$/.test(portText) ? Number(portText) : servicePort(process, portText, 'tcp')
  if (port === undefined || port > 65535) return process.fail(`bad port '${portText}'`)
  let address = parseIpv4(host)
  if (address === undefined) {
    try {
      address = (await resolveHost(process, host)).addresses[0]!
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error
      return process.fail(`bad address '${host}'`)
    }
  }
  const wait = args.get('w')
  const localPort = args.get('p')
  const place = `${host} (${formatIpv4(address)}:${port})`
  try {
    const stream = await connectTcp(process, address, port, {
      timeout: wait === undefined ? undefined : Number(wait) * 1000,
      localPort: localPort === undefined ? undefined : Number(localPort),
    })
    if (args.has('v')) await process.stderr.write(`${place} open\n`)
    if (args.has('z')) {
      stream.close()
      return 0
    }
    stream.readTimeout = wait === undefined ? undefined : Number(wait) * 1000
    await relay(process, stream, { finishes: true, leavesAfter: undefined })
    return 0
  } catch (error) {
    if (error instanceof PatienceOver) return process.fail('timed out')
    if (!(error instanceof SocketError)) throw error
    if (args.has('z') && !args.has('v')) return 1
    return process.fail(`${place}: ${socketErrorTexts[error.code]}`)
  }
}
