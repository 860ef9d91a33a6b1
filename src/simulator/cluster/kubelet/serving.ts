import type { Certificate } from '../../machine/certificate.ts'
import { type HttpAnswer, type HttpRequest, serveHttp } from '../../machine/httpServer.ts'
import type { Process } from '../../machine/program.ts'
import { parseIpv4 } from '../../network/address.ts'
import { resourceMetrics } from './resourceMetrics.ts'
import type { Runtime } from './runtime.ts'

const healthPort = 10_248
const port = 10_250
const year = 31_536_000_000

/** Says on the node itself that the kubelet is well, and tells those who may know what its pods use. */
export function serveKubelet(process: Process, runtime: Runtime): void {
  serveHttp(process, healthPort, () => ({ status: 200, body: 'ok' }), { address: parseIpv4('127.0.0.1')! })
  const certificate = selfSigned(process)
  serveHttp(process, port, request => answer(request, process, runtime), {
    isDualStack: true,
    tls: { certificates: () => [certificate], applicationProtocols: ['http/1.1'] },
  })
}

// Simplified: the API server reaches containers without this port, and any service account may ask for metrics.
function answer({ target, headers, certificates }: HttpRequest, process: Process, runtime: Runtime): HttpAnswer {
  if (!headers.get('authorization')?.startsWith('Bearer ') && !certificates?.length)
    return { status: 401, body: 'Unauthorized' }
  const type = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }
  if (target === '/metrics/resource')
    return { status: 200, headers: type, body: resourceMetrics(process.machine, runtime) }
  if (target === '/healthz') return { status: 200, body: 'ok' }
  return { status: 404, body: '404 page not found\n' }
}

/** A kubelet that nobody has given a certificate makes one: it names the host, and no address. */
function selfSigned({ machine, kernel }: Process): Certificate {
  const now = machine.now()
  const key = kernel.random.fork(`kubelet ${machine.hostname}`).hex(32)
  const name = machine.hostname
  const stamp = Math.floor(now / 1000)
  return {
    subject: `CN=${name}@${stamp}`,
    issuer: `CN=${name}-ca@${stamp}`,
    names: [name],
    notBefore: now,
    notAfter: now + year,
    key,
    signedBy: `${key}-ca`,
  }
}
