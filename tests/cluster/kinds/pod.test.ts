import type { ContainerStatus } from 'kubernetes-types/core/v1'
import { expect, test } from 'vitest'
import { copyOf } from '../../../src/simulator/cluster/api/copy.ts'
import { type Pod, pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { isLatest, setPodDefaults } from '../../../src/simulator/cluster/kinds/pods/defaults.ts'

const now = Date.parse('2026-03-02T09:10:00Z')
const later = '2026-03-02T09:09:00Z'

function make(spec: Partial<Pod['spec']> = {}, status: Partial<Pod['status']> = {}, metadata: object = {}): Pod {
  const made = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'p',
      namespace: 'default',
      uid: 'u',
      resourceVersion: '1',
      creationTimestamp: later,
      ...metadata,
    },
    spec: { containers: [{ name: 'a', image: 'nginx:1.27' }], ...copyOf(spec) },
    status: { phase: 'Running', ...status },
  } as Pod
  setPodDefaults(made.spec)
  return made
}

/** What is wrong, in the words that people see. */
function complaints(spec: Partial<Pod['spec']>): string[] {
  return pod.validate!(make(spec)).map(({ field, body }) => `${field}: ${body}`)
}

function cells(made: Pod): unknown[] {
  return pod.columns.filter(({ wide }) => !wide).map(column => column.value(made, now))
}

test('what a pod leaves open is filled in', () => {
  const { spec } = make({ containers: [{ name: 'a', image: 'nginx', ports: [{ containerPort: 80 }] }] })
  expect(spec).toMatchObject({
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
    enableServiceLinks: true,
  })
  expect(spec.containers[0]).toMatchObject({
    imagePullPolicy: 'Always',
    terminationMessagePath: '/dev/termination-log',
    ports: [{ protocol: 'TCP' }],
    resources: {},
  })
})

test('limits are requests where nothing else is asked for', () => {
  const resources = { limits: { cpu: '0.5', memory: '64Mi' }, requests: { memory: '32Mi' } }
  const { spec } = make({ containers: [{ name: 'a', image: 'x:1', resources }] })
  expect(spec.containers[0]!.resources).toEqual({
    limits: { cpu: '500m', memory: '64Mi' },
    requests: { cpu: '500m', memory: '32Mi' },
  })
})

test('ports of the host network are ports of the host', () => {
  const { spec } = make({
    hostNetwork: true,
    containers: [{ name: 'a', image: 'x:1', ports: [{ containerPort: 80 }] }],
  })
  expect(spec.containers[0]!.ports![0]!.hostPort).toBe(80)
})

test.each([
  ['nginx', true],
  ['nginx:latest', true],
  ['nginx:1.27', false],
  ['registry:5000/nginx', true],
  ['registry:5000/nginx:1', false],
  ['nginx@sha256:abc', false],
])('the image %s is looked for every time: %s', (image, isSo) => {
  expect(isLatest(image)).toBe(isSo)
})

test('a good pod has nothing wrong', () => {
  expect(complaints({})).toEqual([])
})

test.each<[string, Partial<Pod['spec']>, string]>([
  ['no containers', { containers: [] }, 'spec.containers: Required value'],
  ['no image', { containers: [{ name: 'a', image: '' }] }, 'spec.containers[0].image: Required value'],
  [
    'twins',
    {
      containers: [
        { name: 'a', image: 'x:1' },
        { name: 'a', image: 'x:1' },
      ],
    },
    'spec.containers[1].name: Duplicate value: "a"',
  ],
  [
    'a mount of nothing',
    { containers: [{ name: 'a', image: 'x:1', volumeMounts: [{ name: 'v', mountPath: '/v' }] }] },
    'spec.containers[0].volumeMounts[0].name: Not found: "v"',
  ],
  [
    'a restart policy',
    { restartPolicy: 'Sometimes' },
    'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
  ],
  [
    'more than the limit',
    { containers: [{ name: 'a', image: 'x:1', resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } }] },
    'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
  ],
  [
    'a probe without a question',
    { containers: [{ name: 'a', image: 'x:1', livenessProbe: {} }] },
    'spec.containers[0].livenessProbe: Required value: must specify a handler type',
  ],
  [
    'two sources of a volume',
    { volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/x' } }] },
    'spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type',
  ],
  [
    'a variable from nowhere',
    { containers: [{ name: 'a', image: 'x:1', env: [{ name: 'A', valueFrom: {} }] }] },
    'spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
  ],
  [
    'a toleration of everything else',
    { tolerations: [{ operator: 'Equal' }] },
    'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
  ],
  [
    'name servers without names',
    { dnsPolicy: 'None' },
    'spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None',
  ],
])('%s is refused', (_, spec, complaint) => {
  expect(complaints(spec)).toContain(complaint)
})

