import { expect, test } from 'vitest'
import { AddressSet } from '#simulator/network/netfilter/addressSet.ts'
import { hooks, type TableName, tableNames } from '#simulator/network/netfilter/table.ts'
import { balance, ip, ping, prefix, request, serve, twoNodes } from '../world.ts'

/** The first rule of each chain that a packet met, in order. */
function chainsOf(world: ReturnType<typeof twoNodes>['world'], machine: string): string[] {
  const { trace } = world.network
  const flow = trace.flows().at(-1)!
  return trace
    .flow(flow)
    .filter(record => record.kind === 'rule' && record.machine === machine)
    .map(record => `${record.decision.split(' ')[0]} ${/-A (\S+)/.exec(record.by)![1]}`)
}

test('a forwarded packet meets the tables of each hook in the order of the kernel', () => {
  const { world, left, right } = twoNodes()
  right.box('two')
  const one = left.box('one')
  left.machine.sysctl.set('net.bridge.bridge-nf-call-iptables', '0')
  for (const name of tableNames) {
    const table = left.machine.netfilter.table(name)
    const chains = hooks.filter(hook => table.chains.has(hook))
    left.machine.netfilter.restore(
      `*${name}\n${chains.map(hook => `-A ${hook} -s 10.244.1.2 -j MARK --set-mark 1`).join('\n')}\nCOMMIT\n`,
    )
  }
  ping(one, '10.244.2.2')
  world.advance(10)
  expect(chainsOf(world, 'left')).toEqual([
    'raw PREROUTING',
    'mangle PREROUTING',
    'nat PREROUTING',
    'mangle FORWARD',
    'filter FORWARD',
    'mangle POSTROUTING',
    'nat POSTROUTING',
  ])
  ping(one, '10.244.1.1')
  world.advance(10)
  expect(chainsOf(world, 'left')).toEqual([
    'raw PREROUTING',
    'mangle PREROUTING',
    'nat PREROUTING',
    'mangle INPUT',
    'filter INPUT',
    'nat INPUT',
  ])
})

test('a packet of the machine itself meets OUTPUT, then POSTROUTING', () => {
  const { world, left } = twoNodes()
  for (const name of tableNames) {
    const table = left.machine.netfilter.table(name)
    const chains = hooks.filter(hook => table.chains.has(hook))
    left.machine.netfilter.restore(
      `*${name}\n${chains.map(hook => `-A ${hook} -s 192.168.64.11 -j MARK --set-mark 1`).join('\n')}\nCOMMIT\n`,
    )
  }
  ping(left.machine, '192.168.64.12')
  world.advance(10)
  expect(chainsOf(world, 'left')).toEqual([
    'raw OUTPUT',
    'mangle OUTPUT',
    'nat OUTPUT',
    'filter OUTPUT',
    'mangle POSTROUTING',
    'nat POSTROUTING',
  ])
})

/** Whether an echo request passes rules in the chain FORWARD. */
function passes(rules: readonly string[], prepare: (world: ReturnType<typeof twoNodes>) => void = () => {}): boolean {
  const setting = twoNodes()
  const { world, left, right } = setting
  const one = left.box('one')
  right.box('two')
  prepare(setting)
  left.machine.netfilter.restore(['*filter', ...rules, 'COMMIT', ''].join('\n'), { noFlush: true })
  const outcome = ping(one, '10.244.2.2')
  world.advance(10)
  return outcome.answer === 'reply'
}

