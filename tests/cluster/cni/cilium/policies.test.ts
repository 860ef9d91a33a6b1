import { beforeEach, expect, test, vi } from 'vitest'
import { Datapath } from '../../../../src/simulator/cluster/cni/cilium/datapath.ts'
import { pod } from '../../../../src/simulator/cluster/kinds/pod.ts'
import { CiliumWorld } from './world.ts'

// Each test boots a lab of its own.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let world: CiliumWorld
const isOpen = '200'
const isShut = '(28)'

beforeEach(async () => {
  world = await CiliumWorld.boot()
})

async function reach(name: string, port = 80): Promise<string> {
  const answer = await world.get('client', `http://${world.address(name)}:${port}`)
  return answer.startsWith('(') ? answer.slice(0, answer.indexOf(')') + 1) : answer
}

async function apply(name: string, spec: Parameters<CiliumWorld['createPolicy']>[1]): Promise<void> {
  world.createPolicy(name, spec)
  await world.lab.advance(1)
}

const web = { matchLabels: { app: 'web' } }
const onlyClient = { from: [{ podSelector: { matchLabels: { app: 'client' } } }] }

test('a policy without rules keeps everyone out of the pods that it chooses, on one node as on two', async () => {
  expect([await reach('near'), await reach('far')]).toEqual([isOpen, isOpen])
  await apply('deny', { podSelector: web, policyTypes: ['Ingress'] })
  expect([await reach('near'), await reach('far')]).toEqual([isShut, isShut])
  world.deletePolicy('deny')
  await world.lab.advance(1)
  expect([await reach('near'), await reach('far')]).toEqual([isOpen, isOpen])
})

test('labels decide, and change at once what is allowed', async () => {
  await apply('friends', {
    podSelector: web,
    ingress: [{ from: [{ podSelector: { matchLabels: { role: 'friend' } } }] }],
  })
  expect(await reach('far')).toBe(isShut)
  const before = world.identity('client')
  world.lab.client.patch(pod, 'client', 'default', { metadata: { labels: { role: 'friend' } } })
  await world.lab.advance(1)
  expect(world.identity('client')).not.toBe(before)
  expect([await reach('near'), await reach('far')]).toEqual([isOpen, isOpen])
  world.lab.client.patch(pod, 'client', 'default', { metadata: { labels: { role: null } } })
  await world.lab.advance(1)
  expect(world.identity('client')).toBe(before)
  expect(await reach('far')).toBe(isShut)
})

test('pods with the same labels share one identity', () => {
  expect(world.identity('near')).toBe(world.identity('far'))
  expect(world.identity('near')).not.toBe(world.identity('client'))
})

test('ports by number, by name and in ranges', async () => {
  const rule = (port: object) => ({ podSelector: web, ingress: [{ ...onlyClient, ports: [port] }] })
  for (const [port, expected] of [
    [{ port: 80 }, isOpen],
    [{ port: 81 }, isShut],
    [{ port: 'http' }, isOpen],
    [{ port: 'https' }, isShut],
    [{ port: 70, endPort: 90 }, isOpen],
    [{ port: 81, endPort: 9000 }, isShut],
    [{ port: 80, protocol: 'UDP' }, isShut],
    [{ protocol: 'TCP' }, isOpen],
  ] as const) {
    await apply('ports', rule(port))
    expect([port, await reach('near'), await reach('far')]).toEqual([port, expected, expected])
    world.deletePolicy('ports')
  }
})

test('with a Service the policy sees the pod behind it, not its address', async () => {
  world.createService('web')
  const toWeb = [{ to: [{ podSelector: web }], ports: [{ port: 80 }] }]
  const toDns = [{ ports: [{ port: 53, protocol: 'UDP' }] }]
  await apply('egress', {
    podSelector: { matchLabels: { app: 'client' } },
    policyTypes: ['Egress'],
    egress: [...toWeb, ...toDns],
  })
  expect(await world.get('client', 'http://web')).toBe(isOpen)
})

