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

test('annotations that mean something are checked', () => {
  const annotated = (annotations: object) => pod.validate!(make({}, {}, { annotations })).map(({ body }) => body)
  expect(annotated({ 'seccomp.security.alpha.kubernetes.io/pod': 'runtime/default' })).toEqual([])
  expect(annotated({ 'seccomp.security.alpha.kubernetes.io/pod': 'foo' })).toEqual([
    'Invalid value: "foo": must be a valid seccomp profile',
  ])
  expect(annotated({ 'container.apparmor.security.beta.kubernetes.io/b': 'unconfined' })).toEqual([
    'Invalid value: "b": container not found',
  ])
  expect(annotated({ 'kubernetes.io/config.mirror': 'x' })).toEqual([
    'Invalid value: "x": must set spec.nodeName if mirror pod annotation is set',
  ])
})

test('a claim for a volume of one pod is not shared with another of its volumes', () => {
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
  const volumes = [
    { name: 'own', ephemeral: { volumeClaimTemplate: { spec: claim } } },
    { name: 'other', persistentVolumeClaim: { claimName: 'p-own' } },
  ]
  expect(complaints({ volumes } as never)).toEqual([
    'spec.volumes[1].persistentVolumeClaim.claimName: Invalid value: "p-own": must not reference a PVC that gets created for an ephemeral volume',
  ])
})

test('a refused change shows what would change in the form that the server has', () => {
  const previous = make({ containers: [{ name: 'a', image: 'nginx:1.27' }] })
  const next = make({ containers: [{ name: 'a', image: 'nginx:1.28', workingDir: '/srv' }] })
  const [error] = pod.validateUpdate!(next, previous)
  const lines = error!.body.split('\n').slice(1)
  expect(lines).toContain('-   "WorkingDir": "",')
  expect(lines).toContain('+   "WorkingDir": "/srv",')
  expect(lines.filter(line => /^[-+]/.test(line))).toHaveLength(2)
})

test('files that hold fields of the pod name fields that change nothing but text', () => {
  const items = [
    { path: 'labels', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.labels' } },
    { path: '..own', fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } },
    { path: 'cpu', resourceFieldRef: { resource: 'limits.cpu', divisor: '3' } },
    { path: 'none' },
  ]
  expect(complaints({ volumes: [{ name: 'v', downwardAPI: { items } }] })).toEqual([
    'spec.volumes[0].downwardAPI.path: Invalid value: "..own": must not start with \'..\'',
    'spec.volumes[0].downwardAPI.fieldRef.fieldPath: Unsupported value: "status.podIP": supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"',
    'spec.volumes[0].downwardAPI.resourceFieldRef.containerName: Required value',
    'spec.volumes[0].downwardAPI.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor\'s values 1m and 1 are supported with the cpu resource',
    'spec.volumes[0].downwardAPI: Required value: one of fieldRef and resourceFieldRef is required',
  ])
})

test('the sources of a projected volume have one kind each and paths of their own', () => {
  const sources = [
    { secret: { name: 's', items: [{ key: 'a', path: 'token' }] } },
    { serviceAccountToken: { path: '', expirationSeconds: 3 }, configMap: { name: '' } },
    { configMap: { name: 'c', items: [{ key: 'a', path: 'token' }] } },
  ]
  expect(complaints({ serviceAccountName: 'a', volumes: [{ name: 'v', projected: { sources } }] })).toEqual([
    'spec.volumes[0].projected.sources[1].configMap.name: Required value',
    'spec.volumes[0].projected.sources[1].serviceAccountToken.expirationSeconds: Invalid value: 3: may not specify a duration less than 10 minutes',
    'spec.volumes[0].projected.path: Required value',
    'spec.volumes[0].projected.sources[1]: Forbidden: may not specify more than 1 volume type',
    'spec.volumes[0].projected: Invalid value: "c": conflicting duplicate paths',
  ])
})

test('a volume of the pod’s own says what storage it wants', () => {
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '0' } } }
  expect(complaints({ volumes: [{ name: 'v', ephemeral: {} }] })).toEqual([
    'spec.volumes[0].ephemeral.volumeClaimTemplate: Required value',
  ])
  expect(complaints({ volumes: [{ name: 'v', ephemeral: { volumeClaimTemplate: { spec } } }] })).toEqual([
    'spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources[storage]: Invalid value: "0": must be greater than zero',
  ])
})

test('kernel settings are named once, and not those of the node', () => {
  const sysctls = ['net.core.somaxconn', 'kernel/shmmax', 'kernel/shmmax', ''].map(name => ({ name, value: '1' }))
  expect(complaints({ hostNetwork: true, hostIPC: true, securityContext: { sysctls } })).toEqual([
    'spec.securityContext.sysctls[0].name: Invalid value: "net.core.somaxconn": may not be specified when \'hostNetwork\' is true',
    'spec.securityContext.sysctls[1].name: Invalid value: "kernel/shmmax": may not be specified when \'hostIPC\' is true',
    'spec.securityContext.sysctls[2].name: Duplicate value: "kernel/shmmax"',
    'spec.securityContext.sysctls[2].name: Invalid value: "kernel/shmmax": may not be specified when \'hostIPC\' is true',
    'spec.securityContext.sysctls[3].name: Required value',
  ])
})

test('profiles have a type, and a file when they lie on the node', () => {
  const profiles = { seccompProfile: { type: '' }, appArmorProfile: { type: 'Localhost' } }
  expect(complaints({ securityContext: profiles, os: { name: 'mac' } })).toEqual([
    'spec.securityContext.seccompProfile.type: Required value: type is required when seccompProfile is set',
    'spec.securityContext.appArmorProfile.localhostProfile: Required value: must be set when AppArmor type is Localhost',
    'spec.os.name: Unsupported value: "mac": supported values: "linux", "windows"',
  ])
})