test('two containers cannot have the same port of the node', () => {
  const port = { containerPort: 80, hostPort: 8080 }
  const containers = [
    { name: 'a', image: 'x:1', ports: [port] },
    { name: 'b', image: 'x:1', ports: [port] },
  ]
  expect(complaints({ containers })).toEqual(['spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//8080"'])
})

test('the image of a running pod may change, its variables may not', () => {
  const before = make()
  const change = (container: object) =>
    pod.validateUpdate!(make({ containers: [{ name: 'a', image: 'nginx:1.27', ...container }] }), before)
  expect(change({ image: 'nginx:1.28' })).toEqual([])
  expect(change({ env: [{ name: 'A', value: '1' }] })[0]!.body).toMatch(
    /^Forbidden: pod updates may not change fields other than/,
  )
})

test('tolerations may be added to a running pod and not taken away', () => {
  const keyed = (key: string) => ({ key, operator: 'Exists' as const })
  const before = make({ tolerations: [keyed('a')] })
  expect(pod.validateUpdate!(make({ tolerations: [keyed('a'), keyed('b')] }), before)).toEqual([])
  expect(pod.validateUpdate!(make({ tolerations: [keyed('b')] }), before)).toHaveLength(1)
})

const ran = (state: ContainerStatus['state'], more: Partial<ContainerStatus> = {}): ContainerStatus => ({
  name: 'a',
  image: 'x',
  imageID: '',
  ready: false,
  restartCount: 0,
  ...(state && { state }),
  ...more,
})
const running = { running: { startedAt: later } }
const ended = { terminated: { exitCode: 1, reason: 'Error', finishedAt: '2026-03-02T09:09:30Z' } }

test.each<[string, Pod, unknown[]]>([
  ['a new pod', make({}, { phase: 'Pending' }), ['p', '0/1', 'Pending', '0', '60s']],
  [
    'a ready pod',
    make({}, { containerStatuses: [ran(running, { ready: true })] }),
    ['p', '1/1', 'Running', '0', '60s'],
  ],
  [
    'a pod that waits',
    make(
      {},
      { containerStatuses: [ran({ waiting: { reason: 'CrashLoopBackOff' } }, { restartCount: 3, lastState: ended })] },
    ),
    ['p', '0/1', 'CrashLoopBackOff', '3 (30s ago)', '60s'],
  ],
  [
    'a pod that ended',
    make({}, { phase: 'Succeeded', containerStatuses: [ran({ terminated: { exitCode: 0, reason: 'Completed' } })] }),
    ['p', '0/1', 'Completed', '0', '60s'],
  ],
  [
    'a pod killed by a signal',
    make({}, { phase: 'Failed', containerStatuses: [ran({ terminated: { exitCode: 137, signal: 9 } })] }),
    ['p', '0/1', 'Signal:9', '0', '60s'],
  ],
  [
    'a pod that is initialized',
    make(
      {
        initContainers: [
          { name: 'i', image: 'x:1' },
          { name: 'j', image: 'x:1' },
        ],
      },
      {
        phase: 'Pending',
        initContainerStatuses: [ran({ terminated: { exitCode: 0 } }, { name: 'i' }), ran(running, { name: 'j' })],
      },
    ),
    ['p', '0/1', 'Init:1/2', '0', '60s'],
  ],
  ['a pod that is being deleted', make({}, {}, { deletionTimestamp: later }), ['p', '0/1', 'Terminating', '0', '60s']],
])('%s is shown in one row', (_, made, row) => {
  expect(cells(made)).toEqual(row)
})

test('a sidecar counts among the containers', () => {
  const initContainers = [{ name: 's', image: 'x:1', restartPolicy: 'Always' }]
  const made = make(
    { initContainers },
    {
      containerStatuses: [ran(running, { ready: true })],
      initContainerStatuses: [ran(running, { name: 's', ready: true, started: true })],
    },
  )
  expect(cells(made).slice(1, 3)).toEqual(['2/2', 'Running'])
})
