import type { Process } from '../../../machine/program.ts'
import { formatIpv4 } from '../../../network/address.ts'
import type { Exchange, Observer, PipedConnection } from '../mesh/dialect.ts'
import { type Labels, MeshMetrics } from '../mesh/metrics.ts'
import type { MeshProxy } from '../mesh/proxy.ts'
import type { Workload } from '../mesh/settings.ts'
import { isSecured } from '../mesh/upstreamConnection.ts'
import { accessLine, connectionLine } from './accessLog.ts'
import type { ZipkinSpan } from './spans.ts'

/** What an Istio proxy writes down of what it has passed on: log lines, measurements and spans. */
export class EnvoyTelemetry implements Observer {
  readonly metrics = new MeshMetrics()
  readonly #process: Process
  readonly #proxyOf: () => MeshProxy
  readonly #report: (span: ZipkinSpan) => void

  constructor(process: Process, proxyOf: () => MeshProxy, report: (span: ZipkinSpan) => void) {
    this.#process = process
    this.#proxyOf = proxyOf
    this.#report = report
  }

  onExchange(exchange: Exchange): void {
    const settings = this.#proxyOf().settings!
    if (settings.hasAccessLog) this.#log(accessLine(exchange))
    const labels = this.#labels(exchange)
    const answered = {
      ...labels,
      request_protocol: 'http',
      response_code: String(exchange.status),
      grpc_response_status: '',
      response_flags: exchange.flags,
      connection_security_policy: this.#security(exchange),
    }
    this.metrics.add('istio_requests_total', answered)
    this.metrics.observe('istio_request_duration_milliseconds', answered, exchange.duration)
    this.metrics.observe('istio_request_bytes', answered, exchange.received)
    this.metrics.observe('istio_response_bytes', answered, exchange.sent)
    if (exchange.span?.isSampled && settings.tracing) this.#report(this.#spanOf(exchange))
  }

  onConnection(connection: PipedConnection): void {
    const settings = this.#proxyOf().settings!
    if (settings.hasAccessLog) this.#log(connectionLine(connection))
    const labels = {
      ...this.#labels(connection),
      request_protocol: 'tcp',
      response_flags: connection.flags,
      connection_security_policy: this.#security(connection),
    }
    this.metrics.add('istio_tcp_connections_opened_total', labels)
    this.metrics.add('istio_tcp_connections_closed_total', labels)
    this.metrics.add('istio_tcp_sent_bytes_total', labels, connection.sent)
    this.metrics.add('istio_tcp_received_bytes_total', labels, connection.received)
  }

  #log(line: string): void {
    if (this.#process.state !== 'ended') this.#process.thread(() => this.#process.write(line))
  }

