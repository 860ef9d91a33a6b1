import { beforeAll, expect, test } from 'vitest'
import { node } from '../../src/simulator/cluster/kinds/node.ts'
import { pod } from '../../src/simulator/cluster/kinds/pod.ts'
import { service } from '../../src/simulator/cluster/kinds/service.ts'
import { TestCluster } from './fixture.ts'

let lab: TestCluster

beforeAll(async () => {
  lab = await TestCluster.boot()
})

test('a fresh cluster has three ready nodes, each with its own pod range', () => {
  const nodes = lab.client.list(node)
  expect(nodes.map(({ metadata, spec }) => [metadata.name, spec.podCIDR])).toEqual([
    ['control-plane', '10.244.0.0/24'],
    ['node1', '10.244.1.0/24'],
    ['node2', '10.244.2.0/24'],
  ])
  for (const { status } of nodes) expect(status.conditions?.find(each => each.type === 'Ready')?.status).toBe('True')
})

test('everything that a cluster consists of is ready and has never been restarted', () => {
  for (const { metadata, status } of lab.client.list(pod)) {
    expect([metadata.name, status.phase]).toEqual([metadata.name, 'Running'])
    for (const { ready, restartCount } of status.containerStatuses ?? [])
      expect({ ready, restartCount }).toEqual({ ready: true, restartCount: 0 })
  }
})

test('pods of two Deployments reach each other by address, across nodes', async () => {
  lab.createDeployment('sleep-1', 'kiamol/ch03-sleep')
  lab.createDeployment('sleep-2', 'kiamol/ch03-sleep')
  await lab.advance(5)
  const [one] = lab.podsOf('sleep-1')
  const [two] = lab.podsOf('sleep-2')
  expect([one?.status.phase, two?.status.phase]).toEqual(['Running', 'Running'])
  expect(new Set([one!.spec.nodeName, two!.spec.nodeName])).toEqual(new Set(['node1', 'node2']))
  const { status, output } = await lab.exec(one!.metadata.name, ['ping', '-c', '2', two!.status.podIP!])
  expect(output).toMatch(/2 packets transmitted, 2 packets received, 0% packet loss/)
  expect(output).toMatch(/ttl=62/)
  expect(status).toBe(0)
})

test('a Service name leads to a web server', async () => {
  lab.createDeployment('web', 'nginx:1.27', 2)
  lab.client.create(service, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  })
  lab.createPod('client', { image: 'nicolaka/netshoot:v0.13', command: ['sleep', 'infinity'] })
  await lab.advance(6)
  const { output, status } = await lab.exec('client', ['curl', '-s', 'http://web'])
  expect(output).toMatch('<title>Welcome to nginx!</title>')
  expect(status).toBe(0)
})
