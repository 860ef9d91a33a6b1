import type { Process } from '../../../../machine/program.ts'
import { deployment } from '../../../kinds/deployment.ts'
import { pod } from '../../../kinds/pod.ts'
import type { ProxySettings, RequestMatch, TextMatch } from '../../mesh/settings.ts'
import type { AddonParts } from '../../optional.ts'
import type { PodQuestions } from './podQuestions.ts'
import { formatTable } from './table.ts'

const subjects: Readonly<Record<string, keyof typeof tables>> = {
  cluster: 'cluster',
  clusters: 'cluster',
  c: 'cluster',
  listener: 'listener',
  listeners: 'listener',
  l: 'listener',
  route: 'route',
  routes: 'route',
  r: 'route',
  endpoint: 'endpoint',
  endpoints: 'endpoint',
  ep: 'endpoint',
}

const elsewhere = ['all', 'bootstrap', 'ecds', 'log', 'rootca-compare', 'secret', 's']

/** `istioctl proxy-config clusters POD`: what the proxy of a pod has been told, as it says itself. */
export async function proxyConfig(
  process: Process,
  parts: AddonParts,
  questions: PodQuestions,
  namespace: string,
  words: readonly string[],
): Promise<number> {
  const fail = async (text: string) => {
    await process.stderr.write(`Error: ${text}\n`)
    return 1
  }
  const [subject = '', target] = words.filter(word => !word.startsWith('-'))
  const filters = new Map<string, string>()
  for (let at = 0; at < words.length; at++) {
    if (!words[at]!.startsWith('--')) continue
    const [name = '', value] = words[at]!.slice(2).split('=')
    if (!['port', 'fqdn', 'cluster', 'name'].includes(name)) return fail(`--${name} is not simulated here`)
    filters.set(name, value ?? words[at + 1] ?? '')
  }
  if (words.includes('-o'))
    return fail('-o is not simulated here; ask the proxy itself: pilot-agent request GET config_dump')
  const kind = subjects[subject]
  if (!kind)
    return fail(
      elsewhere.includes(subject)
        ? `proxy-config ${subject} is not simulated here`
        : `unknown command "${subject}" for "istioctl proxy-config"`,
    )
  if (target === undefined) return fail(`${kind} requires pod name or --file parameter`)
  const place = findPod(parts, target, namespace)
  if (!place) return fail(`pods "${target.split('.')[0]}" not found`)
  const request = ['pilot-agent', 'request', 'GET']
  const dump = await questions.ask(place.namespace, place.pod, 'istio-proxy', [...request, 'config_dump'])
  if (!dump)
    return fail(
      `failed to execute command on ${place.pod}.${place.namespace} sidecar: error upgrading connection: container istio-proxy is not valid for pod ${place.pod}`,
    )
  const clusters = await questions.ask(place.namespace, place.pod, 'istio-proxy', [...request, 'clusters'])
  const settings = JSON.parse(dump) as ProxySettings
  const { head, rows } = tables[kind](settings, clusters ?? '')
  const wanted = rows.filter(row =>
    [...filters.values()].every(value =>
      row.some(cell => cell === value || cell.startsWith(`${value}.`) || cell.includes(value)),
    ),
  )
  await process.write(formatTable(head, wanted, 5))
  return 0
}

/** A pod by `name`, `name.namespace`, or the first one of `deploy/name`. */
function findPod(parts: AddonParts, target: string, usual: string): { pod: string; namespace: string } | undefined {
  const client = parts.clientOf('istio-system:istiod')
  const [, kind, named = ''] = /^(?:(\w+)\/)?(.*)$/.exec(target) ?? []
  const [name = '', namespace = usual] = named.split('.')
  if (kind === undefined || kind === 'pod' || kind === 'pods')
    return client.get(pod, name, namespace) && { pod: name, namespace }
  if (!/^deploy(ment)?s?$/.test(kind)) return undefined
  const owner = client.list(deployment, { namespace }).find(({ metadata }) => metadata.name === name)
  const found =
    owner &&
    client.list(pod, { namespace, selector: owner.spec.selector }).find(({ status }) => status?.phase === 'Running')
  return found && { pod: found.metadata.name, namespace }
}

interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const tables = { cluster: clusterTable, listener: listenerTable, route: routeTable, endpoint: endpointTable }

