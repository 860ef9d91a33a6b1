import type { HttpRequestHead } from '../../../machine/http.ts'
import type { MeshRoute, RequestMatch, TextMatch, VirtualHost } from './settings.ts'

/** The host that a request names, chosen as Envoy does: by the exact name, then the longest ending, then any. */
export function findVirtualHost(hosts: readonly VirtualHost[], authority: string): VirtualHost | undefined {
  const wanted = authority.toLowerCase()
  const isExact = (domain: string) =>
    domain === wanted || (domain.endsWith(':*') && wanted.startsWith(domain.slice(0, -1)))
  const exact = hosts.find(({ domains }) => domains.some(isExact))
  if (exact) return exact
  let best: VirtualHost | undefined
  let length = 0
  for (const host of hosts)
    for (const domain of host.domains) {
      if (!domain.startsWith('*') || domain.length <= length || !wanted.endsWith(domain.slice(1))) continue
      best = host
      length = domain.length
    }
  return best
}

/** The first route whose conditions a request meets. */
export function findRoute(routes: readonly MeshRoute[], head: HttpRequestHead): MeshRoute | undefined {
  return routes.find(({ matches }) => matches.length === 0 || matches.some(match => isMet(match, head)))
}

function isMet(match: RequestMatch, { method, target, headers }: HttpRequestHead): boolean {
  const [path = '', query = ''] = target.split('?')
  const parameters = new Map(query.split('&').map(each => each.split('=') as [string, string]))
  const { ignoresCase = false } = match
  return (
    (!match.path || isText(match.path, path, ignoresCase)) &&
    (!match.method || isText(match.method, method)) &&
    (!match.authority || isText(match.authority, headers.get('host'))) &&
    Object.entries(match.headers ?? {}).every(([name, wanted]) => isText(wanted, headers.get(name))) &&
    !Object.entries(match.withoutHeaders ?? {}).some(([name, wanted]) => isText(wanted, headers.get(name))) &&
    Object.entries(match.query ?? {}).every(([name, wanted]) => isText(wanted, parameters.get(name)))
  )
}

/** Whether a text is as it should be; regular expressions are for the whole of it. */
export function isText(match: TextMatch, given: string | undefined, ignoresCase = false): boolean {
  if (given === undefined) return false
  if ('present' in match) return true
  if ('regex' in match) return isMatch(match.regex, given)
  const [wanted, value] = ['exact' in match ? match.exact : match.prefix, given].map(text =>
    ignoresCase ? text.toLowerCase() : text,
  )
  return 'exact' in match ? value === wanted : value!.startsWith(wanted!)
}

/** Whether a text as a whole is what an expression says; one that can't be read matches nothing. */
function isMatch(expression: string, given: string): boolean {
  try {
    return new RegExp(`^(?:${expression})$`).test(given)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return false
  }
}

/** What a path becomes when a route rewrites it: a matched prefix is replaced, another path as a whole. */
export function rewritePath(target: string, path: string, route: MeshRoute, head: HttpRequestHead): string {
  const [given = '', query] = target.split('?')
  const matched = route.matches.find(match => isMet(match, head))?.path
  const prefix = matched && 'prefix' in matched ? matched.prefix : undefined
  const changed = prefix === undefined ? path : `${path}${given.slice(prefix.length)}`
  return query === undefined ? changed : `${changed}?${query}`
}
