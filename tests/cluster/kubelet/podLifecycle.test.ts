import { beforeEach, expect, test } from 'vitest'
import { configMap } from '../../../src/simulator/cluster/kinds/configMap.ts'
import { event } from '../../../src/simulator/cluster/kinds/event.ts'
import { type Pod, pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { secret } from '../../../src/simulator/cluster/kinds/secret.ts'
import { TestCluster } from '../fixture.ts'

let lab: TestCluster

beforeEach(async () => {
  lab = await TestCluster.boot()
})

/** How STATUS of a pod changed: seconds since its creation and what `kubectl get pods` would show. */
async function timeline(name: string, seconds: number): Promise<[second: number, status: string][]> {
  const began = lab.kernel.clock.now
  const seen: [number, string][] = []
  const stop = lab.client.watch(pod, ({ object }) => {
    if (object.metadata.name !== name) return
    const status = object.status.containerStatuses?.[0]
    const { waiting, terminated, running } = status?.state ?? {}
    const text = `${waiting?.reason ?? terminated?.reason ?? (running ? 'Running' : 'Pending')} ${status?.restartCount ?? 0}`
    if (seen.at(-1)?.[1] !== text) seen.push([Math.round((lab.kernel.clock.now - began) / 1000), text])
  })
  await lab.advance(seconds)
  stop()
  return seen
}

function eventsOf(name: string, reason?: string) {
  return lab.client
    .list(event, { namespace: 'default' })
    .filter(each => each.involvedObject.name === name && (reason === undefined || each.reason === reason))
}

test('a container that crashes is started again at once, and then after ten, twenty, forty seconds', async () => {
  lab.createPod('crash', { command: ['sh', '-c', 'exit 1'] })
  const seen = await timeline('crash', 120)
  const texts = seen.map(([, text]) => text)
  expect(texts.slice(0, 9)).toEqual([
    'Pending 0',
    'ContainerCreating 0',
    'Running 0',
    'Error 0',
    'Running 1',
    'Error 1',
    'CrashLoopBackOff 1',
    'Running 2',
    'Error 2',
  ])
  const crashes = seen.filter(([, text]) => text.startsWith('Error')).map(([second]) => second)
  const pauses = crashes.slice(1).map((second, i) => second - crashes[i]!)
  // Up to half as much is added to each waiting time; the runtime is asked once a second.
  expect(pauses[1]).toBeGreaterThanOrEqual(9)
  expect(pauses[1]).toBeLessThanOrEqual(17)
  expect(pauses[2]).toBeGreaterThanOrEqual(19)
  expect(pauses[2]).toBeLessThanOrEqual(33)
  const { lastState, restartCount } = lab.pod('crash').status.containerStatuses![0]!
  expect(lastState?.terminated).toMatchObject({ exitCode: 1, reason: 'Error' })
  expect(restartCount).toBeGreaterThanOrEqual(3)
  const [backOff] = eventsOf('crash', 'BackOff')
  expect(backOff?.message).toBe(
    `Back-off restarting failed container c in pod crash_default(${lab.pod('crash').metadata.uid})`,
  )
})

test('an image that does not exist is asked for less and less often', async () => {
  lab.createPod('bad', { image: 'nginx:nope' })
  const seen = await timeline('bad', 120)
  expect(seen.slice(1, 5).map(([, text]) => text)).toEqual([
    'ContainerCreating 0',
    'ErrImagePull 0',
    'ImagePullBackOff 0',
    'ErrImagePull 0',
  ])
  const reference = 'docker.io/library/nginx:nope'
  expect(
    eventsOf('bad')
      .map(({ reason, type, message }) => [type, reason, message])
      .slice(1),
  ).toEqual([
    ['Normal', 'Pulling', 'Pulling image "nginx:nope"'],
    [
      'Warning',
      'Failed',
      `Failed to pull image "nginx:nope": rpc error: code = NotFound desc = failed to pull and unpack image "${reference}": failed to resolve reference "${reference}": ${reference}: not found`,
    ],
    ['Warning', 'Failed', 'Error: ErrImagePull'],
    ['Normal', 'BackOff', 'Back-off pulling image "nginx:nope"'],
    ['Warning', 'Failed', 'Error: ImagePullBackOff'],
  ])
})

test('an image that is not here yet takes a while, and the event tells how long', async () => {
  lab.createPod('new', { image: 'nginx:1.25' })
  await lab.advance(5)
  expect(lab.pod('new').status.phase).toBe('Running')
  expect(eventsOf('new', 'Pulled')[0]?.message).toMatch(
    /^Successfully pulled image "nginx:1\.25" in [\d.]+m?s \([\d.]+m?s including waiting\)\. Image size: 31489023 bytes\.$/,
  )
})

test.each([
  [
    'Nginx:1.27',
    undefined,
    'InvalidImageName',
    /couldn't parse image name "Nginx:1\.27": invalid reference format: repository name \(library\/Nginx\) must be lowercase$/,
  ],
  ['redis:7', 'Never', 'ErrImageNeverPull', /^Container image "redis:7" is not present with pull policy of Never$/],
  [
    'registry.example/a/b:1',
    undefined,
    'ErrImagePull',
    /dial tcp: lookup registry\.example on 192\.168\.64\.1:53: no such host$/,
  ],
])('image %s with policy %s waits as %s', async (image, imagePullPolicy, reason, message) => {
  lab.createPod('p', { containers: [{ name: 'c', image, ...(imagePullPolicy ? { imagePullPolicy } : {}) }] })
  await lab.advance(3)
  const { waiting } = lab.pod('p').status.containerStatuses![0]!.state!
  expect(waiting?.reason).toBe(reason)
  expect(waiting?.message).toMatch(message)
})

test('a command that is not there ends as StartError, with the words of runc', async () => {
  lab.createPod('p', { command: ['nosuchcommand'] })
  await lab.advance(4)
  const status = lab.pod('p').status.containerStatuses![0]!
  expect(status.state?.waiting?.reason ?? status.state?.terminated?.reason).toMatch(/RunContainerError|StartError/)
  expect(status.lastState?.terminated).toMatchObject({
    exitCode: 128,
    reason: 'StartError',
    startedAt: '1970-01-01T00:00:00Z',
    message:
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "nosuchcommand": executable file not found in $PATH: unknown',
  })
})

test('a program that needs more memory than its limit is killed', async () => {
  const limits = { memory: '16Mi' }
  const command = ['sh', '-c', 'tail /dev/zero']
  lab.createPod('hungry', { containers: [{ name: 'c', image: 'busybox:1.36', command, resources: { limits } }] })
  await lab.advance(4)
  const { lastState } = lab.pod('hungry').status.containerStatuses![0]!
  expect(lastState?.terminated).toMatchObject({ reason: 'OOMKilled', exitCode: 137 })
})

test('deleting a pod gives it time to end, and then ends it', async () => {
  lab.createPod('deaf', { command: ['sleep', 'infinity'], terminationGracePeriodSeconds: 5 })
  lab.createPod('polite', { image: 'nginx:1.27' })
  await lab.advance(3)
  for (const name of ['deaf', 'polite']) lab.client.delete(pod, name, 'default')
  await lab.advance(3)
  expect(lab.client.get(pod, 'polite', 'default')).toBeUndefined()
  expect(lab.pod('deaf').metadata.deletionTimestamp).toBeDefined()
  await lab.advance(4)
  expect(lab.client.get(pod, 'deaf', 'default')).toBeUndefined()
  expect(eventsOf('deaf', 'Killing')[0]?.message).toBe('Stopping container c')
})

test('a pod of a Job is done when its program has ended, and its log stays', async () => {
  lab.createPod('once', { command: ['sh', '-c', 'echo done'], restartPolicy: 'Never' })
  await lab.advance(5)
  const { phase, conditions, containerStatuses } = lab.pod('once').status
  expect(phase).toBe('Succeeded')
  expect(containerStatuses![0]!.state?.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' })
  expect(conditions?.map(({ type, status, reason }) => [type, status, reason])).toEqual([
    ['PodReadyToStartContainers', 'False', undefined],
    ['Initialized', 'True', 'PodCompleted'],
    ['Ready', 'False', 'PodCompleted'],
    ['ContainersReady', 'False', 'PodCompleted'],
    ['PodScheduled', 'True', undefined],
  ])
  expect(await lab.logs('once')).toBe('done\n')
})

test('init containers run one after the other, and a sidecar beside the others', async () => {
  const image = 'busybox:1.36'
  const shared = [{ name: 'work', mountPath: '/work' }]
  lab.createPod('p', {
    initContainers: [
      { name: 'first', image, command: ['sh', '-c', 'echo from-init > /work/note; sleep 2'], volumeMounts: shared },
      { name: 'helper', image, command: ['sleep', 'infinity'], restartPolicy: 'Always' } as never,
    ],
    containers: [{ name: 'main', image: 'nginx:1.27', volumeMounts: shared }],
    volumes: [{ name: 'work', emptyDir: {} }],
  })
  await lab.advance(2)
  expect(lab.pod('p').status.conditions?.find(each => each.type === 'Initialized')?.message).toBe(
    'containers with incomplete status: [first helper]',
  )
  expect(lab.pod('p').status.containerStatuses![0]!.state?.waiting?.reason).toBe('PodInitializing')
  await lab.advance(6)
  expect(lab.pod('p').status.phase).toBe('Running')
  expect(lab.pod('p').status.initContainerStatuses?.map(({ ready, started }) => [ready, started])).toEqual([
    [true, false],
    [true, true],
  ])
  expect(await lab.exec('p', ['cat', '/work/note'])).toEqual({ status: 0, output: 'from-init\n' })
})

test('readiness follows its probe', async () => {
  lab.createPod('p', {
    containers: [
      { name: 'c', image: 'nginx:1.27', readinessProbe: { httpGet: { path: '/ready', port: 80 }, periodSeconds: 1 } },
    ],
  })
  await lab.advance(4)
  expect(lab.pod('p').status.containerStatuses![0]).toMatchObject({ ready: false, started: true })
  expect(eventsOf('p', 'Unhealthy')[0]?.message).toBe('Readiness probe failed: HTTP probe failed with statuscode: 404')
  await lab.exec('p', ['sh', '-c', 'echo ok > /usr/share/nginx/html/ready'])
  await lab.advance(3)
  expect(lab.pod('p').status.conditions?.find(each => each.type === 'Ready')?.status).toBe('True')
})

test('a container that fails its liveness probe is restarted', async () => {
  lab.createPod('p', {
    containers: [
      {
        name: 'c',
        image: 'nginx:1.27',
        livenessProbe: { tcpSocket: { port: 81 }, periodSeconds: 2, failureThreshold: 3 },
      },
    ],
  })
  await lab.advance(10)
  const { podIP, containerStatuses } = lab.pod('p').status
  expect(containerStatuses![0]!.restartCount).toBe(1)
  expect(eventsOf('p', 'Unhealthy')[0]?.message).toBe(
    `Liveness probe failed: dial tcp ${podIP}:81: connect: connection refused`,
  )
  expect(eventsOf('p', 'Killing')[0]?.message).toBe('Container c failed liveness probe, will be restarted')
})

test('configuration that is missing holds a container back until it is there', async () => {
  lab.createPod('p', {
    containers: [
      {
        name: 'c',
        image: 'busybox:1.36',
        command: ['sleep', '3600'],
        env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'settings', key: 'x' } } }],
      },
    ],
  })
  await lab.advance(3)
  const { waiting } = lab.pod('p').status.containerStatuses![0]!.state!
  expect(waiting).toEqual({ reason: 'CreateContainerConfigError', message: 'configmap "settings" not found' })
  lab.client.create(configMap, { metadata: { name: 'settings', namespace: 'default' }, data: { x: '1' } })
  await lab.advance(20)
  expect(await lab.exec('p', ['sh', '-c', 'echo $X'])).toEqual({ status: 0, output: '1\n' })
})

