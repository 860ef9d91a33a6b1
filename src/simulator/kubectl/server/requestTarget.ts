import type { ApiRequest } from '../../cluster/client.ts'

/** The path and query of a request, as they stand in its first line. */
export function target({ path, query = {}, repeated = {} }: ApiRequest): string {
  const several = Object.entries(repeated).flatMap(([name, values]) => values.map(value => [name, value] as const))
  const search = [...Object.entries(query), ...several].map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return search.length > 0 ? `${path}?${search.sort().join('&')}` : path
}
