import { beforeEach, expect, test } from 'vitest'
import { event } from '../../../src/simulator/cluster/kinds/event.ts'
import { lease } from '../../../src/simulator/cluster/kinds/lease.ts'
import { node } from '../../../src/simulator/cluster/kinds/node.ts'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { TestCluster } from '../fixture.ts'

let lab: TestCluster

beforeEach(async () => {
  lab = await TestCluster.boot()
})

const readyOf = (name: string) => lab.client.get(node, name)!.status.conditions!.find(each => each.type === 'Ready')!

test('a node tells what it is', () => {
  const { status, metadata } = lab.client.get(node, 'node1')!
  expect(metadata.labels).toEqual({
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': 'node1',
    'kubernetes.io/os': 'linux',
  })
  expect(status.addresses).toEqual([
    { type: 'InternalIP', address: '192.168.64.11' },
    { type: 'Hostname', address: 'node1' },
  ])
  expect(status.capacity).toMatchObject({ cpu: '2', memory: '24684096Ki', pods: '110' })
  expect(status.nodeInfo).toMatchObject({
    kubeletVersion: 'v1.36.3',
    containerRuntimeVersion: 'containerd://1.6.20',
    osImage: 'Debian GNU/Linux 12 (bookworm)',
    kernelVersion: expect.stringMatching(/^6\./),
    machineID: expect.stringMatching(/^[0-9a-f]{32}$/),
  })
  expect(status.images![0]!.names).toEqual([
    expect.stringMatching(/^registry\.k8s\.io\/e2e-test-images\/agnhost@sha256:[0-9a-f]{64}$/),
    'registry.k8s.io/e2e-test-images/agnhost:2.53',
  ])
})

test('a lease is renewed every ten seconds, and nothing else is written while nothing changes', async () => {
  await lab.advance(30)
  const before = lab.client.get(lease, 'node1', 'kube-node-lease')!
  const changedAt = lab.cluster.apiServer.lastChange()
  await lab.advance(10)
  const after = lab.client.get(lease, 'node1', 'kube-node-lease')!
  expect(Date.parse(after.spec!.renewTime!) - Date.parse(before.spec!.renewTime!)).toBe(10_000)
  expect(lab.cluster.apiServer.lastChange()).toBe(changedAt)
})

test('a node whose kubelet is gone is missed after a while', async () => {
  lab.cluster.machines.get('node2')!.units.get('kubelet.service')!.stop()
  await lab.advance(80)
  expect(readyOf('node2')).toMatchObject({ status: 'Unknown', message: 'Kubelet stopped posting node status.' })
  expect(readyOf('node1').status).toBe('True')
})

test('a pod whose sandbox is killed gets another one', async () => {
  lab.createPod('p', { nodeName: 'node1', containers: [{ name: 'c', image: 'nginx:1.27' }] })
  await lab.advance(3)
  const before = lab.pod('p').status.podIP
  const pauses = [...lab.cluster.machines.get('node1')!.processes.values()].filter(each => each.argv[0] === '/pause')
  pauses.at(-1)!.kill('SIGKILL')
  await lab.advance(5)
  const { podIP, phase, containerStatuses } = lab.pod('p').status
  expect(phase).toBe('Running')
  expect(podIP).not.toBe(before)
  expect(containerStatuses![0]!.restartCount).toBe(1)
  const reasons = lab.client.list(event, { namespace: 'default' }).map(each => each.reason)
  expect(reasons).toContain('SandboxChanged')
})

test('static pods are shown by mirror pods that cannot be deleted', async () => {
  const name = 'kube-scheduler-control-plane'
  const mirror = lab.pod(name, 'kube-system')
  expect(mirror.metadata.annotations).toMatchObject({
    'kubernetes.io/config.source': 'file',
    'kubernetes.io/config.mirror': mirror.metadata.annotations!['kubernetes.io/config.hash'],
  })
  expect(mirror.metadata.ownerReferences).toMatchObject([{ kind: 'Node', name: 'control-plane', controller: true }])
  expect(mirror.status.phase).toBe('Running')
  lab.client.delete(pod, name, 'kube-system')
  await lab.advance(5)
  const again = lab.pod(name, 'kube-system')
  expect(again.metadata.uid).not.toBe(mirror.metadata.uid)
  expect(again.status.containerStatuses![0]!.containerID).toBe(mirror.status.containerStatuses![0]!.containerID)
})

test('a manifest that is put into the directory of a node runs there, until it is taken away', async () => {
  const { files } = lab.cluster.machines.get('control-plane')!
  const manifest =
    'apiVersion: v1\nkind: Pod\nmetadata: {name: own}\nspec:\n  containers: [{name: c, image: "nginx:1.27"}]\n'
  files.writeText('/etc/kubernetes/manifests/own.yaml', manifest)
  await lab.advance(5)
  expect(lab.pod('own-control-plane').status.phase).toBe('Running')
  files.remove('/etc/kubernetes/manifests/own.yaml')
  await lab.advance(5)
  expect(lab.client.get(pod, 'own-control-plane', 'default')).toBeUndefined()
})

test('without its manifest the API server is no longer there', async () => {
  const { files } = lab.cluster.machines.get('control-plane')!
  files.rename('/etc/kubernetes/manifests/kube-apiserver.yaml', '/root/kube-apiserver.yaml')
  await lab.advance(40)
  const { output } = await lab.run('lab', 'curl -sSk -m 2 https://192.168.64.10:6443/healthz')
  expect(output).toMatch(/Failed to connect to 192\.168\.64\.10 port 6443/)
  files.rename('/root/kube-apiserver.yaml', '/etc/kubernetes/manifests/kube-apiserver.yaml')
  await lab.advance(10)
  expect((await lab.run('lab', 'curl -sk https://192.168.64.10:6443/healthz')).output).toBe('ok')
})

test('a container can be added to a running pod to look around', async () => {
  lab.createPod('p', { image: 'nginx:1.27' })
  await lab.advance(3)
  const current = lab.pod('p')
  const ephemeralContainers = [{ name: 'debug', image: 'busybox:1.36', command: ['sleep', '3600'] }]
  lab.client.update(pod, { ...current, spec: { ...current.spec, ephemeralContainers } as never })
  await lab.advance(3)
  const status = lab.pod('p').status.ephemeralContainerStatuses?.[0]
  expect(status).toMatchObject({ name: 'debug', state: { running: {} } })
})