test('an egress policy that forgets DNS lets addresses work and names fail', async () => {
  world.createService('web')
  const to = [{ podSelector: web }]
  await apply('trap', { podSelector: { matchLabels: { app: 'client' } }, policyTypes: ['Egress'], egress: [{ to }] })
  expect(await reach('far')).toBe(isOpen)
  expect(await world.get('client', 'http://web')).toMatch(/^\(28\) Resolving timed out/)
})

test('an ipBlock counts for pods, except where it excepts', async () => {
  const cidr = '10.244.0.0/16'
  const [, , third] = world.address('client').split('.')
  await apply('block', { podSelector: web, ingress: [{ from: [{ ipBlock: { cidr } }] }] })
  expect(await reach('far')).toBe(isOpen)
  world.deletePolicy('block')
  const except = [`10.244.${third}.0/24`]
  await apply('except', { podSelector: web, ingress: [{ from: [{ ipBlock: { cidr, except } }] }] })
  expect([await reach('near'), await reach('far')]).toEqual([isShut, isShut])
})

test('the name of a port counts for pods of an ipBlock as well', async () => {
  const to = [{ ipBlock: { cidr: '10.244.0.0/16' } }]
  const rule = (port: string) => ({
    podSelector: { matchLabels: { app: 'client' } },
    policyTypes: ['Egress'],
    egress: [{ to, ports: [{ port }] }],
  })
  await apply('named', rule('http'))
  expect(await reach('far')).toBe(isOpen)
  world.deletePolicy('named')
  await apply('other', rule('https'))
  expect(await reach('far')).toBe(isShut)
})

test('a name means what the receiving pod calls so, even where pods with the same labels differ', async () => {
  world.createPod('odd', 'node2', { app: 'web' }, 'nginx:1.27', [8080])
  await world.lab.advance(5)
  expect(world.identity('odd')).toBe(world.identity('far'))
  expect(await reach('odd')).toBe(isOpen)
  await apply('named', {
    podSelector: { matchLabels: { app: 'client' } },
    policyTypes: ['Egress'],
    egress: [{ to: [{ podSelector: web }], ports: [{ port: 'http' }] }],
  })
  expect([await reach('far'), await reach('odd')]).toEqual([isOpen, isShut])
})

test('the node reaches its own pods whatever policies say, another node does not', async () => {
  await apply('deny', { podSelector: {}, policyTypes: ['Ingress'] })
  const code = async (from: string) =>
    (await world.lab.run(from, `curl -s -o /dev/null -m 1 -w '%{http_code}' ${world.address('near')}`)).output
  expect(await code('node1')).toBe('200')
  expect(await code('node2')).toBe('000')
})

test('a policy cuts off connections that are open: each packet of their first direction is asked about', async () => {
  const request = `{ printf 'GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n'; sleep 5; printf 'GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n'; sleep 3; }`
  const stream = world.lab.exec('client', [
    'sh',
    '-c',
    `${request} | nc -w 9 ${world.address('far')} 80 | grep -c HTTP/1.1`,
  ])
  world.lab.kernel.clock.after(2_000, () => world.createPolicy('deny', { podSelector: web, policyTypes: ['Ingress'] }))
  expect((await stream).output.trim()).toBe('1')
})

test('answers pass although the pod that answers may not begin anything', async () => {
  await apply('quiet', { podSelector: web, policyTypes: ['Egress'] })
  expect([await reach('near'), await reach('far')]).toEqual([isOpen, isOpen])
})

test('both ends are asked, and the drop says who and where', async () => {
  const datapath = Datapath.of(world.network('node2'))!
  await apply('deny', { podSelector: web, policyTypes: ['Ingress'] })
  expect(await reach('far')).toBe(isShut)
  const drops = datapath.flows.events.filter(({ kind }) => kind === 'drop')
  expect(drops[0]).toMatchObject({
    words: 'Policy denied',
    sourceIdentity: world.identity('client'),
    destinationIdentity: world.identity('far'),
  })
  const { trace } = world.lab.network
  const flow = trace.latest(({ kind, machine }) => kind === 'drop' && machine === 'node2')!
  const dropped = trace.flow(flow).find(({ kind }) => kind === 'drop')!
  expect(dropped.decision).toBe('Policy denied')
  expect(dropped.by).toMatch(/^policy map \d+: no ingress entry for identity \d+$/)
})
