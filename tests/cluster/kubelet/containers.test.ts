import { beforeAll, expect, test } from 'vitest'
import type { Pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { TestCluster } from '../fixture.ts'

let cluster: TestCluster

beforeAll(async () => {
  cluster = await TestCluster.boot()
})

type Spec = Partial<Pod['spec']>

/** Starts a shell script in a pod. */
async function start(name: string, script: string, spec: Spec = {}, container: object = {}): Promise<void> {
  const first = { name: 'c', image: 'busybox:1.36', command: ['sh', '-c', script], ...container }
  cluster.createPod(name, { restartPolicy: 'Never', ...spec, containers: [first] } as Spec)
  await cluster.advance(6)
}

/** The same, and gives what it printed. */
async function run(...words: Parameters<typeof start>): Promise<string> {
  await start(...words)
  return cluster.logs(words[0])
}

test('what is made in a volume of a pod with an fsGroup belongs to the group', async () => {
  const output = await run(
    'group',
    "touch /data/file; stat -c '%a %g' /data /data/file",
    { securityContext: { fsGroup: 123, runAsUser: 1000 }, volumes: [{ name: 'v', emptyDir: {} }] },
    { volumeMounts: [{ name: 'v', mountPath: '/data' }] },
  )
  expect(output).toBe('2777 123\n644 123\n')
})

test('a last word may be left at any path and by anybody', async () => {
  await run(
    'word',
    'printf done > /var/word',
    {},
    { terminationMessagePath: '/var/word', securityContext: { runAsUser: 1000 } },
  )
  expect(cluster.pod('word').status.containerStatuses?.[0]?.state?.terminated?.message).toBe('done')
})

test('after a failure the log speaks, also when its last line has no end', async () => {
  await run('log', 'printf DONE; exit 1', {}, { terminationMessagePolicy: 'FallbackToLogsOnError' })
  expect(cluster.pod('log').status.containerStatuses?.[0]?.state?.terminated?.message).toBe('DONE')
})

test.each([
  ['no-value', '$(NAME)', '', 'missing value for NAME'],
  ['absolute', '$(NAME)', '/tmp', 'subPath "/tmp" must not be an absolute path'],
  ['upwards', '$(NAME)', '../x', 'subPath "../x" must not contain \'..\''],
])(
  'a path inside a volume that is %s keeps the container from being made',
  async (name, subPathExpr, value, message) => {
    const env = [{ name: 'NAME', value }]
    const volumeMounts = [{ name: 'v', mountPath: '/data', subPathExpr }]
    await start(name, 'true', { volumes: [{ name: 'v', emptyDir: {} }] }, { env, volumeMounts })
    expect(cluster.pod(name).status.containerStatuses?.[0]?.state?.waiting).toMatchObject({
      reason: 'CreateContainerConfigError',
      message,
    })
  },
)

test('settings of the kernel are those that the pod asks for', async () => {
  const sysctls = [{ name: 'kernel.shm_rmid_forced', value: '1' }]
  expect(await run('sysctl', 'sysctl kernel.shm_rmid_forced', { securityContext: { sysctls } })).toBe(
    'kernel.shm_rmid_forced = 1\n',
  )
})

test('a node without room for a pod that names it says so', async () => {
  cluster.createPod('large', {
    nodeName: 'node1',
    containers: [{ name: 'c', image: 'busybox:1.36', resources: { requests: { cpu: '64' } } }],
  })
  await cluster.advance(2)
  expect(cluster.pod('large').status).toMatchObject({ phase: 'Failed', reason: 'OutOfcpu' })
  cluster.client.delete(pod, 'large', 'default')
  await cluster.advance(3)
  expect(cluster.client.get(pod, 'large', 'default')).toBeUndefined()
})

test('a container sees its limits, also when they change while it runs', async () => {
  const resources = { requests: { cpu: '50m', memory: '20Mi' }, limits: { cpu: '100m', memory: '50Mi' } }
  await run('resized', 'sleep infinity', {}, { resources })
  const read = async () =>
    (await cluster.exec('resized', ['sh', '-c', 'cd /sys/fs/cgroup; cat cpu/cpu.* memory/memory.limit_in_bytes']))
      .output
  expect(await read()).toBe('100000\n10000\n51\n52428800\n')
  const resize = (body: object) =>
    cluster.cluster.apiServer.request({
      method: 'PATCH',
      path: '/api/v1/namespaces/default/pods/resized/resize',
      headers: { 'content-type': 'application/strategic-merge-patch+json' },
      body: { spec: { containers: [{ name: 'c', resources: body }] } },
      user: 'kubernetes-admin',
    })
  expect(resize({ limits: { cpu: '200m', memory: '60Mi' } }).status).toBe(200)
  await cluster.advance(2)
  expect(await read()).toBe('100000\n20000\n51\n62914560\n')
  expect(cluster.pod('resized').status.containerStatuses?.[0]).toMatchObject({
    restartCount: 0,
    resources: { limits: { cpu: '200m', memory: '60Mi' } },
  })
  expect(resize({ requests: { cpu: '200m', memory: '60Mi' } }).body).toMatchObject({
    message:
      'Pod "resized" is invalid: spec: Invalid value: "Guaranteed": Pod QOS Class may not change as a result of resizing',
  })
})

test('files follow what a pod says of itself', async () => {
  await run(
    'marks',
    'sleep infinity',
    {
      volumes: [
        { name: 'v', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
      ],
    },
    { volumeMounts: [{ name: 'v', mountPath: '/facts' }] },
  )
  cluster.client.patch(pod, 'marks', 'default', { metadata: { labels: { side: 'b' } } })
  await cluster.advance(1)
  expect((await cluster.exec('marks', ['cat', '/facts/labels'])).output.trim()).toBe('side="b"')
})

test('variables with names that a shell cannot use reach its children', async () => {
  expect(await run('names', 'env | grep a-b', {}, { env: [{ name: 'a-b', value: 'c' }] })).toBe('a-b=c\n')
})

test.each([
  ['usual', {}, 2],
  ['trusted', { capabilities: { add: ['NET_ADMIN'] } }, 0],
  ['privileged', { privileged: true }, 0],
])('the network of a %s container is changed by it or not', async (name, securityContext, expected) => {
  const output = await run(name, 'ip link add dummy0 type dummy 2>/dev/null; echo $?', {}, { securityContext })
  expect(Number(output)).toBe(expected)
})

test.each([
  ['iptables-save', 4, 'iptables-save v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied'],
  ['iptables -L', 4, 'iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied'],
  ['iptables-restore', 4, 'iptables-restore v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission'],
  ['nft list ruleset', 1, 'Operation not permitted (you must be root)'],
  ['ipset list', 1, 'ipset v7.17: Kernel error received: Operation not permitted'],
  ['ipvsadm -Ln', 255, "Can't initialize ipvs: Permission denied (you must be root)"],
  ['conntrack -L', 1, 'Operation failed: Operation not permitted'],
  ['bridge fdb add 0a:58:00:00:00:01 dev eth0', 255, 'RTNETLINK answers: Operation not permitted'],
  ['route add -net 10.9.0.0/16 dev eth0', 7, 'SIOCADDRT: Operation not permitted'],
  ['arp -s 10.244.1.9 0a:58:00:00:00:01', 255, 'SIOCSARP: Operation not permitted'],
  ['ifconfig eth0 down', 255, 'SIOCSIFFLAGS: Operation not permitted'],
])('%s is refused where a container lacks NET_ADMIN', async (command, status, message) => {
  const name = `rules-${command.replace(/\W.*/, '')}-${status}${command.length}`
  const output = await run(name, `${command} </dev/null 2>&1; echo $?`, {}, { image: 'nicolaka/netshoot:v0.13' })
  expect(output).toContain(message)
  expect(output.trim().split('\n').at(-1)).toBe(String(status))
})

test('a container with NET_ADMIN reads the rules of its pod', async () => {
  const trusted = { image: 'nicolaka/netshoot:v0.13', securityContext: { capabilities: { add: ['NET_ADMIN'] } } }
  expect(await run('reader', 'iptables -S; iptables-save; nft list ruleset', {}, trusted)).toMatch(
    /^-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n/,
  )
})

test.each([
  ['rising', true, 0],
  ['staying', false, 1000],
])('a program that makes others root works only where that is allowed', async (name, isAllowed, uid) => {
  const securityContext = { runAsUser: 1000, allowPrivilegeEscalation: isAllowed }
  cluster.createPod(name, {
    restartPolicy: 'Never',
    containers: [{ name: 'c', image: 'registry.k8s.io/e2e-test-images/nonewprivs:1.4', securityContext }],
  })
  await cluster.advance(6)
  expect(await cluster.logs(name)).toBe(`Effective uid: ${uid}\n`)
})

test('an image can be a volume, which nobody writes to', async () => {
  const image = { reference: 'nginx:1.27', pullPolicy: 'IfNotPresent' }
  const output = await run(
    'image',
    'head -n 1 /site/usr/share/nginx/html/index.html; touch /site/x 2>&1',
    { volumes: [{ name: 'v', image } as never] },
    { volumeMounts: [{ name: 'v', mountPath: '/site' }] },
  )
  expect(output).toBe('<!DOCTYPE html>\ntouch: /site/x: Read-only file system\n')
})
