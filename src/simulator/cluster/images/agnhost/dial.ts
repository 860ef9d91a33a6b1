import { ByteReader } from '../../../machine/byteStream.ts'
import { bytesOf, textOf } from '../../../machine/bytes.ts'
import { collect, formatRequestHead, HttpHeaders, readResponseHead, responseBody } from '../../../machine/http.ts'
import type { Process } from '../../../machine/program.ts'
import { ResolveError, resolveHost } from '../../../machine/resolver.ts'
import { PatienceOver } from '../../../machine/socketFailure.ts'
import { connectTcp } from '../../../machine/tcp.ts'
import { openUdp } from '../../../machine/udp.ts'
import { formatIpv4, parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'

const patience = 5000

/** Asks another netexec on somebody's behalf and gives the answers as JSON: the path /dial. */
export async function dial(process: Process, query: ReadonlyMap<string, string>): Promise<string> {
  const host = query.get('host') ?? ''
  const port = Number(query.get('port') ?? 0)
  const request = query.get('request') ?? ''
  const protocol = query.get('protocol') || 'http'
  const responses: string[] = []
  const errors: string[] = []
  for (let i = 0; i < Number(query.get('tries') || 1); i++) {
    try {
      const address = parseIpv4(host) ?? (await resolveHost(process, host, 4)).addresses[0]!
      responses.push(
        protocol === 'udp'
          ? await askUdp(process, address, port, request)
          : await askHttp(process, address, port, request),
      )
    } catch (error) {
      errors.push(describe(error, host, port, protocol))
    }
  }
  return JSON.stringify({ ...(responses.length > 0 ? { responses } : {}), ...(errors.length > 0 ? { errors } : {}) })
}

/** Asks for a path of a server and gives what it answers. */
export async function askHttp(process: Process, address: number, port: number, path: string): Promise<string> {
  const stream = await connectTcp(process, address, port, { timeout: patience })
  stream.readTimeout = patience
  try {
    const headers = new HttpHeaders([
      ['Host', `${formatIpv4(address)}:${port}`],
      ['User-Agent', 'Go-http-client/1.1'],
      ['Connection', 'close'],
    ])
    await stream.write(formatRequestHead({ method: 'GET', target: `/${path}`, version: '1.1', headers }))
    const reader = new ByteReader(stream)
    const head = await readResponseHead(reader)
    return textOf(await collect(responseBody(reader, head, 'GET')))
  } finally {
    stream.close()
  }
}

async function askUdp(process: Process, address: number, port: number, request: string): Promise<string> {
  const socket = openUdp(process)
  try {
    socket.send(bytesOf(request), address, port)
    const datagram = await socket.receive(patience)
    if (!datagram) throw new PatienceOver('read')
    return textOf(datagram.bytes)
  } finally {
    socket.close()
  }
}

function describe(error: unknown, host: string, port: number, protocol: string): string {
  const where = `${protocol === 'udp' ? 'udp' : 'tcp'} ${host}:${port}`
  if (error instanceof PatienceOver) return `dial ${where}: i/o timeout`
  if (error instanceof ResolveError) return `dial tcp: lookup ${host}: no such host`
  if (error instanceof SocketError)
    return `dial ${where}: connect: ${error.code === 'ECONNREFUSED' ? 'connection refused' : 'no route to host'}`
  throw error
}
