import { parseIpv4 } from '../../../network/address.ts'
import type { Dialect, OwnAnswer } from '../mesh/dialect.ts'
import type { FailureKind } from '../mesh/failure.ts'

const refusal = 'unauthorized request on route'

/** The words, ports and headers of Linkerd's proxy. */
export const linkerdDialect: Dialect = {
  outboundPort: 4140,
  outboundAddress: parseIpv4('127.0.0.1')!,
  inboundPort: 4143,
  inboundSource: undefined,
  // Simplified: proxies speak HTTP/1.1 to each other, not HTTP/2.
  applicationProtocols: { http: [], tcp: [] },
  isForProxy: ({ serverName }, self) => serverName === self.identity,
  lowersNames: true,
  denied: { status: 403, body: '', flags: '-', details: refusal, headers: { 'l5d-proxy-error': refusal } },
  blocked: { status: 502, body: '', flags: '-', details: 'blocked' },
  failure: explain,
  prepareRequest({ downstream }, headers) {
    headers.delete('l5d-client-id')
    if (downstream.direction === 'inbound' && downstream.identity !== undefined)
      headers.set('l5d-client-id', downstream.identity)
  },
  prepareAnswer() {},
}

const explanations: Readonly<Record<FailureKind, readonly [status: number, text: string]>> = {
  'no route': [404, 'no route found for request'],
  'no cluster': [500, 'HTTP request configured to fail with 500 Internal Server Error: Service not found'],
  'no healthy endpoint': [503, 'service in fail-fast'],
  overflow: [503, 'service in fail-fast'],
  'connection failure': [502, 'error trying to connect: Connection refused (os error 111)'],
  'connection timeout': [504, 'connect timed out after 1s'],
  'connection termination': [502, 'connection closed before message completed'],
  timeout: [504, 'request timed out'],
  'attempt timeout': [504, 'request timed out'],
  'protocol error': [502, 'invalid HTTP version parsed'],
}

function explain(kind: FailureKind): OwnAnswer {
  const [status, text] = explanations[kind]
  const headers = { 'l5d-proxy-error': text, 'l5d-proxy-connection': 'close' }
  return { status, body: '', flags: '-', details: text, headers }
}