test.each([
  ['a user chain that returns', [':A - [0:0]', '-A FORWARD -j A', '-A A -j RETURN', '-A A -j DROP'], true],
  ['a user chain at its end', [':A - [0:0]', '-A FORWARD -j A', '-A FORWARD -j DROP'], false],
  ['a goto that returns to the policy', [':A - [0:0]', '-A FORWARD -g A', '-A FORWARD -j DROP'], true],
  ['a policy', [':FORWARD DROP [0:0]'], false],
  ['a rule without a target', ['-A FORWARD -p icmp', '-A FORWARD -p icmp -j ACCEPT', '-A FORWARD -j DROP'], true],
  ['marks', ['-A FORWARD -j MARK --set-mark 0xf0', '-A FORWARD -m mark ! --mark 0x30/0x30 -j DROP'], true],
  [
    'bits of marks',
    ['-A FORWARD -j MARK --set-mark 3', '-A FORWARD -j MARK --xor-mark 2', '-A FORWARD -m mark --mark 1 -j DROP'],
    false,
  ],
  ['an interface by its beginning', ['-A FORWARD -i br+ -o vx0 -j DROP'], false],
  ['an address type', ['-A FORWARD -m addrtype --dst-type LOCAL -j DROP'], true],
  ['a negated address type', ['-A FORWARD -m addrtype ! --dst-type LOCAL -j DROP'], false],
  ['a type of ICMP', ['-A FORWARD -p icmp --icmp-type echo-reply -j DROP'], false],
  [
    'the states of a connection',
    ['-A FORWARD -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT', '-A FORWARD -j DROP'],
    true,
  ],
  ['new connections', ['-A FORWARD -m conntrack --ctstate NEW -j DROP'], false],
  ['answers only', ['-A FORWARD -m conntrack --ctstate ESTABLISHED -j DROP'], false],
  ['the first destination of a connection', ['-A FORWARD -m conntrack --ctorigdst 10.244.2.2 -j DROP'], false],
  ['a range of addresses', ['-A FORWARD -m iprange --dst-range 10.244.2.1-10.244.2.9 -j DROP'], false],
  ['every second packet', ['-A FORWARD -m statistic --mode nth --every 2 --packet 1 -j DROP'], false],
  ['chance that never comes', ['-A FORWARD -m statistic --mode random --probability 0 -j DROP'], true],
  ['chance that always comes', ['-A FORWARD -m statistic --mode random --probability 1 -j DROP'], false],
] as [string, string[], boolean][])('%s: the packet passes %j: %s', (_, rules, expected) => {
  expect(passes(rules)).toBe(expected)
})

test('a set of addresses matches what is in it', () => {
  const rules = ['-A FORWARD -m set --match-set blocked dst -j DROP']
  const block = (address: string) => (setting: ReturnType<typeof twoNodes>) => {
    const set = new AddressSet('blocked', 'hash:net')
    set.add({ prefix: prefix(address) })
    setting.left.machine.netfilter.sets.set('blocked', set)
  }
  expect(passes(rules, block('10.244.2.0/24'))).toBe(false)
  expect(passes(rules, block('10.244.3.0/24'))).toBe(true)
})

test('a set of three parts matches an address, its port and the other address', () => {
  const set = new AddressSet('loop', 'hash:ip,port,net')
  const entry = { prefix: prefix('10.244.1.5'), protocol: 'tcp', port: 8080, other: prefix('10.244.0.0/16') } as const
  expect([set.add(entry), set.add(entry)]).toEqual([true, false])
  expect(set.members).toEqual(['10.244.1.5,tcp:8080,10.244.0.0/16'])
  expect(set.has(ip('10.244.1.5'), 'tcp', 8080, ip('10.244.9.9'))).toBe(true)
  expect(set.has(ip('10.244.1.5'), 'tcp', 8080, ip('10.245.9.9'))).toBe(false)
  expect(set.has(ip('10.244.1.5'), 'udp', 8080, ip('10.244.9.9'))).toBe(false)
  expect([set.remove(entry), set.remove(entry)]).toEqual([true, false])
  expect(set.has(ip('10.244.1.5'), 'tcp', 8080, ip('10.244.9.9'))).toBe(false)
})

test('a set of ports matches whatever the address', () => {
  const set = new AddressSet('ports', 'bitmap:port')
  set.add({ prefix: prefix('0.0.0.0/0'), protocol: 'tcp', port: 30080 })
  expect(set.members).toEqual(['30080'])
  expect(set.has(ip('192.0.2.1'), 'tcp', 30080)).toBe(true)
  expect(set.has(ip('192.0.2.1'), 'tcp', 30081)).toBe(false)
})

