import { rangeOf } from './settings.ts'

const prefix = 'nginx.ingress.kubernetes.io/'

const anything = /^[\s\S]*$/
const flag = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/
const number = /^\d+$/
const size = /^\d+[bkmgBKMG]?$/
const serviceName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const url = /^https?:\/\/[^\s{}"'\\]+$/
const headerName = /^[A-Za-z0-9\-_]*$/
const ranges = {
  test: (value: string) =>
    value.split(',').every(each => rangeOf(each.trim()) !== undefined || each.trim().includes(':')),
}

interface ValueCheck {
  test(value: string): boolean
}

/** What the values of annotations that are acted upon must look like. */
const acted: Readonly<Record<string, ValueCheck>> = {
  affinity: /^cookie$/,
  'affinity-canary-behavior': /^(?:sticky|legacy)$/,
  'affinity-mode': /^(?:balanced|persistent)$/,
  'allowlist-source-range': ranges,
  'app-root': /^\/[A-Za-z0-9\-._~/?=&%]*$/,
  'auth-method': /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|CONNECT|OPTIONS|TRACE)$/,
  'auth-realm': anything,
  'auth-response-headers': /^[A-Za-z0-9\-_, ]*$/,
  'auth-secret': /^(?:[a-z0-9.-]+\/)?[a-z0-9.-]+$/,
  'auth-secret-type': /^(?:auth-file|auth-map)$/,
  'auth-signin': url,
  'auth-type': /^(?:basic|digest)$/,
  'auth-url': url,
  'backend-protocol': /^(?:HTTP|HTTPS|AUTO_HTTP|GRPC|GRPCS|FCGI|http|https)$/,
  canary: flag,
  'canary-by-cookie': headerName,
  'canary-by-header': headerName,
  'canary-by-header-pattern': anything,
  'canary-by-header-value': anything,
  'canary-weight': number,
  'canary-weight-total': number,
  'cors-allow-credentials': flag,
  'cors-allow-headers': /^[A-Za-z0-9\-_, ]*$/,
  'cors-allow-methods': /^[A-Za-z, ]+$/,
  'cors-allow-origin': anything,
  'cors-expose-headers': /^(?:\*|[A-Za-z0-9\-_, ]*)$/,
  'cors-max-age': number,
  'default-backend': serviceName,
  'denylist-source-range': ranges,
  'enable-access-log': flag,
  'enable-cors': flag,
  'force-ssl-redirect': flag,
  'limit-allowlist': ranges,
  'limit-burst-multiplier': number,
  'limit-rpm': number,
  'limit-rps': number,
  'limit-whitelist': ranges,
  'permanent-redirect': /^[^\s{};"'\\]+$/,
  'permanent-redirect-code': number,
  'proxy-body-size': size,
  'proxy-connect-timeout': number,
  'proxy-next-upstream': /^[a-z0-9_ ]+$/,
  'proxy-next-upstream-tries': number,
  'proxy-read-timeout': number,
  'proxy-send-timeout': number,
  'rewrite-target': /^[\w\-._~:/?#[\]@!$&'()*+,=%| ^]*$/,
  'server-alias': anything,
  'service-upstream': flag,
  'session-cookie-change-on-failure': flag,
  'session-cookie-expires': number,
  'session-cookie-max-age': number,
  'session-cookie-name': headerName,
  'session-cookie-path': anything,
  'session-cookie-samesite': /^(?:None|Lax|Strict)$/i,
  'session-cookie-secure': flag,
  'ssl-redirect': flag,
  'temporal-redirect': /^[^\s{};"'\\]+$/,
  'temporal-redirect-code': number,
  'upstream-vhost': anything,
  'use-regex': flag,
  'whitelist-source-range': ranges,
  'x-forwarded-prefix': anything,
}

/** What the real controller knows besides. */
const missing = new Set(
  `auth-always-set-cookie auth-cache-duration auth-cache-key auth-keepalive auth-keepalive-requests
  auth-keepalive-share-vars auth-keepalive-timeout auth-proxy-set-headers auth-request-redirect
  auth-signin-redirect-param auth-tls-error-page auth-tls-match-cn
  auth-tls-pass-certificate-to-upstream auth-tls-secret auth-tls-verify-client auth-tls-verify-depth
  client-body-buffer-size connection-proxy-header custom-headers custom-http-errors disable-proxy-intercept-errors
  enable-global-auth enable-modsecurity enable-opentelemetry enable-owasp-core-rules enable-rewrite-log fastcgi-index
  fastcgi-params-configmap from-to-www-redirect http2-push-preload 
  limit-connections limit-rate limit-rate-after load-balance mirror-host
  mirror-request-body mirror-target modsecurity-transaction-id opentelemetry-operation-name opentelemetry-trust-incoming-span
  preserve-trailing-slash proxy-buffer-size proxy-buffering proxy-buffers-number proxy-busy-buffers-size proxy-cookie-domain
  proxy-cookie-path proxy-http-version proxy-max-temp-file-size proxy-next-upstream-timeout proxy-redirect-from
  proxy-redirect-to proxy-request-buffering proxy-ssl-ciphers proxy-ssl-name proxy-ssl-protocols proxy-ssl-secret
  proxy-ssl-server-name proxy-ssl-verify proxy-ssl-verify-depth relative-redirects satisfy
  session-cookie-conditional-samesite-none session-cookie-domain session-cookie-hash ssl-ciphers ssl-passthrough
  ssl-prefer-server-ciphers upstream-hash-by upstream-hash-by-subset upstream-hash-by-subset-size use-port-in-redirects`
    .split(/\s+/)
    .filter(Boolean),
)

const snippets = new Set([
  'auth-snippet',
  'configuration-snippet',
  'modsecurity-snippet',
  'server-snippet',
  'stream-snippet',
])

/** Why the controller does not take an Ingress with these annotations; undefined when it does. */
export function problemOf(annotations: Readonly<Record<string, string>>, allowsSnippets: boolean): string | undefined {
  for (const [key, value] of Object.entries(annotations)) {
    if (!key.startsWith(prefix)) continue
    const name = key.slice(prefix.length)
    if (!allowsSnippets && name.endsWith('-snippet'))
      return `${key} annotation cannot be used. Snippet directives are disabled by the Ingress administrator`
    const check = acted[name]
    if (check && !check.test(value.trim())) return `annotation ${name} contains invalid value`
  }
  return undefined
}

/** Values that mean something to the real controller and nothing here. */
const withoutEffect: Readonly<Record<string, RegExp>> = {
  'affinity-canary-behavior': /^legacy$/,
  'affinity-mode': /^persistent$/,
  'auth-type': /^digest$/,
  'backend-protocol': /^(?!https?$)/i,
  'session-cookie-change-on-failure': /^true$/,
}

/** Annotations that mean something to the real controller and nothing here: with the value where that is the reason. */
export function notSimulated(annotations: Readonly<Record<string, string>>): string[] {
  return Object.entries(annotations).flatMap(([key, value]) => {
    if (!key.startsWith(prefix)) return []
    const name = key.slice(prefix.length)
    if (missing.has(name) || snippets.has(name)) return [key]
    return withoutEffect[name]?.test(value.trim()) ? [`${key}: ${value}`] : []
  })
}
