import type { MeshProxy } from '../mesh/proxy.ts'
import type { UpstreamCluster } from '../mesh/upstreamCluster.ts'

// Envoy's own defaults, which Istio lifts for everything but pending requests.
const unlimited = 4_294_967_295

/** What `GET /stats` of Envoy's administration says of the clusters that have been used. */
export function statsText({ clusters }: MeshProxy): string {
  const lines: string[] = []
  for (const [name, cluster] of [...clusters].sort(([one], [other]) => (one < other ? -1 : 1)))
    for (const [stat, value] of statsOf(cluster))
      lines.push(`cluster.${name}${cluster.settings.isOriginal ? '' : ';'}.${stat}: ${value}`)
  return lines.map(line => `${line}\n`).join('')
}

function statsOf(cluster: UpstreamCluster): [string, number][] {
  const { counts, settings } = cluster
  const { limits } = settings
  const use = cluster.use()
  const hosts = cluster.hosts()
  const left = (limit: number | undefined, used: number) => (limit ?? unlimited) - used
  const isOpen = (limit: number | undefined, used: number) => Number(limit !== undefined && used >= limit)
  return [
    ['circuit_breakers.default.cx_open', isOpen(limits.connections, use.connections)],
    ['circuit_breakers.default.remaining_cx', left(limits.connections, use.connections)],
    ['circuit_breakers.default.remaining_pending', left(limits.pendingRequests, use.pending)],
    ['circuit_breakers.default.remaining_rq', left(limits.requests, use.requests)],
    ['circuit_breakers.default.rq_open', isOpen(limits.requests, use.requests)],
    ['circuit_breakers.default.rq_pending_open', isOpen(limits.pendingRequests, use.pending)],
    ['membership_healthy', hosts.filter(({ isEjected }) => !isEjected).length],
    ['membership_total', hosts.length],
    ['outlier_detection.ejections_active', hosts.filter(({ isEjected }) => isEjected).length],
    ['outlier_detection.ejections_enforced_total', counts.ejections],
    ['upstream_cx_active', use.connections],
    ['upstream_cx_total', counts.connections],
    ['upstream_rq_active', use.requests],
    ['upstream_rq_pending_active', use.pending],
    ['upstream_rq_pending_failure_eject', 0],
    ['upstream_rq_pending_overflow', counts.overflow],
    ['upstream_rq_pending_total', counts.pending],
    ['upstream_rq_retry', counts.retries],
    ['upstream_rq_retry_overflow', counts.retryOverflow],
    ['upstream_rq_total', counts.requests],
  ]
}

/** What `GET /clusters` says of each endpoint. */
export function clustersText({ clusters }: MeshProxy): string {
  const lines: string[] = []
  for (const [name, cluster] of clusters) {
    const { outliers } = cluster.settings
    lines.push(`${name}::observability_name::${name};`)
    lines.push(`${name}::outlier::success_rate_average::-1`, `${name}::added_via_api::true`)
    for (const { endpoint, isEjected, active, total, failed } of cluster.hosts()) {
      const front = `${name}::${endpoint.address}:${endpoint.port}::`
      lines.push(
        `${front}rq_active::${active}`,
        `${front}rq_error::${failed}`,
        `${front}rq_success::${total - failed}`,
        `${front}rq_total::${total}`,
        `${front}hostname::`,
        `${front}health_flags::${isEjected && outliers ? '/failed_outlier_check' : 'healthy'}`,
        `${front}weight::1`,
      )
    }
  }
  return lines.map(line => `${line}\n`).join('')
}

/** What `GET /listeners` says. */
export function listenersText({ settings }: MeshProxy): string {
  const names = Object.keys(settings?.listeners ?? {}).sort()
  const lines = names.map(name => `${name.replace(':', '_')}::${name}`)
  return [...lines, 'virtualOutbound::0.0.0.0:15001', 'virtualInbound::0.0.0.0:15006'].map(line => `${line}\n`).join('')
}
