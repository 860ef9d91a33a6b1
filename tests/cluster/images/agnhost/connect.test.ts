import { beforeAll, expect, test } from 'vitest'
import { TestCluster } from '../../fixture.ts'

let lab: TestCluster
const image = 'registry.k8s.io/e2e-test-images/agnhost:2.53'

beforeAll(async () => {
  lab = await TestCluster.boot()
  const env = ['TCP_PORT_80', 'UDP_PORT_80', 'SCTP_PORT_80'].map(name => ({ name: `SERVE_${name}`, value: 'here' }))
  lab.createPod('server', { nodeName: 'node1', containers: [{ name: 'c', image, args: ['porter'], env }] })
  lab.createPod('client', { nodeName: 'node2', containers: [{ name: 'c', image, args: ['pause'] }] })
  await lab.advance(60)
})

async function connect(port: number, protocol: string, address = lab.pod('server').status.podIP!) {
  const words = ['/agnhost', 'connect', `${address}:${port}`, '--timeout=1s', `--protocol=${protocol}`]
  const { status, output } = await lab.exec('client', words)
  return [status, output.trim()]
}

test.each(['tcp', 'udp', 'sctp'])('connect finds what porter serves on %s', async protocol => {
  expect(await connect(80, protocol)).toEqual([0, ''])
})

test.each(['tcp', 'udp', 'sctp'])('connect says when a port refuses %s', async protocol => {
  expect(await connect(81, protocol)).toEqual([1, 'REFUSED'])
})

test('connect says when nobody answers', async () => {
  const nobody = '10.244.1.250'
  lab.cluster.machines.get('node2')!.network.netfilter.restore(`*filter\n-I FORWARD 1 -d ${nobody} -j DROP\nCOMMIT\n`, {
    noFlush: true,
  })
  expect(await connect(80, 'tcp', nobody)).toEqual([1, 'TIMEOUT'])
  expect(await connect(80, 'sctp', nobody)).toEqual([1, 'TIMEOUT'])
  const [status, text] = await connect(80, 'udp', nobody)
  expect([status, String(text).replace(/:\d{5}->/, ':PORT->')]).toEqual([
    1,
    `TIMEOUT: read udp ${lab.pod('client').status.podIP}:PORT->${nobody}:80: i/o timeout`,
  ])
})

test('a protocol that nobody knows', async () => {
  expect(await connect(80, 'dccp')).toEqual([1, 'unsupported protocol: dccp'])
})
