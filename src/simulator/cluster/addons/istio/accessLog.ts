import type { Exchange, PipedConnection } from '../mesh/dialect.ts'

/** A request as Istio's access log writes it. */
export function accessLine(exchange: Exchange): string {
  const { request, downstream, endpoint, cluster, upstreamLocal, route } = exchange
  const header = (name: string) => quoted(request.headers.get(name))
  return line([
    stamp(exchange.startedAt),
    `"${request.method} ${request.target} HTTP/${request.version}"`,
    String(exchange.status),
    exchange.flags,
    exchange.details,
    '-',
    quoted(exchange.transportFailure),
    String(exchange.received),
    String(exchange.sent),
    String(Math.round(exchange.duration)),
    exchange.upstreamTime === undefined ? '-' : String(Math.round(exchange.upstreamTime)),
    header('x-forwarded-for'),
    header('user-agent'),
    quoted(exchange.requestId),
    header('host'),
    quoted(endpoint && `${endpoint.address}:${endpoint.port}`),
    cluster?.name ?? '-',
    upstreamLocal ?? '-',
    downstream.local,
    downstream.remote,
    downstream.serverName ?? '-',
    route?.name ?? (downstream.direction === 'inbound' ? 'default' : cluster ? 'allow_any' : '-'),
  ])
}

/** A connection that carried no requests, or none that could be read. */
export function connectionLine(connection: PipedConnection): string {
  const { downstream, endpoint, cluster, upstreamLocal } = connection
  return line([
    stamp(connection.startedAt),
    '"- - -"',
    '0',
    connection.flags,
    connection.details,
    '-',
    quoted(connection.transportFailure),
    String(connection.received),
    String(connection.sent),
    String(Math.round(connection.duration)),
    '-',
    '"-"',
    '"-"',
    '"-"',
    '"-"',
    quoted(endpoint && `${endpoint.address}:${endpoint.port}`),
    cluster?.name ?? '-',
    upstreamLocal ?? '-',
    downstream.local,
    downstream.remote,
    downstream.serverName ?? '-',
    '-',
  ])
}

function line(fields: readonly string[]): string {
  return `${fields.join(' ')}\n`
}

function stamp(time: number): string {
  return `[${new Date(time).toISOString()}]`
}

function quoted(text: string | undefined): string {
  return `"${text ?? '-'}"`
}
