import { expect, test } from 'vitest'
import { TraceLog } from '#simulator/network/trace.ts'
import { balance, request, serve, twoNodes } from './world.ts'

test('the way of the first segment to a balanced address, step by step', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  serve(two, 8080)
  balance(left, ['10.244.2.2'])
  request(one, '10.96.0.10', 80, 41001)
  world.advance(100)
  const { trace } = world.network
  const records = trace.flow(trace.latest(record => record.decision === 'nat DNAT')!)
  const first = records.filter(record => record.serial === records[0]!.serial)
  const machines = first.filter(record => record.machine !== 'switch')
  expect(
    machines.map(({ machine, networkNamespace, interface: device, kind, decision }) =>
      [
        machine + (networkNamespace && ` ${networkNamespace}`),
        device,
        kind,
        decision.replace(/([\da-f]{2}:){5}.*/, 'MAC'),
      ]
        .filter(word => word !== '')
        .join(' | '),
    ),
  ).toEqual([
    'left one | send | by a socket',
    'left one | eth0 | route | via 10.244.1.1',
    'left one | eth0 | transmit | MAC',
    'left | br0 | rule | nat SERVICES',
    'left | br0 | rule | nat SVC-WEB',
    'left | br0 | rule | nat SEP-0',
    'left | br0 | rule | nat DNAT',
    'left | br0 | rewrite | DNAT',
    'left | vx0 | route | via 10.244.2.0',
    'left | vx0 | forward | ttl 63',
    'left | vx0 | rule | nat MASQ',
    'left | vx0 | rule | nat RETURN',
    'left | vx0 | transmit | MAC',
    'left | vx0 | encapsulate | vni 1',
    'left | eth0 | route | on the link',
    'left | eth0 | rule | nat SERVICES',
    'left | eth0 | rule | nat MASQ',
    'left | eth0 | rule | nat RETURN',
    'left | eth0 | transmit | MAC',
    'right | eth0 | route | to this machine',
    'right | vx0 | decapsulate | vni 1',
    'right | br0 | route | on the link',
    'right | br0 | forward | ttl 62',
    'right | br0 | transmit | MAC',
    'right | br0 | switch | port veth1',
    'right two | eth0 | route | to this machine',
    'right two | eth0 | deliver | to LISTEN',
  ])
  const rewrite = first.find(record => record.kind === 'rewrite')!
  expect([rewrite.before, rewrite.after]).toMatchObject([
    { body: { destinationPort: 80 } },
    { body: { destinationPort: 8080 } },
  ])
  expect(first.find(record => record.decision === 'nat DNAT')!.by).toBe(
    '-A SEP-0 -p tcp -m tcp -j DNAT --to-destination 10.244.2.2:8080',
  )
})

test('answers and questions for neighbours belong to the same story', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  serve(two, 8080)
  request(one, '10.244.2.2', 8080)
  world.advance(100)
  const { trace } = world.network
  expect(trace.flows()).toHaveLength(1)
  const kinds = new Set(trace.flow(trace.flows()[0]!).map(record => record.before.kind))
  expect([...kinds].sort()).toEqual(['arp', 'ipv4'])
})

test('the oldest stories are forgotten, and a long one keeps its beginning', () => {
  const { world, left } = twoNodes()
  left.box('one')
  const short = new TraceLog(10, 4)
  const packet = (flow: number) => ({ kind: 'arp', flow }) as never
  const add = (...flows: number[]) => {
    for (const flow of flows) short.add(world.clock.now, left.machine, '', 'send', '', '', packet(flow), packet(flow))
  }
  add(1, 1, 1, 1, 1, 1)
  expect(short.flow(1)).toHaveLength(4)
  add(2, 2, 2, 2, 3, 3)
  expect(short.flows()).toEqual([1, 2, 3])
  add(3)
  expect(short.flows()).toEqual([2, 3])
})

test('a log that is off writes nothing', () => {
  const { world, left } = twoNodes()
  world.network.trace.isOn = false
  request(left.box('one'), '10.244.1.1', 80)
  world.advance(10)
  expect(world.network.trace.flows()).toEqual([])
})
