import { beforeAll, expect, test } from 'vitest'
import { pod } from '../../../../src/simulator/cluster/kinds/pod.ts'
import { service } from '../../../../src/simulator/cluster/kinds/service.ts'
import { CiliumWorld } from './world.ts'

let world: CiliumWorld

beforeAll(async () => {
  world = await CiliumWorld.boot()
})

async function hits(url: string, count: number): Promise<Set<string>> {
  const found = new Set<string>()
  for (let i = 0; i < count; i++) {
    const lines = world.capture('node1', world.cable('client'), / > (near|far)\.80: \[S\]/)
    expect(await world.get('client', url)).toBe('200')
    found.add(/ > (near|far)\./.exec(lines.at(-1)!)![1]!)
  }
  return found
}

test('a Service without backends refuses at connect: no packet leaves', async () => {
  const address = world.createService('nobody')
  await world.lab.advance(1)
  const cable = world.capture('node1', world.cable('client'), /./)
  expect(await world.get('client', `http://${address}`)).toMatch(/^\(7\) .*/)
  const { output } = await world.lab.exec('client', ['nc', '-vz', '-w', '1', address, '80'])
  expect(output).toMatch(/No route to host|Host is unreachable/)
  expect(cable).toEqual([])
})

test('from outside a Service without backends answers that the port is unreachable', async () => {
  world.createService('nobody-outside', { type: 'NodePort', ports: [{ port: 80, nodePort: 30090 }] })
  await world.lab.advance(1)
  const lan = world.capture('lab', 'eth0', /ICMP/)
  const { output } = await world.lab.run('lab', 'curl -sS -m 2 http://192.168.64.11:30090')
  expect(output).toMatch(/^curl: \(7\) Failed to connect/)
  expect(lan).toEqual(['IP 192.168.64.11 > 192.168.64.1: ICMP 192.168.64.11 tcp port 30090 unreachable, length 68'])
})

test('a client stays with its backend where the Service is loyal', async () => {
  const address = world.createService('web', { sessionAffinity: 'ClientIP' })
  await world.lab.advance(1)
  expect((await hits(`http://${address}`, 10)).size).toBe(1)
})

test('internalTrafficPolicy Local leads only to pods of the client’s node', async () => {
  const address = world.createService('inside', { selector: { app: 'web' }, internalTrafficPolicy: 'Local' })
  await world.lab.advance(1)
  expect(await hits(`http://${address}`, 10)).toEqual(new Set(['near']))
})

test('externalTrafficPolicy Local keeps the client’s address and answers only where a pod is', async () => {
  world.createService('local', {
    selector: { app: 'web' },
    type: 'NodePort',
    externalTrafficPolicy: 'Local',
    ports: [{ port: 80, nodePort: 30091 }],
  })
  await world.lab.advance(1)
  const code = async (node: string) =>
    (await world.lab.run('lab', `curl -s -o /dev/null -m 1 -w '%{http_code}' http://${node}:30091`)).output
  const cable = world.capture('node1', world.cable('near'), / > near\.80: \[S\]/)
  expect([await code('192.168.64.10'), await code('192.168.64.11')]).toEqual(['000', '200'])
  expect(cable).toEqual(['IP 192.168.64.1.PORT > near.80: [S] 0'])
  // For clients in the cluster the same node port leads to every pod.
  expect(await world.get('client', 'http://192.168.64.10:30091')).toBe('200')
})

test('with policy Cluster a pod of another node sees the first node instead of the client', async () => {
  world.createService('cluster', {
    selector: { app: 'web' },
    type: 'NodePort',
    ports: [{ port: 80, nodePort: 30092 }],
  })
  await world.lab.advance(1)
  const cable = world.capture('node2', world.cable('far'), / > far\.80: \[S\]/)
  for (let i = 0; i < 6; i++) await world.lab.run('lab', 'curl -s -o /dev/null http://192.168.64.10:30092')
  expect(new Set(cable)).toEqual(new Set(['IP router(control-plane).PORT > far.80: [S] 0']))
})

test('a pod that reaches itself by its Service never leaves its own network', async () => {
  const address = world.createService('self', { selector: { app: 'client' }, ports: [{ port: 8080 }] })
  await world.lab.advance(1)
  const cable = world.capture('node1', world.cable('client'), /./)
  const run = `(echo hello | nc -l -p 8080 >/dev/null &) ; sleep 1; nc -w 1 ${address} 8080 < /dev/null; echo done $?`
  const { output } = await world.lab.exec('client', ['sh', '-c', run])
  expect(output).toContain('done 0')
  expect(cable.filter(line => line.includes('8080'))).toEqual([])
})

test('answers over UDP come from the address that was asked', async () => {
  const { output } = await world.lab.exec('client', ['dig', '+noall', '+stats', 'kubernetes.default.svc.cluster.local'])
  expect(output).toContain('SERVER: 10.96.0.10#53(10.96.0.10)')
})

test('a new pod of the Service is used, and one that is gone is not', async () => {
  const address = world.createService('late', { selector: { app: 'late' } })
  world.createPod('late-1', 'node2', { app: 'late' })
  await world.lab.advance(6)
  expect(await world.get('client', `http://${address}`)).toBe('200')
  await world.lab.advance(1)
})

test('a load balancer’s source ranges keep others out', async () => {
  const ports = [{ port: 80, nodePort: 30093 }]
  world.createService('guarded', {
    selector: { app: 'web' },
    type: 'LoadBalancer',
    loadBalancerSourceRanges: ['203.0.113.0/24'],
    ports,
  })
  const found = world.lab.client.get(service, 'guarded', 'default')!
  world.lab.client.updateStatus(service, {
    ...found,
    status: { loadBalancer: { ingress: [{ ip: '192.168.64.200' }] } },
  })
  await world.lab.run('lab', 'ip route add 192.168.64.200 via 192.168.64.11')
  await world.lab.advance(1)
  const code = "curl -s -o /dev/null -m 1 -w '%{http_code}' http://192.168.64.200"
  expect((await world.lab.run('lab', code)).output).toBe('000')
  world.lab.client.patch(service, 'guarded', 'default', { spec: { loadBalancerSourceRanges: ['192.168.64.0/24'] } })
  await world.lab.advance(1)
  expect((await world.lab.run('lab', code)).output).toBe('200')
})

test('a backend on the node’s own network answers a node port with the address that was asked', async () => {
  world.lab.createPod('host-web', {
    nodeName: 'node2',
    hostNetwork: true,
    containers: [{ name: 'c', image: 'nginx:1.27' }],
  })
  world.lab.client.patch(pod, 'host-web', 'default', { metadata: { labels: { app: 'host-web' } } })
  world.createService('host-web', { type: 'NodePort', ports: [{ port: 80, nodePort: 30094 }] })
  await world.lab.advance(6)
  for (const node of ['192.168.64.12', '192.168.64.10']) {
    const code = `curl -s -o /dev/null -m 1 -w '%{http_code}' http://${node}:30094`
    expect((await world.lab.run('lab', code)).output).toBe('200')
  }
  expect(await world.get('client', 'http://192.168.64.10:30094')).toBe('200')
})
