import type { Exchange, Observer, PipedConnection } from '../mesh/dialect.ts'
import { MeshMetrics } from '../mesh/metrics.ts'
import type { MeshProxy } from '../mesh/proxy.ts'
import { isSecured } from '../mesh/upstreamConnection.ts'

/** What Linkerd's proxy counts of what it has passed on. */
export class LinkerdTelemetry implements Observer {
  readonly metrics = new MeshMetrics()
  readonly #proxyOf: () => MeshProxy

  constructor(proxyOf: () => MeshProxy) {
    this.#proxyOf = proxyOf
  }

  onExchange(exchange: Exchange): void {
    const labels = { direction: exchange.downstream.direction, ...this.#peer(exchange) }
    const isFailure = exchange.status >= 500
    const answered = {
      ...labels,
      status_code: String(exchange.status),
      classification: isFailure ? 'failure' : 'success',
      grpc_status: '',
      error: exchange.details === 'via_upstream' ? '' : exchange.details,
    }
    this.metrics.add('request_total', labels)
    this.metrics.add('response_total', answered)
    this.metrics.observe('response_latency_ms', answered, exchange.duration)
  }

  onConnection(connection: PipedConnection): void {
    const labels = { direction: connection.downstream.direction, ...this.#peer(connection) }
    this.metrics.add('tcp_open_total', labels)
    this.metrics.add('tcp_close_total', labels)
    this.metrics.add('tcp_read_bytes_total', labels, connection.received)
    this.metrics.add('tcp_write_bytes_total', labels, connection.sent)
  }

  #peer(record: Exchange | PipedConnection): Record<string, string> {
    const { downstream, cluster, endpoint } = record
    const settings = this.#proxyOf().settings!
    if (downstream.direction === 'inbound') {
      const [, port = ''] = downstream.local.split(':')
      const { identity } = downstream
      return {
        target_addr: downstream.local,
        target_port: port,
        tls: identity === undefined ? 'no_identity' : 'true',
        ...(identity === undefined ? { no_tls_reason: 'no_tls_from_remote' } : { client_id: identity }),
      }
    }
    const to = endpoint && settings.peers[endpoint.address]
    const secured = Boolean(cluster && endpoint && isSecured(cluster, endpoint))
    return {
      authority: cluster && !cluster.isOriginal ? `${cluster.host}:${cluster.port}` : downstream.local,
      target_addr: endpoint ? `${endpoint.address}:${endpoint.port}` : downstream.local,
      tls: secured ? 'true' : 'no_identity',
      ...(secured && to && { server_id: to.identity }),
      ...(to && {
        dst_deployment: to.name,
        dst_namespace: to.namespace,
        dst_pod: to.pod,
        dst_serviceaccount: to.account,
      }),
      ...(cluster?.host && { dst_service: cluster.host.split('.')[0]! }),
    }
  }
}
