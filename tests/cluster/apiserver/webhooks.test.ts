import { expect, test } from 'vitest'
import type { ApiRequest, ApiResponse } from '../../../src/simulator/cluster/client.ts'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { service } from '../../../src/simulator/cluster/kinds/service.ts'
import { podNamed, TestServer } from './testServer.ts'

const root = '/apis/admissionregistration.k8s.io/v1'
const configMaps = '/api/v1/namespaces/default/configmaps'

type Json = Record<string, unknown>

interface Review {
  readonly request: { readonly uid: string; readonly operation: string; readonly object: Json | null }
}

type Answer = Json | string

/** A server whose webhook, a Service of the cluster, answers what `decide` says. */
function withWebhook(
  kind: string,
  resources: readonly string[],
  decide: (review: Review) => Answer,
  changes: Json = {},
) {
  const server = new TestServer()
  const asked: Review[] = []
  server.client.create(service, {
    metadata: { name: 'hook', namespace: 'default' },
    spec: { ports: [{ port: 443 }] },
  })
  server.server.dial = (_, request, receive) => {
    const review = JSON.parse(request.body as string) as Review
    asked.push(review)
    server.clock.after(5, () => {
      const response = decide(review)
      if (typeof response === 'string') receive({ status: 503, headers: {}, body: { message: response } })
      else
        receive({
          status: 200,
          headers: {},
          body: JSON.stringify({ response: { uid: review.request.uid, ...response } }),
        })
    })
  }
  const rules = [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources }]
  const clientConfig = { service: { name: 'hook', namespace: 'default', path: '/ask' }, caBundle: 'Y2E=' }
  const webhook = {
    name: 'hook.example.com',
    rules,
    clientConfig,
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
  }
  const body = { metadata: { name: 'hook' }, webhooks: [{ ...webhook, ...changes }] }
  expect(server.request('POST', `${root}/${kind}`, { body }).status).toBe(201)
  return { server, asked }
}

/** The answer, also where it comes later. */
function settled(
  server: TestServer,
  method: ApiRequest['method'],
  path: string,
  parts: Partial<ApiRequest>,
): ApiResponse {
  const answer = server.request(method, path, parts)
  let result: ApiResponse | undefined
  answer.later?.(later => {
    result = later
  })
  server.clock.advance(40_000)
  return result ?? answer
}

const configMap = { metadata: { name: 'c' }, data: { a: '1' } }

test('a mutating webhook changes what is created', () => {
  const patch = btoa(JSON.stringify([{ op: 'add', path: '/data/b', value: '2' }]))
  const { server } = withWebhook('mutatingwebhookconfigurations', ['configmaps'], () => ({ allowed: true, patch }))
  expect(settled(server, 'POST', configMaps, { body: configMap }).body).toMatchObject({ data: { a: '1', b: '2' } })
})

test('an object whose name is made up gets one, also when a webhook has changed it', () => {
  const patch = btoa(JSON.stringify([{ op: 'add', path: '/metadata/labels', value: { changed: 'yes' } }]))
  const { server } = withWebhook('mutatingwebhookconfigurations', ['configmaps'], () => ({ allowed: true, patch }))
  const answer = settled(server, 'POST', configMaps, { body: { metadata: { generateName: 'map-' } } })
  const { metadata } = answer.body as { metadata: Json }
  expect(metadata).toMatchObject({ name: expect.stringMatching(/^map-.{5}$/), labels: { changed: 'yes' } })
  expect(metadata['uid']).toBeDefined()
})

test('a validating webhook refuses in its own words', () => {
  const status = { message: 'not on Mondays' }
  const { server, asked } = withWebhook('validatingwebhookconfigurations', ['configmaps'], () => ({
    allowed: false,
    status,
  }))
  const { status: code, body } = settled(server, 'POST', configMaps, { body: configMap })
  expect(code).toBe(400)
  expect((body as Json)['message']).toBe('admission webhook "hook.example.com" denied the request: not on Mondays')
  expect(asked[0]!.request).toMatchObject({ operation: 'CREATE', object: { data: { a: '1' } } })
})

test('who cannot be asked stops the request, or is passed over', () => {
  const silent = () => 'error trying to reach service: dial tcp 10.96.0.9:443: connect: connection refused'
  const strict = withWebhook('validatingwebhookconfigurations', ['configmaps'], silent)
  expect((settled(strict.server, 'POST', configMaps, { body: configMap }).body as Json)['message']).toBe(
    'Internal error occurred: failed calling webhook "hook.example.com": failed to call webhook: Post "https://hook.default.svc:443/ask?timeout=10s": dial tcp 10.96.0.9:443: connect: connection refused',
  )
  const lax = withWebhook('validatingwebhookconfigurations', ['configmaps'], silent, { failurePolicy: 'Ignore' })
  expect(settled(lax.server, 'POST', configMaps, { body: configMap }).status).toBe(201)
})

