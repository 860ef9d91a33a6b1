import { formatIpv4, parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import { ByteDecoder, bytesOf } from '../../bytes.ts'
import type { Arguments } from '../../options.ts'
import type { Process } from '../../program.ts'
import { ResolveError, resolveHost } from '../../resolver.ts'
import { serviceName, servicePort } from '../../services.ts'
import { PatienceOver, socketErrorTexts } from '../../socketFailure.ts'
import { connectTcp, listenTcp } from '../../tcp.ts'
import { openUdp, type UdpPort } from '../../udp.ts'
import { relay } from './relay.ts'

type Letter = '4' | 'e' | 'i' | 'k' | 'l' | 'n' | 'N' | 'p' | 'q' | 's' | 't' | 'u' | 'v' | 'w' | 'z'
type NcArguments = Arguments<Letter>

/** nc as OpenBSD has it, and Debian with it. */
export function runOpenbsdNc(process: Process, args: NcArguments): Promise<number> {
  if (args.has('l')) return args.has('u') ? listenUdp(process, args) : listen(process, args)
  return connect(process, args)
}

function protocolOf(args: NcArguments): 'tcp' | 'udp' {
  return args.has('u') ? 'udp' : 'tcp'
}

async function connect(process: Process, args: NcArguments): Promise<number> {
  const [host, ports] = args.operands
  if (host === undefined || ports === undefined) {
    await process.stderr.write(
      'usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]\n' +
        '\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]\n' +
        '\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]\n' +
        '\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]\n' +
        '\t  [destination] [port]\n',
    )
    return 1
  }
  const range = portsOf(process, ports, protocolOf(args))
  if (typeof range === 'string') return process.fail(range)
  let address = parseIpv4(host)
  if (address === undefined) {
    try {
      if (args.has('n')) throw new ResolveError('EAI_NONAME', false)
      address = (await resolveHost(process, host, args.has('4') ? 4 : 'any')).addresses[0]!
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error
      return process.fail(`getaddrinfo for host "${host}" port ${range[0]}: ${error.message}`)
    }
  }
  let status = 1
  for (const port of range) {
    const isOpen = args.has('u')
      ? await tryUdp(process, args, host, address, port)
      : await tryTcp(process, args, host, address, port)
    if (isOpen) status = 0
    if (isOpen && !args.has('z')) break
  }
  return status
}

function portsOf(process: Process, text: string, protocol: 'tcp' | 'udp'): number[] | string {
  const [first = '', last] = /^\d+-\d+$/.test(text) ? text.split('-') : [text]
  const low = /^\d+$/.test(first) ? Number(first) : servicePort(process, first, protocol)
  const high = last === undefined ? low : Number(last)
  if (low === undefined || high === undefined) return `service "${text}" unknown`
  const bad = [low, high].find(port => port < 1 || port > 65535)
  if (bad !== undefined) return `port number too ${bad < 1 ? 'small' : 'large'}: ${bad}`
  return Array.from({ length: Math.abs(high - low) + 1 }, (_, i) => Math.min(low, high) + i)
}

async function tryTcp(
  process: Process,
  args: NcArguments,
  host: string,
  address: number,
  port: number,
): Promise<boolean> {
  const wait = args.get('w')
  const localPort = args.get('p')
  const source = args.get('s')
  try {
    const stream = await connectTcp(process, address, port, {
      timeout: wait === undefined ? undefined : Number(wait) * 1000,
      localPort: localPort === undefined ? undefined : Number(localPort),
      localAddress: source === undefined ? undefined : parseIpv4(source),
    })
    if (args.has('v')) await process.stderr.write(succeeded(process, args, host, address, port))
    if (args.has('z')) {
      stream.close()
      return true
    }
    stream.readTimeout = wait === undefined ? undefined : Number(wait) * 1000
    const quit = args.get('q')
    await relay(process, stream, {
      finishes: args.has('N') || quit !== undefined,
      leavesAfter: quit === undefined || Number(quit) < 0 ? undefined : Number(quit) * 1000,
    })
    return true
  } catch (error) {
    const place = `connect to ${host}${host === formatIpv4(address) || args.has('n') ? '' : ` (${formatIpv4(address)})`} port ${port} (tcp)`
    if (error instanceof PatienceOver) {
      if (args.has('v')) await process.fail(`${place} timed out: Operation now in progress`)
      return false
    }
    if (!(error instanceof SocketError)) throw error
    if (args.has('v')) await process.fail(`${place} failed: ${socketErrorTexts[error.code]}`)
    return false
  }
}

function succeeded(process: Process, args: NcArguments, host: string, address: number, port: number): string {
  const protocol = protocolOf(args)
  const ip = formatIpv4(address)
  const shown = args.has('n') || host === ip ? host : `${host} (${ip})`
  const service = args.has('n') ? undefined : serviceName(process, port, protocol)
  return `Connection to ${shown} ${port} port [${protocol}/${service ?? '*'}] succeeded!\n`
}

/** A UDP port counts as open when no ICMP error comes back for a few datagrams (udptest). */
async function tryUdp(
  process: Process,
  args: NcArguments,
  host: string,
  address: number,
  port: number,
): Promise<boolean> {
  const local = args.get('p')
  const socket = openUdp(process, { port: local === undefined ? 0 : Number(local) })
  try {
    if (args.has('v') || args.has('z')) {
      for (let i = 0; i < 4; i++) {
        socket.send(bytesOf('X'), address, port)
        const event = await socket.next(i === 0 ? 1000 : 0)
        if (event && 'code' in event) return false
      }
      if (args.has('v')) await process.stderr.write(succeeded(process, args, host, address, port))
    }
    if (args.has('z')) return true
    const wait = args.get('w')
    await relayUdp(process, socket, address, port, wait === undefined ? undefined : Number(wait) * 1000)
    return true
  } catch (error) {
    if (!(error instanceof SocketError)) throw error
    await process.fail(`Write error: ${socketErrorTexts[error.code]}`)
    return false
  } finally {
    socket.close()
  }
}

async function relayUdp(
  process: Process,
  socket: UdpPort,
  address: number,
  port: number,
  wait: number | undefined,
): Promise<void> {
  process.thread(async () => {
    for (let text = await process.stdin.read(); text !== undefined; text = await process.stdin.read()) {
      try {
        socket.send(bytesOf(text), address, port)
      } catch (error) {
        if (!(error instanceof SocketError)) throw error
      }
    }
  })
  for (;;) {
    const datagram = await socket.receive(wait)
    if (!datagram) return
    await process.write(new ByteDecoder().push(datagram.bytes))
  }
}

function listeningPort(args: NcArguments): { host: string | undefined; port: string | undefined } {
  const [first, second] = args.operands
  const given = args.get('p')
  if (given !== undefined) return { host: first, port: given }
  return second === undefined ? { host: undefined, port: first } : { host: first, port: second }
}

async function listen(process: Process, args: NcArguments): Promise<number> {
  const { host, port } = listeningPort(args)
  if (port === undefined) return process.fail('missing port with option -l')
  try {
    const address = host === undefined ? undefined : parseIpv4(host)
    const listening = listenTcp(process, Number(port), { address })
    if (args.has('v')) await process.stderr.write(`Listening on ${host ?? '0.0.0.0'} ${port}\n`)
    do {
      const stream = await listening.accept()
      if (!args.has('k')) listening.close()
      if (args.has('v'))
        await process.stderr.write(
          `Connection received on ${formatIpv4(stream.remote.address)} ${stream.remote.port}\n`,
        )
      await relay(process, stream, { finishes: args.has('N'), leavesAfter: undefined })
    } while (args.has('k'))
    return 0
  } catch (error) {
    if (!(error instanceof SocketError)) throw error
    return process.fail(socketErrorTexts[error.code])
  }
}

async function listenUdp(process: Process, args: NcArguments): Promise<number> {
  const { host, port } = listeningPort(args)
  if (port === undefined) return process.fail('missing port with option -l')
  try {
    const socket = openUdp(process, { port: Number(port), address: host === undefined ? undefined : parseIpv4(host) })
    if (args.has('v')) await process.stderr.write(`Bound on ${host ?? '0.0.0.0'} ${port}\n`)
    const first = await socket.receive()
    if (!first) return 0
    if (args.has('v'))
      await process.stderr.write(`Connection received on ${formatIpv4(first.source.address)} ${first.source.port}\n`)
    await process.write(new ByteDecoder().push(first.bytes))
    await relayUdp(process, socket, first.source.address, first.source.port, undefined)
    return 0
  } catch (error) {
    if (!(error instanceof SocketError)) throw error
    return process.fail(socketErrorTexts[error.code])
  }
}
