import type { Fault, HeaderChanges, MeshRoute, RequestMatch, RetryPolicy, TextMatch } from '../mesh/settings.ts'
import { clusterName } from './clusters.ts'
import { type HttpRule, milliseconds, type RouteDestination, type StringMatch } from './rules.ts'

/** What routes depend on besides the rule that they are made from. */
export interface RouteContext {
  readonly port: number
  /** Makes a short name of a rule a full one. */
  fullHost(host: string): string
  /** The ports of a host, for destinations that name none. */
  portsOf(host: string): readonly number[]
  /** Whether the proxy is one that a match speaks of. */
  isSource(labels: Readonly<Record<string, string>> | undefined, namespace: string | undefined): boolean
}

/** What Istio does with requests when nobody says anything about retries. */
export const defaultRetries: RetryPolicy = {
  attempts: 2,
  conditions: ['connect-failure', 'refused-stream', 'unavailable', 'cancelled'],
  statuses: [],
}

/** The route of a host without rules: everything to its own cluster. */
export function defaultRoute(cluster: string): MeshRoute {
  return { name: 'default', matches: [], destinations: [{ cluster, weight: 100 }], timeout: 0, retries: defaultRetries }
}

/** The routes that a VirtualService's rules make on one port. */
export function routesOf(rules: readonly HttpRule[], context: RouteContext): MeshRoute[] {
  return rules.flatMap(rule => {
    const meant = (rule.match ?? []).filter(
      ({ port, sourceLabels, sourceNamespace }) =>
        (port === undefined || port === context.port) && context.isSource(sourceLabels, sourceNamespace),
    )
    if (rule.match && rule.match.length > 0 && meant.length === 0) return []
    return [routeOf(rule, meant.map(matchOf), context)]
  })
}

function routeOf(rule: HttpRule, matches: readonly RequestMatch[], context: RouteContext): MeshRoute {
  const { rewrite, redirect, directResponse, mirror, headers } = rule
  const fault = faultOf(rule)
  const destinations = (rule.route ?? []).map(each => ({
    cluster: destinationCluster(each.destination, context),
    weight: each.weight ?? (rule.route!.length === 1 ? 100 : 0),
    ...headerChanges(each.headers),
  }))
  return {
    name: rule.name ?? '-',
    matches: matches.some(match => Object.keys(match).length === 0) ? [] : matches,
    destinations,
    timeout: milliseconds(rule.timeout, 0),
    retries: retriesOf(rule),
    ...(fault && { fault }),
    ...(rewrite && { rewrite: { ...copyText(rewrite.uri, 'path'), ...copyText(rewrite.authority, 'authority') } }),
    ...(redirect && {
      redirect: {
        ...copyText(redirect.uri, 'path'),
        ...copyText(redirect.authority, 'authority'),
        status: redirect.redirectCode ?? 301,
      },
    }),
    ...(directResponse && { answer: { status: directResponse.status, body: directResponse.body?.string ?? '' } }),
    ...(mirror && {
      mirror: { cluster: destinationCluster(mirror, context), percentage: rule.mirrorPercentage?.value ?? 100 },
    }),
    ...headerChanges(headers),
  }
}

function copyText<Name extends string>(text: string | undefined, name: Name): { readonly [Key in Name]?: string } {
  return (text === undefined ? {} : { [name]: text }) as { readonly [Key in Name]?: string }
}

function headerChanges(headers: HttpRule['headers']): {
  requestHeaders?: HeaderChanges
  answerHeaders?: HeaderChanges
} {
  return {
    ...(headers?.request && { requestHeaders: headers.request }),
    ...(headers?.response && { answerHeaders: headers.response }),
  }
}

/** The cluster of a destination; its port is the only one of the host, or the one that was asked for. */
export function destinationCluster(
  { host, subset, port }: RouteDestination['destination'],
  context: Pick<RouteContext, 'fullHost' | 'portsOf' | 'port'>,
): string {
  const full = context.fullHost(host)
  const ports = context.portsOf(full)
  return clusterName(full, port?.number ?? (ports.length === 1 ? ports[0]! : context.port), subset)
}

function retriesOf({ retries }: HttpRule): RetryPolicy {
  if (!retries) return defaultRetries
  const words = retries.retryOn?.split(',').map(word => word.trim()) ?? defaultRetries.conditions
  const statuses = words.filter(word => /^\d+$/.test(word)).map(Number)
  const conditions = words.filter(word => !/^\d+$/.test(word))
  if (statuses.length > 0 && !conditions.includes('retriable-status-codes')) conditions.push('retriable-status-codes')
  return {
    attempts: retries.attempts ?? defaultRetries.attempts,
    ...(retries.perTryTimeout !== undefined && { perTryTimeout: milliseconds(retries.perTryTimeout, 0) }),
    conditions,
    statuses,
  }
}

function faultOf({ fault }: HttpRule): Fault | undefined {
  if (!fault) return undefined
  const { delay, abort } = fault
  return {
    ...(delay && {
      delay: { percentage: delay.percentage?.value ?? 100, duration: milliseconds(delay.fixedDelay, 0) },
    }),
    ...(abort && { abort: { percentage: abort.percentage?.value ?? 100, status: abort.httpStatus ?? 503 } }),
  }
}

function matchOf(match: NonNullable<HttpRule['match']>[number]): RequestMatch {
  const all = (given: Readonly<Record<string, StringMatch>> | undefined) =>
    Object.fromEntries(Object.entries(given ?? {}).map(([name, text]) => [name, textOf(text)]))
  return {
    ...(match.uri && { path: textOf(match.uri) }),
    ...(match.method && { method: textOf(match.method) }),
    ...(match.authority && { authority: textOf(match.authority) }),
    ...(match.headers && { headers: all(match.headers) }),
    ...(match.withoutHeaders && { withoutHeaders: all(match.withoutHeaders) }),
    ...(match.queryParams && { query: all(match.queryParams) }),
    ...(match.ignoreUriCase && { ignoresCase: true }),
  }
}

function textOf({ exact, prefix, regex }: StringMatch): TextMatch {
  if (exact !== undefined) return { exact }
  if (prefix !== undefined) return { prefix }
  return regex === undefined ? { present: true } : { regex }
}
