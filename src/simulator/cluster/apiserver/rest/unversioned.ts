import { ApiError } from '../../api/error.ts'
import type { ApiResponse } from '../../client.ts'
import type { Asked } from './server.ts'

/** What the server says about itself: GET /version. */
const version = {
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
export function answerUnversioned({ path, method, query }: Asked): ApiResponse | undefined {
  if (path.startsWith('/api/') || path.startsWith('/apis/') || path === '/api' || path === '/apis') return undefined
  if (method !== 'GET') throw ApiError.methodNotAllowed()
  if (path === '/version' || path === '/version/')
    return { status: 200, headers: { 'content-type': 'application/json' }, body: version }
  if (healthPaths.has(path)) return text('verbose' in query ? verbose(path.slice(1)) : 'ok')
  if (path === '/') return { status: 200, headers: { 'content-type': 'application/json' }, body: { paths } }
  throw ApiError.unknownPath()
}

// Simplified: the real server has some thirty checks more, one for each hook that runs after its start.
const checks = ['ping', 'log', 'etcd', 'etcd-readiness', 'informer-sync', 'shutdown']

function verbose(name: string): string {
  return [...checks.map(check => `[+]${check} ok`), `${name} check passed`, ''].join('\n')
}

const paths = ['/api', '/api/v1', '/apis', '/healthz', '/livez', '/openapi/v3', '/readyz', '/version']

function text(body: string): ApiResponse {
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
}