  /** Only the side that is asked knows for certain how the connection was secured. */
  #security({ downstream }: Exchange | PipedConnection): string {
    if (downstream.direction === 'outbound') return 'unknown'
    return downstream.identity === undefined ? 'none' : 'mutual_tls'
  }

  #labels(record: Exchange | PipedConnection): Labels {
    const settings = this.#proxyOf().settings!
    const { downstream, cluster, endpoint } = record
    const isOutbound = downstream.direction === 'outbound'
    const peer = settings.peers[downstream.remote.split(':')[0]!]
    const source = isOutbound ? settings.self : peer
    const destination = isOutbound ? endpoint && settings.peers[endpoint.address] : settings.self
    const isKnownPeer = isOutbound
      ? Boolean(cluster && endpoint && isSecured(cluster, endpoint))
      : downstream.identity !== undefined
    const service = this.#serviceOf(record)
    const [serviceName = 'unknown', serviceNamespace = 'unknown'] = service?.split('.') ?? []
    return {
      reporter: isOutbound ? 'source' : 'destination',
      ...workloadLabels('source', source),
      source_principal: isKnownPeer ? (downstream.identity ?? settings.self.identity) : 'unknown',
      source_cluster: source ? 'Kubernetes' : 'unknown',
      ...workloadLabels('destination', destination),
      destination_principal: isKnownPeer ? (destination?.identity ?? 'unknown') : 'unknown',
      destination_service: service ?? downstream.local,
      destination_service_name: service === undefined ? (cluster?.name ?? 'unknown') : serviceName,
      destination_service_namespace: service === undefined ? 'unknown' : serviceNamespace,
      destination_cluster: destination ? 'Kubernetes' : 'unknown',
    }
  }

  /** The Service that a client has asked: by the cluster on its own side, by the port on the other side. */
  #serviceOf({ downstream, cluster }: Exchange | PipedConnection): string | undefined {
    if (downstream.direction === 'outbound') return cluster?.host || undefined
    const port = this.#proxyOf().settings!.inbound.ports[downstream.local.split(':')[1]!]
    return port?.service?.split(':')[0]
  }

  #spanOf(exchange: Exchange): ZipkinSpan {
    const { self } = this.#proxyOf().settings!
    const { span, downstream, request, cluster, endpoint } = exchange
    const isOutbound = downstream.direction === 'outbound'
    const port = downstream.local.split(':')[1]!
    const inbound = this.#proxyOf().settings!.inbound.ports[port]?.service
    const asked = cluster?.isOriginal ? (request.headers.get('host') ?? '') : `${cluster?.host}:${cluster?.port}/*`
    const name = isOutbound ? asked : `${inbound ?? `:${port}`}/*`
    const [ip = ''] = this.#process.network.interfaces
      .filter(({ name: device }) => device !== 'lo')
      .flatMap(({ addresses }) => addresses.map(({ address }) => formatIpv4(address)))
    return {
      id: span!.span,
      traceId: span!.trace,
      ...(span!.parent !== undefined && { parentId: span!.parent }),
      name,
      kind: isOutbound ? 'CLIENT' : 'SERVER',
      ...(!isOutbound && exchange.request.headers.has('x-b3-spanid') && { shared: true as const }),
      timestamp: Math.round(exchange.startedAt * 1000),
      duration: Math.max(1, Math.round(exchange.duration * 1000)),
      localEndpoint: { serviceName: `${self.app}.${self.namespace}`, ipv4: ip },
      tags: {
        component: 'proxy',
        downstream_cluster: '-',
        'guid:x-request-id': exchange.requestId,
        'http.method': request.method,
        'http.protocol': 'HTTP/1.1',
        'http.status_code': String(exchange.status),
        'http.url': `http://${request.headers.get('host') ?? ''}${request.target}`,
        'istio.canonical_revision': self.version || 'latest',
        'istio.canonical_service': self.app,
        'istio.mesh_id': 'cluster.local',
        'istio.namespace': self.namespace,
        node_id: `sidecar~${ip}~${self.pod}.${self.namespace}~${self.namespace}.svc.cluster.local`,
        'peer.address': downstream.remote.split(':')[0]!,
        request_size: String(exchange.received),
        response_flags: exchange.flags,
        response_size: String(exchange.sent),
        ...(exchange.status >= 500 && { error: 'true' }),
        upstream_cluster: cluster?.name ?? '-',
        'upstream_cluster.name': cluster?.name ?? '-',
        ...(endpoint && { upstream_host: `${endpoint.address}:${endpoint.port}` }),
        user_agent: request.headers.get('user-agent') ?? '-',
      },
    }
  }
}

function workloadLabels(side: 'source' | 'destination', workload: Workload | undefined): Labels {
  const unknown = 'unknown'
  return {
    [`${side}_workload`]: workload?.name ?? unknown,
    [`${side}_canonical_service`]: workload?.app ?? unknown,
    [`${side}_canonical_revision`]: workload ? workload.version || 'latest' : 'latest',
    [`${side}_workload_namespace`]: workload?.namespace ?? unknown,
    [`${side}_app`]: workload?.app ?? unknown,
    [`${side}_version`]: workload?.version || unknown,
  }
}
