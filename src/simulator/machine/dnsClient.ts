import { type DnsMessage, decodeDns, encodeDns } from '../network/dns.ts'
import { SocketError } from '../network/socketError.ts'
import { ByteReader, concatBytes } from './byteStream.ts'
import type { Process } from './program.ts'
import { receiveAnswer } from './resolver.ts'
import { PatienceOver, socketErrorTexts } from './socketFailure.ts'
import { connectTcp } from './tcp.ts'
import { openUdp } from './udp.ts'

/** How a server is asked. */
export interface DnsExchangeOptions {
  readonly port: number
  /** Milliseconds for each try. */
  readonly timeout: number
  readonly isTcp: boolean
}

/** An answer, and what it took to get it. */
export interface DnsAnswer {
  readonly message: DnsMessage
  /** Bytes of the message on the wire. */
  readonly length: number
  /** Milliseconds. */
  readonly time: number
}

/** A server that gave no answer; the message is in the words of BIND's tools: `timed out`, `connection refused`. */
export class DnsFailure extends Error {}

/** Asks one server once; throws `DnsFailure`. */
export async function askDns(
  process: Process,
  server: number,
  query: DnsMessage,
  options: DnsExchangeOptions,
): Promise<DnsAnswer> {
  const started = process.kernel.clock.now
  try {
    const answer = options.isTcp
      ? await askOverTcp(process, server, query, options)
      : await askOverUdp(process, server, query, options)
    if (!answer) throw new DnsFailure('timed out')
    return { ...answer, time: process.kernel.clock.now - started }
  } catch (error) {
    if (error instanceof PatienceOver) throw new DnsFailure('timed out')
    if (error instanceof SocketError) throw new DnsFailure(bindText(error))
    throw error
  }
}

async function askOverUdp(
  process: Process,
  server: number,
  query: DnsMessage,
  options: DnsExchangeOptions,
): Promise<Omit<DnsAnswer, 'time'> | undefined> {
  const port = openUdp(process)
  try {
    port.send(encodeDns(query), server, options.port)
    return await receiveAnswer(process, port, [query.id], options.timeout)
  } finally {
    port.close()
  }
}

/** Over TCP each message comes behind its length (RFC 7766). */
async function askOverTcp(
  process: Process,
  server: number,
  query: DnsMessage,
  options: DnsExchangeOptions,
): Promise<Omit<DnsAnswer, 'time'> | undefined> {
  const stream = await connectTcp(process, server, options.port, { timeout: options.timeout })
  try {
    stream.readTimeout = options.timeout
    const bytes = encodeDns(query)
    await stream.write(concatBytes([Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes]))
    const reader = new ByteReader(stream)
    const [high = 0, low = 0] = await reader.exactly(2)
    const answer = await reader.exactly(high * 256 + low)
    const message = decodeDns(answer)
    return message && { message, length: answer.length }
  } finally {
    stream.close()
  }
}

function bindText(error: SocketError): string {
  if (error.code === 'EHOSTUNREACH') return 'host unreachable'
  if (error.code === 'ENETUNREACH') return 'network unreachable'
  return socketErrorTexts[error.code].toLowerCase()
}
