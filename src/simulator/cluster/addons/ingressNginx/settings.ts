import { type Prefix, parsePrefix } from '../../../network/address.ts'
import type { Affinity, TrafficShaping } from './model.ts'

/** What annotations say about the requests of one path. */
export interface LocationSettings {
  readonly sslRedirect: boolean
  readonly forceSslRedirect: boolean
  readonly rewriteTarget: string
  readonly useRegex: boolean
  readonly appRoot: string
  readonly redirect: { readonly url: string; readonly code: number } | undefined
  readonly allow: readonly string[]
  readonly deny: readonly string[]
  /** `1m`; 0 is unlimited. */
  readonly bodySize: string
  readonly connectTimeout: number
  readonly sendTimeout: number
  readonly readTimeout: number
  readonly nextUpstream: string
  readonly nextUpstreamTries: number
  readonly backendProtocol: 'HTTP' | 'HTTPS'
  readonly upstreamVhost: string
  readonly forwardedPrefix: string
  readonly serviceUpstream: boolean
  readonly isCanary: boolean
  readonly shaping: TrafficShaping | undefined
  readonly affinity: Affinity | undefined
  readonly cors: Cors | undefined
  readonly auth: BasicAuth | undefined
  readonly external: ExternalAuth | undefined
  readonly limits: RateLimits | undefined
  readonly serverAlias: readonly string[]
  /** A Service in the same namespace that answers where the path's own has no endpoints. */
  readonly defaultBackend: string
  readonly logsAccess: boolean
  /** Why nothing is passed on: the location answers 503. */
  readonly denied: string | undefined
}

/** Who may call from another origin, and how. */
export interface Cors {
  readonly origins: readonly string[]
  readonly methods: string
  readonly headers: string
  readonly credentials: boolean
  readonly exposed: string
  readonly maxAge: string
}

/** Another server that decides whether requests may pass. */
export interface ExternalAuth {
  readonly url: string
  readonly method: string
  /** Where a client is sent that nobody knows yet; empty for nowhere. */
  readonly signin: string
  /** Header fields of its answer that the upstream gets. */
  readonly responseHeaders: readonly string[]
}

/** How many requests an address may send. */
export interface RateLimits {
  readonly perSecond: number
  readonly perMinute: number
  /** How many times as many are let through at once. */
  readonly burst: number
  /** Addresses without a limit. */
  readonly without: readonly string[]
}

/** Whose name and password are asked for. */
export interface BasicAuth {
  readonly realm: string
  /** Lines of htpasswd. */
  readonly users: readonly string[]
}

const prefix = 'nginx.ingress.kubernetes.io/'

/** What is so without annotations and without settings in the ConfigMap. */
export const usualSettings: LocationSettings = {
  sslRedirect: true,
  forceSslRedirect: false,
  rewriteTarget: '',
  useRegex: false,
  appRoot: '',
  redirect: undefined,
  allow: [],
  deny: [],
  bodySize: '1m',
  connectTimeout: 5,
  sendTimeout: 60,
  readTimeout: 60,
  nextUpstream: 'error timeout',
  nextUpstreamTries: 3,
  backendProtocol: 'HTTP',
  upstreamVhost: '',
  forwardedPrefix: '',
  serviceUpstream: false,
  isCanary: false,
  shaping: undefined,
  affinity: undefined,
  cors: undefined,
  auth: undefined,
  external: undefined,
  limits: undefined,
  serverAlias: [],
  defaultBackend: '',
  logsAccess: true,
  denied: undefined,
}

const usualCorsHeaders =
  'DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization'

