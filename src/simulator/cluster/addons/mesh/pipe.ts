import type { ByteStream } from '../../../machine/byteStream.ts'
import type { Process } from '../../../machine/program.ts'
import { PatienceOver } from '../../../machine/socketFailure.ts'
import { SocketError } from '../../../network/socketError.ts'
import type { Downstream, PipedConnection } from './dialect.ts'
import { UpstreamFailure } from './failure.ts'
import type { MeshEndpoint } from './settings.ts'
import type { UpstreamCluster } from './upstreamCluster.ts'
import type { DialOptions, UpstreamConnection } from './upstreamConnection.ts'

/** A connection that carries no requests, or none that can be read, and where it goes. */
export interface PipeParts {
  readonly process: Process
  readonly stream: ByteStream
  readonly downstream: Downstream
  /** Undefined where the way ends. */
  readonly cluster: UpstreamCluster | undefined
  readonly original: MeshEndpoint
  readonly dial: DialOptions
}

/** Passes bytes on, both ways, until both sides have finished; tells what went through. */
export async function pipe({
  process,
  stream,
  downstream,
  cluster,
  original,
  dial,
}: PipeParts): Promise<PipedConnection> {
  const began = process.kernel.clock.now
  const record: PipedConnection = {
    downstream,
    startedAt: process.machine.now(),
    duration: 0,
    received: 0,
    sent: 0,
    flags: '-',
    details: '-',
    transportFailure: undefined,
    cluster: cluster?.settings,
    endpoint: undefined,
    upstreamLocal: undefined,
  }
  if (!cluster) {
    stream.abort()
    return { ...record, flags: 'UH' }
  }
  let connection: UpstreamConnection
  try {
    record.endpoint = cluster.settings.isOriginal
      ? original
      : cluster.choose({ without: new Set(), hashKey: () => undefined })
    connection = await cluster.connect(record.endpoint, dial)
    record.upstreamLocal = connection.local
  } catch (error) {
    if (!(error instanceof UpstreamFailure)) throw error
    record.flags = error.kind === 'overflow' ? 'UO' : error.kind === 'no healthy endpoint' ? 'UH' : 'UF,URX'
    record.transportFailure = error.reason
    stream.abort()
    return record
  }
  const count = (key: 'received' | 'sent') => (bytes: Uint8Array) => {
    record[key] += bytes.length
  }
  let wake = () => {}
  let isAnswered = false
  process.thread(async () => {
    await copy(connection.stream, stream, count('sent'))
    isAnswered = true
    wake()
  })
  await copy(stream, connection.stream, count('received'))
  if (!isAnswered)
    await process.wait<void>(resume => {
      wake = () => resume()
    })
  stream.close()
  cluster.release(connection, false)
  record.duration = process.kernel.clock.now - began
  return record
}

/** Copies until the end of one side; a side that breaks takes the other with it. */
async function copy(from: ByteStream, to: ByteStream, count: (bytes: Uint8Array) => void): Promise<void> {
  try {
    for (let bytes = await from.read(); bytes; bytes = await from.read()) {
      count(bytes)
      await to.write(bytes)
    }
    to.end?.()
  } catch (error) {
    if (!(error instanceof SocketError || error instanceof PatienceOver)) throw error
    to.abort()
  }
}
