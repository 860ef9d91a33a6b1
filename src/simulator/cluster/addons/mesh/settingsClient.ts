import { ByteReader } from '../../../machine/byteStream.ts'
import { bytesOf } from '../../../machine/bytes.ts'
import { type Certificate, verifyChain } from '../../../machine/certificate.ts'
import type { Process } from '../../../machine/program.ts'
import { ResolveError, resolveHost } from '../../../machine/resolver.ts'
import { PatienceOver } from '../../../machine/socketFailure.ts'
import { connectTcp } from '../../../machine/tcp.ts'
import { connectTls, TlsError } from '../../../machine/tls.ts'
import { SocketError } from '../../../network/socketError.ts'
import type { Notice } from './settingsServer.ts'

const firstPause = 1000
const longestPause = 15_000

/** Where a proxy gets what it is to know, and how it shows who it is. */
export interface SettingsPlace {
  /** `istiod.istio-system.svc:15012`. */
  readonly server: string
  roots(): readonly Certificate[]
  token(): string
  take(notice: Notice): Promise<void>
  onProblem(why: string): Promise<void>
}

/** Stays in touch with a control plane; what it has said last holds while it is away. */
export async function followSettings(process: Process, place: SettingsPlace): Promise<void> {
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    try {
      await follow(process, place, () => {
        pause = firstPause
      })
    } catch (error) {
      const why = problemOf(error)
      if (why === undefined) throw error
      await place.onProblem(why)
    }
    await process.sleep(pause)
  }
}

async function follow(process: Process, place: SettingsPlace, onConnected: () => void): Promise<void> {
  const [host = '', port = '443'] = place.server.split(':')
  const { addresses } = await resolveHost(process, host, 4)
  const tcp = await connectTcp(process, addresses[0]!, Number(port), { timeout: 10_000 })
  try {
    const options = { serverName: host, applicationProtocols: ['h2'] }
    const stream = await connectTls(tcp, process.kernel.random, options)
    if (verifyChain(stream.peerCertificates, place.roots(), process.machine.now()) !== undefined)
      throw new TlsError('alert')
    onConnected()
    await stream.write(bytesOf(`${JSON.stringify({ token: place.token() })}\n`))
    const reader = new ByteReader(stream)
    for (let line = await reader.line(); line !== undefined; line = await reader.line())
      await place.take(JSON.parse(line) as Notice)
  } finally {
    tcp.close()
  }
}

function problemOf(error: unknown): string | undefined {
  if (error instanceof ResolveError) return `dial tcp: lookup: ${error.message}`
  if (error instanceof PatienceOver) return 'context deadline exceeded'
  if (error instanceof SocketError) return error.code === 'ECONNREFUSED' ? 'connection refused' : 'no route to host'
  return error instanceof TlsError ? 'authentication handshake failed' : undefined
}