function clusterTable({ clusters, inbound }: ProxySettings): Table {
  const rows = Object.values(clusters).map(({ host, port, name, isOriginal, rule = '' }) => {
    const subset = name.split('|')[2] || '-'
    return [host, String(port), subset, 'outbound', isOriginal ? 'ORIGINAL_DST' : 'EDS', rule]
  })
  const own = Object.keys(inbound.ports).map(port => ['', port, '-', 'inbound', 'ORIGINAL_DST', ''])
  const fixed = [
    ['BlackHoleCluster', 'STATIC'],
    ['InboundPassthroughCluster', 'ORIGINAL_DST'],
    ['PassthroughCluster', 'ORIGINAL_DST'],
    ['agent', 'STATIC'],
    ['prometheus_stats', 'STATIC'],
    ['xds-grpc', 'STATIC'],
    ['zipkin', 'STRICT_DNS'],
  ].map(([name = '', type = '']) => [name, '-', '-', '-', type, ''])
  return {
    head: ['SERVICE FQDN', 'PORT', 'SUBSET', 'DIRECTION', 'TYPE', 'DESTINATION RULE'],
    rows: [...own, ...[...fixed, ...rows].sort(byText)],
  }
}

function listenerTable({ listeners }: ProxySettings): Table {
  const rows = Object.entries(listeners).flatMap(([where, { protocol, routes, clusters }]) => {
    const [address = '', port = ''] = where.split(':')
    const route = [address, port, 'Trans: raw_buffer; App: http/1.1,h2c', `Route: ${routes}`]
    const { cluster = '' } = clusters[0] ?? {}
    const rest = [address, port, 'ALL', cluster === 'PassthroughCluster' ? cluster : `Cluster: ${cluster}`]
    return protocol === 'tcp' ? [rest] : [route, rest]
  })
  return {
    head: ['ADDRESSES', 'PORT', 'MATCH', 'DESTINATION'],
    rows: [
      ...rows.sort((one, other) => Number(one[1]) - Number(other[1]) || byText(one, other)),
      ['0.0.0.0', '15001', 'ALL', 'PassthroughCluster'],
      ['0.0.0.0', '15006', 'ALL', 'InboundPassthroughCluster'],
      ['0.0.0.0', '15021', 'ALL', 'Inline Route: /healthz/ready*'],
      ['0.0.0.0', '15090', 'ALL', 'Inline Route: /stats/prometheus*'],
    ],
  }
}

function routeTable({ routes, listeners }: ProxySettings): Table {
  const used = new Set(Object.values(listeners).map(each => each.routes))
  const rows = Object.entries(routes)
    .filter(([name]) => used.has(name))
    .flatMap(([name, hosts]) =>
      hosts.flatMap(host =>
        host.routes.map(route => {
          const domains = host.domains.filter(domain => !/:\d+$/.test(domain) && !domain.startsWith('*.'))
          const more = domains.length > 2 ? ` + ${domains.length - 2} more...` : ''
          const shown = `${domains.slice(0, 2).toReversed().join(', ')}${more}`
          const [match] = route.matches
          return [name, host.name, shown, match ? matchText(match) : '/*', route.rule ?? '']
        }),
      ),
    )
  return { head: ['NAME', 'VHOST NAME', 'DOMAINS', 'MATCH', 'VIRTUAL SERVICE'], rows: rows.sort(byText) }
}

function matchText({ path }: RequestMatch): string {
  const text = (match: TextMatch) =>
    'exact' in match ? match.exact : 'prefix' in match ? `${match.prefix}*` : 'regex' in match ? `~${match.regex}` : '*'
  return path ? text(path) : '/*'
}

function endpointTable({ clusters }: ProxySettings, states: string): Table {
  const failed = new Set(
    states
      .split('\n')
      .filter(line => line.endsWith('/failed_outlier_check'))
      .map(line => line.split('::').slice(0, 2).join('::')),
  )
  const rows = Object.values(clusters).flatMap(({ name, endpoints, isOriginal }) =>
    isOriginal
      ? []
      : endpoints.map(({ address, port }) => {
          const where = `${address}:${port}`
          return [where, 'HEALTHY', failed.has(`${name}::${where}`) ? 'FAILED' : 'OK', name]
        }),
  )
  const fixed = [
    ['127.0.0.1:15000', 'HEALTHY', 'OK', 'prometheus_stats'],
    ['127.0.0.1:15020', 'HEALTHY', 'OK', 'agent'],
  ]
  return { head: ['ENDPOINT', 'STATUS', 'OUTLIER CHECK', 'CLUSTER'], rows: [...rows, ...fixed].sort(byText) }
}

function byText(one: readonly string[], other: readonly string[]): number {
  const [a, b] = [one.join(' '), other.join(' ')]
  return a < b ? -1 : a > b ? 1 : 0
}