test('rules count packets and bytes, and chance spreads them', () => {
  const { world, left, right } = twoNodes()
  const one = left.box('one')
  right.box('two')
  left.machine.netfilter.restore(
    '*filter\n-A FORWARD -s 10.244.1.2 -m statistic --mode random --probability 0.3333333333 -j ACCEPT\n-A FORWARD -s 10.244.1.2 -j ACCEPT\nCOMMIT\n',
  )
  ping(one, '10.244.2.2')
  world.advance(10)
  for (let i = 1; i < 3000; i++) ping(one, '10.244.2.2')
  world.advance(10)
  const [some, rest] = left.machine.netfilter.table('filter').chain('FORWARD').rules
  expect(some!.packets + rest!.packets).toBe(3000)
  expect(some!.bytes).toBe(some!.packets * 84)
  expect(some!.packets).toBeGreaterThan(900)
  expect(some!.packets).toBeLessThan(1100)
})

test('recent addresses stay with the server that they chose, for as long as the rule says', () => {
  const { world, left } = twoNodes()
  const [one, a, b] = [left.box('one'), left.box('a'), left.box('b')]
  serve(a, 8080)
  serve(b, 8080)
  left.machine.netfilter.restore(
    [
      '*nat',
      ':A - [0:0]',
      ':B - [0:0]',
      '-A PREROUTING -m recent --rcheck --seconds 100 --reap --name A -j A',
      '-A PREROUTING -m recent --rcheck --seconds 100 --reap --name B -j B',
      '-A PREROUTING -d 10.96.0.10 -m statistic --mode nth --every 2 --packet 0 -j A',
      '-A PREROUTING -d 10.96.0.10 -j B',
      '-A A -p tcp -m recent --set --name A -j DNAT --to-destination 10.244.1.3:8080',
      '-A B -p tcp -m recent --set --name B -j DNAT --to-destination 10.244.1.4:8080',
      'COMMIT',
      '',
    ].join('\n'),
  )
  const ask = (wait: number) => {
    const outcome = request(one, '10.96.0.10', 80)
    world.advance(wait)
    return outcome.answer
  }
  expect([ask(1000), ask(1000), ask(101_000)]).toEqual(['a', 'a', 'a'])
  expect([ask(1000), ask(1000)]).toEqual(['b', 'b'])
  const { lists } = left.machine.netfilter.recent
  expect([...lists].map(([name, addresses]) => [name, addresses.size])).toEqual([
    ['A', 0],
    ['B', 1],
  ])
})

test('only the first packet of a connection meets table nat', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  serve(two, 8080)
  balance(left, ['10.244.2.2'])
  request(one, '10.96.0.10', 80)
  world.advance(100)
  const rules = left.machine.netfilter.table('nat').chain('SERVICES').rules
  expect(rules[0]).toMatchObject({ packets: 1, bytes: 60 })
})

test('a dropped packet of the machine itself is an error of the socket', () => {
  const { left } = twoNodes()
  left.machine.netfilter.restore('*filter\n:OUTPUT DROP [0:0]\nCOMMIT\n')
  const socket = left.machine.sockets.openIcmp({ onReply: () => {} })
  expect(() => socket.sendEcho({ destination: ip('192.168.64.12'), sequence: 1 })).toThrow('EPERM')
})

test('a packet that is not tracked meets no translation', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  serve(two, 8080)
  balance(left, ['10.244.2.2'])
  left.machine.netfilter.restore('*raw\n-A PREROUTING -d 10.96.0.10 -j NOTRACK\nCOMMIT\n')
  const outcome = request(one, '10.96.0.10', 80)
  world.advance(500)
  expect(outcome.answer).toBe('')
  expect(left.machine.connections.list().filter(({ original }) => original.destination === ip('10.96.0.10'))).toEqual(
    [],
  )
})

test('a program of another kind takes part at its priority', () => {
  const { world, left, right } = twoNodes()
  const one = left.box('one')
  right.box('two')
  const leave = left.machine.netfilter.register({ hook: 'FORWARD', priority: 0, run: () => 'drop' })
  const before = ping(one, '10.244.2.2')
  world.advance(10)
  leave()
  const after = ping(one, '10.244.2.2')
  world.advance(10)
  expect([before.answer, after.answer]).toEqual(['', 'reply'])
})

test('tables come into being when they are used', () => {
  const { netfilter } = twoNodes().left.machine
  expect([netfilter.isEmpty, netfilter.save()]).toEqual([true, ''])
  netfilter.table('filter')
  expect(netfilter.save()).toBe('*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n')
  expect(netfilter.tables.map(table => table.name)).toEqual(['filter'] satisfies TableName[])
})