/** Reads the annotations of an Ingress; `readUsers` gives the lines of a Secret with passwords, or why there are none. */
export function readSettings(
  annotations: Readonly<Record<string, string>>,
  usual: LocationSettings,
  readUsers: (secret: string, isMap: boolean) => readonly string[] | { readonly problem: string },
): LocationSettings {
  const text = (name: string): string | undefined => annotations[prefix + name]?.trim()
  const flag = (name: string, otherwise: boolean) => {
    const value = text(name)
    return value === undefined ? otherwise : isTrue(value) || (otherwise && !isFalse(value))
  }
  const number = (name: string, otherwise: number) => {
    const value = text(name)
    return value !== undefined && /^-?\d+$/.test(value) ? Number(value) : otherwise
  }
  const list = (name: string) => (text(name) ?? '').split(/[,\s]+/).filter(Boolean)
  const secured = readAuth(text, readUsers)
  return {
    ...usual,
    sslRedirect: flag('ssl-redirect', usual.sslRedirect),
    forceSslRedirect: flag('force-ssl-redirect', usual.forceSslRedirect),
    rewriteTarget: text('rewrite-target') ?? '',
    useRegex: flag('use-regex', false),
    appRoot: text('app-root') ?? '',
    redirect: readRedirect(text, number),
    allow: ranges([...list('whitelist-source-range'), ...list('allowlist-source-range')], usual.allow),
    deny: ranges(list('denylist-source-range'), usual.deny),
    bodySize: text('proxy-body-size') ?? usual.bodySize,
    connectTimeout: number('proxy-connect-timeout', usual.connectTimeout),
    sendTimeout: number('proxy-send-timeout', usual.sendTimeout),
    readTimeout: number('proxy-read-timeout', usual.readTimeout),
    nextUpstream: text('proxy-next-upstream') ?? usual.nextUpstream,
    nextUpstreamTries: number('proxy-next-upstream-tries', usual.nextUpstreamTries),
    backendProtocol: text('backend-protocol')?.toUpperCase() === 'HTTPS' ? 'HTTPS' : 'HTTP',
    upstreamVhost: text('upstream-vhost') ?? '',
    forwardedPrefix: text('x-forwarded-prefix') ?? '',
    serviceUpstream: flag('service-upstream', usual.serviceUpstream),
    isCanary: flag('canary', false),
    shaping: {
      weight: number('canary-weight', 0),
      weightTotal: number('canary-weight-total', 100),
      header: text('canary-by-header') ?? '',
      headerValue: text('canary-by-header-value') ?? '',
      headerPattern: text('canary-by-header-pattern') ?? '',
      cookie: text('canary-by-cookie') ?? '',
    },
    affinity: text('affinity') === 'cookie' ? readAffinity(text, flag) : undefined,
    cors: flag('enable-cors', false)
      ? {
          origins: (text('cors-allow-origin') ?? '*').split(',').map(each => each.trim()),
          methods: text('cors-allow-methods') ?? 'GET, PUT, POST, DELETE, PATCH, OPTIONS',
          headers: text('cors-allow-headers') ?? usualCorsHeaders,
          credentials: flag('cors-allow-credentials', true),
          exposed: text('cors-expose-headers') ?? '',
          maxAge: text('cors-max-age') ?? '1728000',
        }
      : undefined,
    auth: secured && 'users' in secured ? secured : undefined,
    external: text('auth-url')
      ? {
          url: text('auth-url')!,
          method: text('auth-method') ?? 'GET',
          signin: text('auth-signin') ?? '',
          responseHeaders: list('auth-response-headers'),
        }
      : undefined,
    limits: readLimits(number, [...list('limit-whitelist'), ...list('limit-allowlist')]),
    serverAlias: list('server-alias'),
    defaultBackend: text('default-backend') ?? '',
    logsAccess: flag('enable-access-log', true),
    denied: secured && 'problem' in secured ? secured.problem : undefined,
  }
}

type Text = (name: string) => string | undefined

function readRedirect(text: Text, number: (name: string, otherwise: number) => number): LocationSettings['redirect'] {
  const temporal = text('temporal-redirect')
  if (temporal) return { url: temporal, code: number('temporal-redirect-code', 302) }
  const permanent = text('permanent-redirect')
  return permanent ? { url: permanent, code: number('permanent-redirect-code', 301) } : undefined
}

function readLimits(
  number: (name: string, otherwise: number) => number,
  without: readonly string[],
): RateLimits | undefined {
  const [perSecond, perMinute] = [number('limit-rps', 0), number('limit-rpm', 0)]
  if (perSecond <= 0 && perMinute <= 0) return undefined
  return { perSecond, perMinute, burst: number('limit-burst-multiplier', 5), without }
}

function readAffinity(text: Text, flag: (name: string, otherwise: boolean) => boolean): Affinity {
  return {
    cookie: text('session-cookie-name') ?? 'INGRESSCOOKIE',
    path: text('session-cookie-path'),
    expires: text('session-cookie-expires'),
    maxAge: text('session-cookie-max-age'),
    secure: flag('session-cookie-secure', false),
    sameSite: text('session-cookie-samesite'),
  }
}

function readAuth(
  text: Text,
  readUsers: (secret: string, isMap: boolean) => readonly string[] | { readonly problem: string },
): BasicAuth | { readonly problem: string } | undefined {
  const type = text('auth-type')
  if (type === undefined) return undefined
  const secret = text('auth-secret')
  if (type !== 'basic' || !secret) return { problem: 'an invalid authentication type is requested' }
  const users = readUsers(secret, text('auth-secret-type') === 'auth-map')
  return 'problem' in users ? users : { realm: text('auth-realm') ?? '', users }
}

/** Addresses as ranges, sorted; those of the ConfigMap where the annotation has none. */
function ranges(own: readonly string[], usual: readonly string[]): readonly string[] {
  return own.length > 0 ? [...new Set(own)].sort() : usual
}

/** A range of addresses from `10.0.0.0/8` or `10.0.0.1`. */
export function rangeOf(text: string): Prefix | undefined {
  return parsePrefix(text.includes('/') ? text : `${text}/32`)
}

function isTrue(value: string): boolean {
  return /^(?:1|t|true)$/i.test(value)
}

function isFalse(value: string): boolean {
  return /^(?:0|f|false)$/i.test(value)
}
