import { ByteReader, type ByteStream } from '../../../machine/byteStream.ts'
import type { Process } from '../../../machine/program.ts'
import { PatienceOver } from '../../../machine/socketFailure.ts'
import { connectTcp, type TcpStream } from '../../../machine/tcp.ts'
import { connectTls, TlsError } from '../../../machine/tls.ts'
import { formatIpv4, parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import { UpstreamFailure } from './failure.ts'
import { peerIdentity, type WorkloadIdentity } from './identity.ts'
import type { MeshCluster, MeshEndpoint } from './settings.ts'

/** An open connection to an endpoint. */
export interface UpstreamConnection {
  readonly tcp: TcpStream
  readonly stream: ByteStream
  readonly reader: ByteReader
  readonly endpoint: MeshEndpoint
  /** This end of it. */
  readonly local: string
  /** How many requests it has carried. */
  requests: number
}

/** How a connection to an endpoint is opened. */
export interface DialOptions {
  readonly identity: WorkloadIdentity | undefined
  readonly applicationProtocols: readonly string[]
  readonly source: number | undefined
  /** The identity of the workload at an address. */
  peerName(address: string): string | undefined
}

/** Whether a cluster speaks mutual TLS with an endpoint. */
export function isSecured(cluster: MeshCluster, endpoint: MeshEndpoint): boolean {
  return cluster.security === 'mutual' || (cluster.security === 'automatic' && endpoint.isMeshed)
}

/** Opens a connection to an endpoint, with mutual TLS where the endpoint speaks it; throws `UpstreamFailure`. */
export async function dial(
  process: Process,
  cluster: MeshCluster,
  endpoint: MeshEndpoint,
  { identity, applicationProtocols, source, peerName }: DialOptions,
): Promise<UpstreamConnection> {
  const { random } = process.kernel
  let tcp: TcpStream
  try {
    tcp = await connectTcp(process, parseIpv4(endpoint.address)!, endpoint.port, {
      timeout: cluster.connectTimeout,
      localAddress: source,
    })
  } catch (error) {
    if (error instanceof PatienceOver) throw new UpstreamFailure('connection timeout')
    throw new UpstreamFailure('connection failure', reasonOf(error))
  }
  const local = `${formatIpv4(tcp.local.address)}:${tcp.local.port}`
  const open = (stream: ByteStream) => ({ tcp, stream, reader: new ByteReader(stream), endpoint, local, requests: 0 })
  if (!isSecured(cluster, endpoint)) return open(tcp)
  try {
    tcp.readTimeout = cluster.connectTimeout
    // Where the cluster has no name for the handshake, the endpoint's own identity is asked for.
    const serverName = cluster.serverName || peerName(endpoint.address)
    const certificates = identity?.chain ?? []
    const secured = await connectTls(tcp, random, { serverName, applicationProtocols, certificates })
    tcp.readTimeout = undefined
    const isTrusted = identity && peerIdentity(secured.peerCertificates, identity, process.machine.now())
    if (!isTrusted)
      throw new UpstreamFailure(
        'connection failure',
        'TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:TLS_error_end',
      )
    return open(secured)
  } catch (error) {
    tcp.abort()
    if (error instanceof UpstreamFailure) throw error
    throw new UpstreamFailure('connection failure', reasonOf(error))
  }
}

function reasonOf(error: unknown): string | undefined {
  if (error instanceof PatienceOver) return 'TLS_error:handshake timed out:TLS_error_end'
  if (error instanceof TlsError)
    return error.code === 'wrong version number'
      ? 'TLS_error:|268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end'
      : 'TLS_error:Connection reset by peer:TLS_error_end'
  if (!(error instanceof SocketError)) throw error
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'Connection refused',
    EHOSTUNREACH: 'No route to host',
    ENETUNREACH: 'Network is unreachable',
    ETIMEDOUT: 'Connection timed out',
    ECONNRESET: 'Connection reset by peer',
  }
  return `delayed connect error: ${words[error.code] ?? error.code}`
}