test('labels and conditions say who is asked about', () => {
  const deny = () => ({ allowed: false })
  const objectSelector = { matchLabels: { ask: 'yes' } }
  const matchConditions = [{ name: 'big', expression: 'size(object.data) > 1' }]
  const { server } = withWebhook('validatingwebhookconfigurations', ['configmaps'], deny, {
    objectSelector,
    matchConditions,
  })
  const labels = { ask: 'yes' }
  const create = (name: string, data: Json, labels?: Json) =>
    settled(server, 'POST', configMaps, { body: { metadata: { name, labels }, data } }).status
  expect(create('other', { a: '1', b: '2' })).toBe(201)
  expect(create('small', { a: '1' }, labels)).toBe(201)
  expect(create('big', { a: '1', b: '2' }, labels)).toBe(400)
})

test('a controller comes again when the webhook has answered about its pod', () => {
  const sidecar = [{ op: 'add', path: '/spec/containers/-', value: { name: 'sidecar', image: 'nginx:1.27' } }]
  const patch = btoa(JSON.stringify(sidecar))
  const { server } = withWebhook('mutatingwebhookconfigurations', ['pods'], () => ({ allowed: true, patch }))
  const client = server.server.client('system:serviceaccount:kube-system:replicaset-controller')
  const create = () => client.create(pod, podNamed('p'))
  expect(create).toThrow('an answer from outside is awaited')
  try {
    create()
  } catch (error) {
    ;(error as { start(done: () => void): void }).start(() => {})
  }
  server.clock.advance(50)
  expect(create().spec.containers.map(({ name }) => name)).toEqual(['c', 'sidecar'])
})

test('a policy refuses by its expressions where a binding puts it into force', () => {
  const server = new TestServer()
  const resourceRules = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }]
  const spec = {
    matchConstraints: { resourceRules },
    variables: [{ name: 'count', expression: 'size(object.data)' }],
    validations: [{ expression: 'variables.count < 2', messageExpression: '"too many: " + string(variables.count)' }],
  }
  server.request('POST', `${root}/validatingadmissionpolicies`, { body: { metadata: { name: 'few' }, spec } })
  const body = { metadata: { name: 'c' }, data: { a: '1', b: '2' } }
  expect(server.request('POST', configMaps, { body, query: { dryRun: 'All' } }).status).toBe(201)
  server.request('POST', `${root}/validatingadmissionpolicybindings`, {
    body: { metadata: { name: 'here' }, spec: { policyName: 'few', validationActions: ['Deny'] } },
  })
  expect(server.refusal('POST', configMaps, { body })).toBe(
    "configmaps \"c\" is forbidden: ValidatingAdmissionPolicy 'few' with binding 'here' denied request: too many: 2",
  )
  expect(server.request('POST', configMaps, { body: configMap }).status).toBe(201)
})

test('a mutating policy lays an object over what is created, or changes it step by step', () => {
  const server = new TestServer()
  const resourceRules = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }]
  const mutations = [
    {
      patchType: 'ApplyConfiguration',
      applyConfiguration: { expression: 'Object{metadata: Object.metadata{labels: {"team": object.data.a}}}' },
    },
    {
      patchType: 'JSONPatch',
      jsonPatch: {
        expression:
          '[JSONPatch{op: "add", path: "/data/" + jsonpatch.escapeKey("size"), value: string(size(object.data))}]',
      },
    },
  ]
  const spec = { matchConstraints: { resourceRules }, mutations, reinvocationPolicy: 'Never' }
  server.request('POST', `${root}/mutatingadmissionpolicies`, { body: { metadata: { name: 'mark' }, spec } })
  server.request('POST', `${root}/mutatingadmissionpolicybindings`, {
    body: { metadata: { name: 'here' }, spec: { policyName: 'mark' } },
  })
  expect(server.body('POST', configMaps, { body: configMap })).toMatchObject({
    metadata: { labels: { team: '1' } },
    data: { a: '1', size: '1' },
  })
})

test.each<[Json, string]>([
  [{ name: 'hook' }, 'webhooks[0].name: Invalid value: "hook": should be a domain with at least three segments'],
  [
    { sideEffects: 'Some' },
    'webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"',
  ],
  [{ timeoutSeconds: 60 }, 'webhooks[0].timeoutSeconds: Invalid value: 60: the timeout value must be between 1 and 30'],
  [{ clientConfig: {} }, 'webhooks[0].clientConfig: Required value: exactly one of url or service is required'],
])('a webhook with %o is refused', (changes, text) => {
  const clientConfig = { url: 'https://example.com' }
  const webhook = { name: 'a.b.c', clientConfig, sideEffects: 'None', admissionReviewVersions: ['v1'], ...changes }
  const body = { metadata: { name: 'x' }, webhooks: [webhook] }
  expect(new TestServer().refusal('POST', `${root}/validatingwebhookconfigurations`, { body })).toContain(text)
})
