import { ApiError } from '../../api/error.ts'
import type { ApiResponse } from '../../client.ts'
import type { Asked } from './server.ts'

/** What the server says about itself: GET /version. */
export const version = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.3',
  gitCommit: '$Format:%H$',
  gitTreeState: 'clean',
  buildDate: '2026-11-21T02:52:56Z',
  goVersion: 'go1.26.8',
  compiler: 'gc',
  platform: 'linux/amd64',
}

const healthPaths = new Set(['/healthz', '/livez', '/readyz'])

/** Answers paths outside /api and /apis; undefined for those inside. */
export function answerUnversioned({ path, method, query }: Asked, metrics: () => string): ApiResponse | undefined {
  if (path.startsWith('/api/') || path.startsWith('/apis/') || path === '/api' || path === '/apis') return undefined
  if (method !== 'GET') throw ApiError.methodNotAllowed()
  if (path === '/version' || path === '/version/')
    return { status: 200, headers: { 'content-type': 'application/json' }, body: version }
  if (healthPaths.has(path)) return text('verbose' in query ? verbose(path.slice(1)) : 'ok')
  if (path === '/metrics') return text(metrics())
  if (path === '/') return { status: 200, headers: { 'content-type': 'application/json' }, body: { paths } }
  throw ApiError.unknownPath()
}

// Simplified: everything is always well.
const hooks = [
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'storage-readiness',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'aggregator-reload-proxy-client-cert',
  'start-kube-aggregator-informers',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller',
  'apiservice-discovery-controller',
  'kube-apiserver-autoregistration',
]
const lastHooks = ['apiservice-openapi-controller', 'apiservice-openapiv3-controller']

function verbose(name: string): string {
  const checks = [
    ...['ping', 'log', 'etcd'],
    ...(name === 'readyz' ? ['etcd-readiness', 'informer-sync'] : []),
    ...hooks.map(hook => `poststarthook/${hook}`),
    'autoregister-completion',
    ...lastHooks.map(hook => `poststarthook/${hook}`),
    ...(name === 'readyz' ? ['shutdown'] : []),
  ]
  return [...checks.map(check => `[+]${check} ok`), `${name} check passed`, ''].join('\n')
}

const paths = [
  '/api',
  '/api/v1',
  '/apis',
  '/healthz',
  '/livez',
  '/metrics',
  '/openapi/v2',
  '/openapi/v3',
  '/readyz',
  '/version',
]

function text(body: string): ApiResponse {
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
}