test('volumes show the keys of objects, and follow them after a while', async () => {
  lab.client.create(configMap, {
    metadata: { name: 'settings', namespace: 'default' },
    data: { color: 'blue', size: '4' },
  })
  lab.client.create(secret, { metadata: { name: 'creds', namespace: 'default' }, data: { password: btoa('s3cret!') } })
  lab.createPod('p', {
    containers: [
      {
        name: 'c',
        image: 'busybox:1.36',
        command: ['sleep', '3600'],
        volumeMounts: [
          { name: 'conf', mountPath: '/conf' },
          { name: 'creds', mountPath: '/creds', readOnly: true },
          { name: 'info', mountPath: '/info' },
        ],
      },
    ],
    volumes: [
      { name: 'conf', configMap: { name: 'settings' } },
      { name: 'creds', secret: { secretName: 'creds' } },
      { name: 'info', downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
    ],
  })
  await lab.advance(4)
  expect(await lab.exec('p', ['sh', '-c', 'ls /conf; cat /conf/color /creds/password /info/name'])).toEqual({
    status: 0,
    output: 'color\nsize\nblues3cret!p',
  })
  expect((await lab.exec('p', ['sh', '-c', 'echo x > /creds/new'])).status).not.toBe(0)
  lab.client.patch(configMap, 'settings', 'default', { data: { color: 'red' } })
  await lab.advance(90)
  expect((await lab.exec('p', ['cat', '/conf/color'])).output).toBe('red')
})

test('a volume whose object is missing is told by an event', async () => {
  lab.createPod('p', {
    containers: [{ name: 'c', image: 'nginx:1.27', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
    volumes: [{ name: 'v', configMap: { name: 'absent' } }],
  })
  await lab.advance(5)
  expect(lab.pod('p').status.containerStatuses![0]!.state?.waiting?.reason).toBe('ContainerCreating')
  expect(eventsOf('p', 'FailedMount')[0]?.message).toBe(
    'MountVolume.SetUp failed for volume "v" : configmap "absent" not found',
  )
})

test('variables of Services, fields and other variables reach a container', async () => {
  lab.createPod('p', {
    containers: [
      {
        name: 'c',
        image: 'busybox:1.36',
        command: ['sh', '-c', 'echo $(GREETING) $BOTH $NODE; sleep 3600'],
        env: [
          { name: 'GREETING', value: 'hello' },
          { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
          { name: 'BOTH', value: '$(GREETING)-$(NODE)-$(NOPE)-$$(GREETING)' },
        ],
      },
    ],
  })
  await lab.advance(3)
  const { nodeName } = lab.pod('p').spec
  expect(await lab.logs('p')).toBe(`hello hello-${nodeName}-$(NOPE)-$(GREETING) ${nodeName}\n`)
  const { output } = await lab.exec('p', ['env'])
  expect(output).toMatch(/^KUBERNETES_SERVICE_HOST=10\.96\.0\.1$/m)
  expect(output).toMatch(/^KUBERNETES_SERVICE_PORT_HTTPS=443$/m)
})

test('hooks run after the start and before the end', async () => {
  lab.createPod('p', {
    terminationGracePeriodSeconds: 10,
    containers: [
      {
        name: 'c',
        image: 'nginx:1.27',
        lifecycle: {
          postStart: { exec: { command: ['sh', '-c', 'echo started > /tmp/hook'] } },
          preStop: { exec: { command: ['sleep', '4'] } },
        },
      },
    ],
  })
  await lab.advance(3)
  expect((await lab.exec('p', ['cat', '/tmp/hook'])).output).toBe('started\n')
  lab.client.delete(pod, 'p', 'default')
  await lab.advance(3)
  expect(lab.client.get(pod, 'p', 'default')).toBeDefined()
  await lab.advance(3)
  expect(lab.client.get(pod, 'p', 'default')).toBeUndefined()
})

test('a pod that runs longer than its deadline fails', async () => {
  lab.createPod('p', { command: ['sleep', '600'], activeDeadlineSeconds: 4, terminationGracePeriodSeconds: 1 })
  await lab.advance(8)
  expect(lab.pod('p').status).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded' })
})

test('another image in a running pod restarts its container', async () => {
  const created = lab.createPod('p', { image: 'nginx:1.26' })
  await lab.advance(3)
  const current = lab.pod('p')
  lab.client.update(pod, {
    ...current,
    spec: { ...current.spec, containers: [{ ...created.spec.containers[0]!, image: 'nginx:1.27' }] },
  })
  await lab.advance(4)
  expect(lab.pod('p').status.containerStatuses![0]).toMatchObject({
    image: 'docker.io/library/nginx:1.27',
    restartCount: 1,
  })
  expect(eventsOf('p', 'Killing')[0]?.message).toBe('Container c definition changed, will be restarted')
})

test('the status of a running pod has the shape of 1.36', async () => {
  lab.createPod('p', { image: 'nginx:1.27' })
  await lab.advance(3)
  const { status, spec } = lab.pod('p')
  expect(status).toMatchObject({
    observedGeneration: 1,
    phase: 'Running',
    hostIPs: [{ ip: status.hostIP }],
    podIPs: [{ ip: status.podIP }],
    qosClass: 'BestEffort',
    resources: {},
  })
  const { name, mountPath } = spec.containers[0]!.volumeMounts![0]!
  expect(status.containerStatuses![0]).toMatchObject({
    name: 'c',
    lastState: {},
    ready: true,
    restartCount: 0,
    image: 'docker.io/library/nginx:1.27',
    imageID: expect.stringMatching(/^docker\.io\/library\/nginx@sha256:[0-9a-f]{64}$/),
    containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/),
    started: true,
    resources: {},
    volumeMounts: [{ name, mountPath, readOnly: true, recursiveReadOnly: 'Disabled' }],
  })
  for (const condition of status.conditions!)
    expect(condition).toMatchObject({ observedGeneration: 1, lastProbeTime: null })
})

test('a container that looks into another one sees its processes', async () => {
  lab.createPod('p', { image: 'nginx:1.27' })
  await lab.advance(3)
  const debugged = lab.pod('p')
  const debuggers = [{ name: 'look', image: 'busybox:1.36', command: ['sleep', '60'], targetContainerName: 'c' }]
  lab.client.update(pod, { ...debugged, spec: { ...debugged.spec, ephemeralContainers: debuggers } as Pod['spec'] })
  await lab.advance(3)
  expect((await lab.exec('p', ['ps'], 'look')).output).toMatch(/^ +1 root +nginx -g daemon off;\n/m)
})

test('containers that share their processes see the one that holds the pod as the first', async () => {
  lab.createPod('p', {
    shareProcessNamespace: true,
    containers: [
      { name: 'web', image: 'nginx:1.27' },
      { name: 'c', image: 'busybox:1.36', command: ['sleep', 'infinity'] },
    ],
  })
  await lab.advance(3)
  const rows = async () => (await lab.exec('p', ['ps'], 'c')).output.split('\n').map(row => row.trim().split(/\s+/))
  expect((await rows()).map(row => row.slice(1).join(' '))).toEqual([
    'USER COMMAND',
    'root /pause',
    'root nginx -g daemon off;',
    '101 {nginx} nginx: worker process',
    '101 {nginx} nginx: worker process',
    'root sleep infinity',
    'root ps',
    '',
  ])
  await lab.exec('p', ['sh', '-c', 'kill $(pidof nginx)'], 'c')
  await lab.advance(3)
  const { containerStatuses } = lab.pod('p').status
  expect(containerStatuses!.map(({ name, restartCount }) => [name, restartCount])).toEqual([
    ['web', 1],
    ['c', 0],
  ])
})
