import { expect, test } from 'vitest'
import { TestServer } from '../apiserver/testServer.ts'

const template = (more: object = {}) => ({
  metadata: { labels: { app: 'a' } },
  spec: { containers: [{ name: 'c', image: 'x:1' }], ...more },
})
const selector = { matchLabels: { app: 'a' } }

/** What the server answers to a new object of a kind. */
function refusal(path: string, object: object): string {
  return new TestServer().refusal('POST', path, { body: { metadata: { name: 'x' }, ...object } })
}

const apps = '/apis/apps/v1/namespaces/default'
const batch = '/apis/batch/v1/namespaces/default'
const networking = '/apis/networking.k8s.io/v1/namespaces/default'
const core = '/api/v1/namespaces/default'

test.each<[string, object, string]>([
  [`${apps}/deployments`, { spec: { template: template() } }, 'spec.selector: Required value'],
  [
    `${apps}/deployments`,
    { spec: { selector, template: template({ restartPolicy: 'Never' }) } },
    'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
  ],
  [
    `${apps}/deployments`,
    { spec: { selector, template: template(), strategy: { type: 'Recreate', rollingUpdate: {} } } },
    "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
  ],
  [
    `${apps}/deployments`,
    { spec: { selector, template: template(), strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } } },
    'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0',
  ],
  [
    `${apps}/replicasets`,
    { spec: { selector, template: template(), replicas: -1 } },
    'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  ],
  [
    `${apps}/daemonsets`,
    { spec: { selector: {}, template: template() } },
    'spec.selector: Invalid value: {}: empty selector is invalid for daemonset',
  ],
  [
    `${batch}/jobs`,
    { spec: { template: template() } },
    'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ],
  [
    `${batch}/cronjobs`,
    { spec: { schedule: 'every minute', jobTemplate: { spec: { template: template({ restartPolicy: 'Never' }) } } } },
    'spec.schedule: Invalid value: "every minute": expected exactly 5 fields, found 2: [every minute]',
  ],
  [
    `${batch}/cronjobs`,
    { spec: { schedule: '61 * * * *', jobTemplate: { spec: { template: template({ restartPolicy: 'Never' }) } } } },
    'spec.schedule: Invalid value: "61 * * * *": end of range (61) above maximum (59): 61',
  ],
  [
    `${networking}/ingresses`,
    {
      spec: {
        rules: [
          {
            http: {
              paths: [{ path: 'cart', pathType: 'Prefix', backend: { service: { name: 'a', port: { number: 80 } } } }],
            },
          },
        ],
      },
    },
    'spec.rules[0].http.paths[0].path: Invalid value: "cart": must be an absolute path',
  ],
  [
    `${networking}/ingresses`,
    { spec: { defaultBackend: { service: { name: 'a' } } } },
    'spec.defaultBackend: Required value: port name or number is required',
  ],
  [
    `${networking}/networkpolicies`,
    { spec: { podSelector: {}, ingress: [{ from: [{}] }] } },
    'spec.ingress[0].from[0]: Required value: must specify a peer',
  ],
  [
    `${networking}/networkpolicies`,
    { spec: { podSelector: {}, egress: [{ ports: [{ port: 80, endPort: 70 }] }] } },
    'spec.egress[0].ports[0].endPort: Invalid value: 80: must be greater than or equal to `port`',
  ],
  [
    `${networking}/networkpolicies`,
    { spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/9'] } }] }] } },
    'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "11.0.0.0/9": must be a strict subset of `cidr`',
  ],
  [
    `${core}/configmaps`,
    { data: { 'a b': '' } },
    'data[a b]: Invalid value: "a b": a valid config key must consist of',
  ],
  [`${core}/secrets`, { type: 'kubernetes.io/tls', data: {} }, 'data[tls.crt]: Required value'],
  [
    `${core}/persistentvolumeclaims`,
    { spec: { accessModes: ['ReadWriteOnce'] } },
    'spec.resources[storage]: Required value',
  ],
  [
    `${core}/endpoints`,
    { subsets: [{ addresses: [{ ip: '127.0.0.1' }] }] },
    'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range',
  ],
  [
    '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles',
    { rules: [{ verbs: ['get'] }] },
    'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
  ],
  [
    '/apis/policy/v1/namespaces/default/poddisruptionbudgets',
    { spec: { minAvailable: 1, maxUnavailable: 1 } },
    'minAvailable and maxUnavailable cannot be both set',
  ],
  [
    '/apis/scheduling.k8s.io/v1/priorityclasses',
    { value: 2_000_000_000 },
    'value: Forbidden: maximum allowed value of a user defined priority is 1000000000',
  ],
  [
    `${apps}/statefulsets`,
    {
      spec: {
        serviceName: 's',
        selector,
        template: template(),
        updateStrategy: { type: 'OnDelete', rollingUpdate: {} },
      },
    },
    "only allowed for updateStrategy 'RollingUpdate'",
  ],
  [
    `${batch}/jobs`,
    { spec: { selector, template: template({ restartPolicy: 'Never' }) } },
    '`selector` not auto-generated',
  ],
  [
    `${batch}/jobs`,
    { spec: { podFailurePolicy: { rules: [] }, template: template({ restartPolicy: 'OnFailure' }) } },
    'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
  ],
  [
    `${batch}/cronjobs`,
    {
      spec: {
        schedule: '* * * * *',
        timeZone: 'Asia/Soul',
        jobTemplate: { spec: { template: template({ restartPolicy: 'Never' }) } },
      },
    },
    'spec.timeZone: Invalid value: "Asia/Soul": unknown time zone Asia/Soul',
  ],
  [
    '/api/v1/persistentvolumes',
    { spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, local: { path: '/mnt' } } },
    'spec.nodeAffinity: Required value: Local volume requires node affinity',
  ],
  [
    `${core}/persistentvolumeclaims`,
    { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '0' } } } },
    'spec.resources[storage]: Invalid value: "0": must be greater than zero',
  ],
  [
    `${core}/resourcequotas`,
    { spec: { hard: { pod: '1' } } },
    'spec.hard[pod]: Invalid value: "pod": must be a standard resource for quotas',
  ],
  [
    `${core}/services`,
    { spec: { ports: [{ port: 80 }], trafficDistribution: 'PreferFar' } },
    'spec.trafficDistribution: Unsupported value: "PreferFar": supported values: "PreferClose", "PreferSameNode", "PreferSameZone"',
  ],
])('%s refuses %j', (path, object, text) => {
  expect(refusal(path, object)).toContain(text)
})

