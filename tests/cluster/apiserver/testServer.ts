import { Clock } from '../../../src/simulator/clock.ts'
import type { KubernetesObject } from '../../../src/simulator/cluster/api/object.ts'
import { ApiServer } from '../../../src/simulator/cluster/apiserver/apiServer.ts'
import type { ApiRequest, ApiResponse, Client } from '../../../src/simulator/cluster/client.ts'
import { namespace } from '../../../src/simulator/cluster/kinds/namespace.ts'
import { serviceAccount } from '../../../src/simulator/cluster/kinds/serviceAccount.ts'
import { Random } from '../../../src/simulator/random.ts'

/** An API server with the namespace `default` and nobody who acts on what is stored. */
export class TestServer {
  readonly clock = new Clock()
  readonly server: ApiServer
  readonly client: Client

  constructor(seed = 1) {
    this.server = new ApiServer({
      clock: this.clock,
      random: new Random(seed),
      epoch: Date.parse('2026-03-02T09:00:00Z'),
    })
    this.client = this.server.client('kubernetes-admin')
    this.client.create(namespace, { metadata: { name: 'default' }, spec: {} })
    this.client.create(serviceAccount, { metadata: { name: 'default', namespace: 'default' } })
  }

  request(
    method: ApiRequest['method'],
    path: string,
    parts: Partial<ApiRequest> & { user?: string } = {},
  ): ApiResponse {
    return this.server.request({ user: 'kubernetes-admin', ...parts, method, path })
  }

  /** The object, list or Status that a request is answered with. */
  body<T = KubernetesObject>(
    method: ApiRequest['method'],
    path: string,
    parts: Partial<ApiRequest> & { user?: string } = {},
  ): T {
    return this.request(method, path, parts).body as T
  }

  /** The message of a refusal. */
  refusal(method: ApiRequest['method'], path: string, parts: Partial<ApiRequest> & { user?: string } = {}): string {
    return this.body<{ message: string }>(method, path, parts).message
  }

  patch(
    path: string,
    patch: unknown,
    type = 'strategic-merge-patch+json',
    query: Record<string, string> = {},
  ): ApiResponse {
    return this.request('PATCH', path, { body: patch, query, headers: { 'content-type': `application/${type}` } })
  }
}

/** A pod with one container. */
export function podNamed(name: string, labels: Record<string, string> = {}) {
  return {
    metadata: { name, namespace: 'default', labels },
    spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] },
  }
}

/** A Deployment as a manifest has it. */
export function deploymentNamed(name: string) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] } },
    },
  }
}
