import { ByteReader } from '../../../machine/byteStream.ts'
import { formatRequestHead, HttpError, HttpHeaders, readResponseHead } from '../../../machine/http.ts'
import type { HttpAnswer } from '../../../machine/httpServer.ts'
import type { Process } from '../../../machine/program.ts'
import { PatienceOver } from '../../../machine/socketFailure.ts'
import { connectTcp } from '../../../machine/tcp.ts'
import { connectTls, TlsError } from '../../../machine/tls.ts'
import { parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'

/** A probe of the kubelet's as the injector has written it down for the agent. */
export interface Prober {
  readonly httpGet?: {
    readonly path?: string
    readonly port: number
    readonly scheme?: string
    readonly httpHeaders?: readonly { readonly name: string; readonly value: string }[]
  }
  readonly tcpSocket?: { readonly port: number }
  readonly timeoutSeconds?: number
}

/** Asks a program of the same pod in the kubelet's place; comes from 127.0.0.6, which the pod's rules let through. */
export async function askApplication(process: Process, prober: Prober, address: string): Promise<HttpAnswer> {
  const { httpGet, tcpSocket, timeoutSeconds = 1 } = prober
  const timeout = timeoutSeconds * 1000
  const port = httpGet?.port ?? tcpSocket?.port ?? 0
  try {
    const localAddress = parseIpv4('127.0.0.6')!
    const tcp = await connectTcp(process, parseIpv4(address)!, port, { timeout, localAddress })
    try {
      if (!httpGet) return { status: 200 }
      tcp.readTimeout = timeout
      const stream =
        httpGet.scheme === 'HTTPS' ? await connectTls(tcp, process.kernel.random, { serverName: undefined }) : tcp
      const headers = new HttpHeaders([
        ['Host', `${address}:${port}`],
        ['User-Agent', 'kube-probe/1.36'],
      ])
      for (const { name, value } of httpGet.httpHeaders ?? []) headers.set(name, value)
      headers.set('Connection', 'close')
      const target = httpGet.path?.startsWith('/') ? httpGet.path : `/${httpGet.path ?? ''}`
      await stream.write(formatRequestHead({ method: 'GET', target, version: '1.1', headers }))
      const { status } = await readResponseHead(new ByteReader(stream))
      return { status }
    } finally {
      tcp.close()
    }
  } catch (error) {
    const isKnown = [SocketError, PatienceOver, HttpError, TlsError].some(kind => error instanceof kind)
    if (!isKnown) throw error
    return { status: 500 }
  }
}