test.each<[string, object, object, string]>([
  [
    `${apps}/deployments`,
    { spec: { selector, template: template() } },
    { spec: { selector: { matchLabels: { app: 'b' } }, template: { metadata: { labels: { app: 'b' } } } } },
    'spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
  ],
  [
    `${apps}/statefulsets`,
    { spec: { selector, template: template(), serviceName: 'a' } },
    { spec: { serviceName: 'b' } },
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals'",
  ],
  [
    `${batch}/jobs`,
    { spec: { template: template({ restartPolicy: 'Never' }) } },
    { spec: { completions: 3 } },
    'spec.completions: Invalid value: 3: field is immutable',
  ],
  [
    `${core}/configmaps`,
    { data: { a: '1' }, immutable: true },
    { data: { a: '2' } },
    'data: Forbidden: field is immutable when `immutable` is set',
  ],
  [`${core}/secrets`, { type: 'x' }, { type: 'y' }, 'type: Invalid value: "y": field is immutable'],
  [
    '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings',
    { roleRef: { kind: 'Role', name: 'a', apiGroup: 'rbac.authorization.k8s.io' } },
    { roleRef: { name: 'b' } },
    'cannot change roleRef',
  ],
])('%s keeps what may not change', (path, object, patch, text) => {
  const server = new TestServer()
  expect(server.request('POST', path, { body: { metadata: { name: 'x' }, ...object } }).status).toBe(201)
  expect((server.patch(`${path}/x`, patch).body as { message: string }).message).toContain(text)
})

test('what others leave open is filled in', () => {
  const server = new TestServer()
  const make = (path: string, object: object) =>
    server.body('POST', path, { body: { metadata: { name: 'x' }, ...object } })
  expect(make(`${batch}/jobs`, { spec: { template: template({ restartPolicy: 'Never' }) } })).toMatchObject({
    spec: { completions: 1, parallelism: 1, backoffLimit: 6, completionMode: 'NonIndexed', suspend: false },
  })
  expect(make(`${networking}/networkpolicies`, { spec: { podSelector: {}, egress: [{}] } })).toMatchObject({
    spec: { policyTypes: ['Ingress', 'Egress'] },
  })
  expect(make(`${core}/secrets`, { stringData: { a: 'é' } })).toMatchObject({ type: 'Opaque', data: { a: 'w6k=' } })
  expect(make(`${apps}/daemonsets`, { spec: { selector, template: template() } })).toMatchObject({
    metadata: { annotations: { 'deprecated.daemonset.template.generation': '1' } },
    spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } } },
  })
})

test('a Job finds its pods by its own identity', () => {
  const server = new TestServer()
  const made = server.body('POST', `${batch}/jobs`, {
    body: { metadata: { name: 'x' }, spec: { template: template({ restartPolicy: 'Never' }) } },
  })
  const { uid } = made.metadata
  expect(made).toMatchObject({
    spec: {
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
      template: { metadata: { labels: { app: 'a', 'job-name': 'x', 'controller-uid': uid } } },
    },
  })
})

test('a Deployment without a template lacks containers, and what else pods have is filled in', () => {
  const text = refusal(`${apps}/deployments`, { spec: { selector } })
  expect(text).toContain('spec.template.spec.containers: Required value')
  expect(text).not.toContain('restartPolicy')
})
