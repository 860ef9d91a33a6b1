import { type HttpHeaders, httpDate } from '../../../machine/http.ts'
import type { Process } from '../../../machine/program.ts'
import { parseIpv4 } from '../../../network/address.ts'
import type { Dialect, Exchange, OwnAnswer } from '../mesh/dialect.ts'
import type { FailureKind } from '../mesh/failure.ts'
import type { MeshProxy } from '../mesh/proxy.ts'
import { beginSpan, writeSpan } from './spans.ts'

/** The words, ports and headers of Envoy as Istio sets it up. */
export function envoyDialect(process: Process, proxyOf: () => MeshProxy): Dialect {
  return {
    outboundPort: 15001,
    outboundAddress: undefined,
    inboundPort: 15006,
    inboundSource: parseIpv4('127.0.0.6')!,
    applicationProtocols: {
      http: ['istio-http/1.1', 'istio-http/1.0'],
      tcp: ['istio-peer-exchange', 'istio'],
    },
    isForProxy: ({ applicationProtocols }) => applicationProtocols.some(name => name.startsWith('istio')),
    lowersNames: true,
    denied: {
      status: 403,
      body: 'RBAC: access denied',
      flags: '-',
      details: 'rbac_access_denied_matched_policy[none]',
    },
    blocked: { status: 502, body: '', flags: '-', details: 'direct_response' },
    failure: explain,
    prepareRequest(exchange, headers) {
      const settings = proxyOf().settings!
      const isInbound = exchange.downstream.direction === 'inbound'
      headers.set('x-forwarded-proto', headers.get('x-forwarded-proto') ?? 'http')
      headers.set('x-request-id', exchange.requestId)
      exchange.span = beginSpan(exchange, process.kernel.random, settings.tracing?.sampling ?? 0)
      writeSpan(exchange.span, headers)
      if (settings.gateway) {
        const client = exchange.downstream.remote.split(':')[0]!
        const before = headers.get('x-forwarded-for')
        headers.set('x-forwarded-for', before === undefined ? client : `${before},${client}`)
        headers.set('x-envoy-internal', 'true')
        headers.set('x-forwarded-proto', exchange.downstream.serverName === undefined ? 'http' : 'https')
      }
      const { identity } = exchange.downstream
      if (isInbound && identity !== undefined)
        headers.set(
          'x-forwarded-client-cert',
          `By=${settings.self.identity};Hash=${hashOf(identity)};Subject="";URI=${identity}`,
        )
      else headers.delete('x-forwarded-client-cert')
    },
    prepareAttempt({ attempts, downstream }, headers) {
      if (downstream.direction === 'outbound') headers.set('x-envoy-attempt-count', String(attempts))
    },
    prepareAnswer(exchange, headers, isOwn) {
      if (exchange.downstream.direction === 'outbound') {
        headers.delete('x-envoy-decorator-operation')
        addServiceTime(exchange, headers, isOwn)
        headers.set('server', proxyOf().settings?.gateway ? 'istio-envoy' : 'envoy')
        return
      }
      addServiceTime(exchange, headers, isOwn)
      // A server's own name is left as it is on this side.
      if (!headers.has('server')) headers.append('server', 'istio-envoy')
      const service = proxyOf().settings?.inbound.ports[exchange.downstream.local.split(':')[1]!]?.service
      headers.append('x-envoy-decorator-operation', service === undefined ? ':0/*' : `${service}/*`)
    },
  }
}

function addServiceTime({ upstreamTime, startedAt }: Exchange, headers: HttpHeaders, isOwn: boolean): void {
  if (!isOwn) headers.set('x-envoy-upstream-service-time', String(Math.round(upstreamTime ?? 0)))
  if (!headers.has('date')) headers.append('date', httpDate(startedAt + (upstreamTime ?? 0)))
}

// Simplified: the fingerprint of a client's certificate is one of its name.
function hashOf(identity: string): string {
  let hash = ''
  let state = 0x811c9dc5
  for (let round = 0; round < 8; round++) {
    for (const letter of identity) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193) >>> 0
    hash += state.toString(16).padStart(8, '0')
  }
  return hash
}

const resetReasons: Readonly<Partial<Record<FailureKind, string>>> = {
  'connection failure': 'remote connection failure',
  'connection timeout': 'connection timeout',
  'connection termination': 'connection termination',
  'protocol error': 'protocol error',
  overflow: 'overflow',
}

const flagsOf: Readonly<Record<FailureKind, string>> = {
  'no route': 'NR',
  'no cluster': 'NC',
  'no healthy endpoint': 'UH',
  overflow: 'UO',
  'connection failure': 'UF',
  'connection timeout': 'UF',
  'connection termination': 'UC',
  timeout: 'UT',
  'attempt timeout': 'UT',
  'protocol error': 'UPE',
}

/** What Envoy answers itself. */
function explain(
  kind: FailureKind,
  { reason, hasRetried }: { readonly reason: string | undefined; readonly hasRetried: boolean },
): OwnAnswer {
  const flags = hasRetried ? `${flagsOf[kind]},URX` : flagsOf[kind]
  if (kind === 'no route') return { status: 404, body: '', flags, details: 'route_not_found' }
  if (kind === 'no cluster') return { status: 503, body: '', flags, details: 'cluster_not_found' }
  if (kind === 'no healthy endpoint')
    return { status: 503, body: 'no healthy upstream', flags, details: 'no_healthy_upstream' }
  if (kind === 'timeout' || kind === 'attempt timeout')
    return {
      status: 504,
      body: 'upstream request timeout',
      flags,
      details: kind === 'timeout' ? 'response_timeout' : 'upstream_per_try_timeout',
    }
  const reset = resetReasons[kind]!
  const front = hasRetried ? 'retried and the latest reset reason' : 'reset reason'
  const transport = reason === undefined ? '' : `, transport failure reason: ${reason}`
  const body = `upstream connect error or disconnect/reset before headers. ${front}: ${reset}${transport}`
  if (kind === 'overflow')
    return {
      status: 503,
      body,
      flags,
      details: 'upstream_reset_before_response_started{overflow}',
      headers: { 'x-envoy-overloaded': 'true' },
    }
  const more = reason === undefined ? '' : `|${reason.replaceAll(' ', '_')}`
  const status = kind === 'protocol error' ? 502 : 503
  return {
    status,
    body,
    flags,
    details: `upstream_reset_before_response_started{${reset.replaceAll(' ', '_')}${more}}`,
  }
}
