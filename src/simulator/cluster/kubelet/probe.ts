import type { HTTPGetAction, Probe, TCPSocketAction } from 'kubernetes-types/core/v1'
import { ByteReader, type ByteStream } from '../../machine/byteStream.ts'
import { formatRequestHead, HttpError, HttpHeaders, readResponseHead } from '../../machine/http.ts'
import type { Process } from '../../machine/program.ts'
import { PatienceOver } from '../../machine/socketFailure.ts'
import { connectTcp, type TcpStream } from '../../machine/tcp.ts'
import { connectTls, TlsError } from '../../machine/tls.ts'
import { formatIpv4, parseIpv4 } from '../../network/address.ts'
import { SocketError } from '../../network/socketError.ts'
import type { Container } from './container.ts'
import { runInContainer } from './execution.ts'

/** What a probe found out. */
export interface ProbeResult {
  readonly outcome: 'success' | 'failure' | 'unknown'
  /** What the event says about a failure. */
  readonly message: string
}

/** What is probed. */
export interface ProbeTarget {
  readonly container: Container
  /** The address for probes that name no host. */
  readonly address: string
  /** The ports that the container declares, by name. */
  readonly ports: ReadonlyMap<string, number>
  /** Whether it belongs to the control plane itself. */
  readonly isStatic?: boolean
}

const success: ProbeResult = { outcome: 'success', message: '' }

/** Asks a container once how it is; `kubelet` is the process that asks. */
export async function runProbe(kubelet: Process, probe: Probe, target: ProbeTarget): Promise<ProbeResult> {
  const patience = (probe.timeoutSeconds ?? 1) * 1000
  if (probe.exec) return askByCommand(kubelet, probe.exec.command ?? [], target.container, patience)
  if (probe.httpGet) return askByHttp(kubelet, probe.httpGet, target, patience)
  if (probe.tcpSocket) return askByConnection(kubelet, probe.tcpSocket, target, patience)
  return { outcome: 'failure', message: 'gRPC probes are not simulated here' }
}

async function askByCommand(
  kubelet: Process,
  command: readonly string[],
  container: Container,
  patience: number,
): Promise<ProbeResult> {
  const ended = await kubelet.waitFor<{ status: number; output: string } | string>(patience, wake => {
    let output = ''
    const started = runInContainer(container, command, {
      onOutput: text => {
        output += text
      },
      onExit: status => wake({ status, output }),
    })
    if (typeof started === 'string')
      wake(`rpc error: code = Unknown desc = failed to exec in container: failed to start exec: ${started}`)
  })
  if (ended === undefined)
    return {
      outcome: 'failure',
      message: `command timed out: "${command.join(' ')}" timed out after ${patience / 1000}s`,
    }
  if (typeof ended === 'string') return { outcome: 'unknown', message: ended }
  return ended.status === 0 ? success : { outcome: 'failure', message: ended.output }
}

async function askByConnection(
  kubelet: Process,
  { host, port }: TCPSocketAction,
  target: ProbeTarget,
  patience: number,
): Promise<ProbeResult> {
  const place = placeOf(target, host, port)
  if (typeof place === 'string') return { outcome: 'unknown', message: place }
  try {
    const stream = await connectTcp(kubelet, place.address, place.port, { timeout: patience })
    stream.close()
    return success
  } catch (error) {
    return { outcome: 'failure', message: dialFailure(error, place) }
  }
}

async function askByHttp(
  kubelet: Process,
  action: HTTPGetAction,
  target: ProbeTarget,
  patience: number,
): Promise<ProbeResult> {
  const place = placeOf(target, action.host, action.port)
  if (typeof place === 'string') return { outcome: 'unknown', message: place }
  if (target.isStatic) return askForListener(kubelet, place, action)
  const scheme = (action.scheme ?? 'HTTP').toLowerCase()
  const path = action.path?.startsWith('/') ? action.path : `/${action.path ?? ''}`
  const authority = `${formatIpv4(place.address)}:${place.port}`
  const deadline = kubelet.kernel.clock.now + patience
  let tcp: TcpStream | undefined
  try {
    tcp = await connectTcp(kubelet, place.address, place.port, { timeout: patience })
    tcp.readTimeout = Math.max(1, deadline - kubelet.kernel.clock.now)
    const stream: ByteStream =
      scheme === 'https' ? await connectTls(tcp, kubelet.kernel.random, { serverName: undefined }) : tcp
    const headers = new HttpHeaders([
      ['Host', authority],
      ['User-Agent', 'kube-probe/1.36'],
      ['Accept', '*/*'],
    ])
    for (const { name, value } of action.httpHeaders ?? []) headers.set(name, value)
    headers.set('Connection', 'close')
    await stream.write(formatRequestHead({ method: 'GET', target: path, version: '1.1', headers }))
    const { status } = await readResponseHead(new ByteReader(stream))
    if (status >= 200 && status < 400) return success
    return { outcome: 'failure', message: `HTTP probe failed with statuscode: ${status}` }
  } catch (error) {
    return { outcome: 'failure', message: `Get "${scheme}://${authority}${path}": ${httpFailure(error, place)}` }
  } finally {
    tcp?.close()
  }
}

// Simplified: the control plane is asked every second, for hours; whether its ports listen is seen without packets.
function askForListener(kubelet: Process, place: Place, { scheme = 'HTTP', path = '/' }: HTTPGetAction): ProbeResult {
  const isThere = kubelet.network.sockets
    .list()
    .some(({ protocol, state, local }) => protocol === 'tcp' && state === 'LISTEN' && local.port === place.port)
  if (isThere) return success
  const refusal = dialFailure(new SocketError('ECONNREFUSED'), place)
  const url = `${scheme.toLowerCase()}://${formatIpv4(place.address)}:${place.port}${path}`
  return { outcome: 'failure', message: `Get "${url}": ${refusal}` }
}

interface Place {
  readonly address: number
  readonly port: number
}

function placeOf(target: ProbeTarget, host: string | undefined, port: string | number): Place | string {
  const number = typeof port === 'number' ? port : (target.ports.get(port) ?? Number(port))
  if (!Number.isInteger(number)) return `strconv.Atoi: parsing "${port}": invalid syntax`
  // Simplified: a probe's host is an address or localhost.
  const address = parseIpv4(host === 'localhost' ? '127.0.0.1' : host || target.address)
  return address === undefined ? `dial tcp: lookup ${host}: no such host` : { address, port: number }
}

function dialFailure(error: unknown, { address, port }: Place): string {
  const where = `dial tcp ${formatIpv4(address)}:${port}`
  if (error instanceof PatienceOver) return `${where}: i/o timeout`
  if (error instanceof SocketError) return `${where}: connect: ${connectFailures[error.code] ?? error.code}`
  throw error
}

function httpFailure(error: unknown, place: Place): string {
  if (error instanceof PatienceOver) return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
  if (error instanceof SocketError && error.code === 'ECONNRESET') return 'read: connection reset by peer'
  if (error instanceof HttpError)
    return error.code === 'malformed'
      ? 'net/http: HTTP/1.x transport connection broken: malformed HTTP response'
      : 'EOF'
  if (error instanceof TlsError)
    return error.code === 'ended' ? 'EOF' : 'tls: first record does not look like a TLS handshake'
  return dialFailure(error, place)
}

const connectFailures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'connection timed out',
}
