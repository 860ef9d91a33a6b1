import type { Cors } from './settings.ts'

/** The header fields that let a page of another origin have the answer; none for an origin that may not. */
export function corsHeaders(cors: Cors, origin: string | undefined): readonly (readonly [string, string])[] {
  const isAny = cors.origins.includes('*')
  const allowed = isAny
    ? '*'
    : cors.origins.some(each => each === origin || isSubdomain(each, origin))
      ? origin
      : undefined
  if (allowed === undefined) return []
  return [
    ['Access-Control-Allow-Origin', allowed],
    ...(cors.credentials ? [['Access-Control-Allow-Credentials', 'true'] as const] : []),
    ['Access-Control-Allow-Methods', cors.methods],
    ['Access-Control-Allow-Headers', cors.headers],
    ...(cors.exposed === '' ? [] : [['Access-Control-Expose-Headers', cors.exposed] as const]),
    ['Access-Control-Max-Age', cors.maxAge],
  ]
}

function isSubdomain(pattern: string, origin: string | undefined): boolean {
  const [scheme, host] = pattern.split('://*.')
  if (host === undefined || origin === undefined) return false
  return origin.startsWith(`${scheme}://`) && origin.endsWith(`.${host}`)
}
