import { beforeAll, describe, expect, test } from 'vitest'
import { pod } from '../../../../src/simulator/cluster/kinds/pod.ts'
import { CiliumWorld } from './world.ts'

let world: CiliumWorld

describe('Cilium with a tunnel', () => {
  beforeAll(async () => {
    world = await CiliumWorld.boot()
    world.createService('web', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] })
    await world.lab.advance(2)
  })

  test('a node has cilium_host and cilium_net, which ask no neighbours, and one tunnel for all', () => {
    const list = world.network('node1').interfaces.map(({ name, mtu, flags }) => [name, mtu, flags.includes('NOARP')])
    expect(list.slice(0, 5)).toEqual([
      ['lo', 65536, false],
      ['eth0', 1500, false],
      ['cilium_net', 1500, true],
      ['cilium_host', 1500, true],
      ['cilium_vxlan', 1500, false],
    ])
    expect(list.slice(5).every(([name]) => /^lxc[0-9a-f]{12}$/.test(String(name)))).toBe(true)
  })

  test('the way to all pods is cilium_host, and a pod knows only its gateway', async () => {
    expect(world.routes('node1').toSorted()).toEqual([
      '10.244.0.0/24 via router(node1) dev cilium_host proto kernel src router(node1)',
      '10.244.1.0/24 via router(node1) dev cilium_host proto kernel src router(node1) mtu 1450',
      '10.244.2.0/24 via router(node1) dev cilium_host proto kernel src router(node1) mtu 1450',
      '192.168.64.0/24 dev eth0 proto kernel scope link src 192.168.64.11',
      'default via 192.168.64.1 dev eth0',
      'router(node1) dev cilium_host proto kernel scope link',
    ])
    const { output } = await world.lab.exec('client', ['ip', 'route'])
    expect(world.plain(output).split('\n')).toEqual([
      'default via router(node1) dev eth0 mtu 1450 ',
      'router(node1) dev eth0 scope link ',
      '',
    ])
  })

  test('pods of one node speak by their cables: neither the stack nor the tunnel sees them', async () => {
    const [cable, other] = [world.cable('client'), world.cable('near')]
    const near = [world.capture('node1', cable), world.capture('node1', other)]
    const host = [world.capture('node1', 'cilium_host'), world.capture('node1', 'cilium_vxlan')]
    expect(await world.get('client', `http://${world.address('near')}`)).toBe('200')
    const handshake = ['IP client.PORT > near.80: [S] 0', 'IP near.80 > client.PORT: [S.] 0']
    expect(near).toEqual([handshake, handshake])
    expect(host).toEqual([[], []])
  })

  test('pods of two nodes speak by the tunnel, whose frames bear the identity of their sender', async () => {
    const tunnel = world.capture('node1', 'cilium_vxlan')
    const ids: number[] = []
    world
      .network('node1')
      .interface('eth0')!
      .capture(({ payload }) => {
        if (payload.kind === 'ipv4' && payload.body.kind === 'udp' && payload.body.encapsulated)
          ids.push(payload.body.encapsulated.id)
      })
    expect(await world.get('client', `http://${world.address('far')}`)).toBe('200')
    expect(tunnel).toEqual(['IP client.PORT > far.80: [S] 0', 'IP far.80 > client.PORT: [S.] 0'])
    expect(ids[0]).toBe(world.identity('client'))
    expect(new Set(ids)).toEqual(new Set([world.identity('client'), world.identity('far')]))
  })

  test('a hop costs a pod one step of its time to live, on one node as on two', async () => {
    for (const name of ['near', 'far']) {
      const { output } = await world.lab.exec('client', ['ping', '-c', '1', world.address(name)])
      expect(output).toMatch(/ttl=63/)
    }
  })

  test('a pod knows how long its packets may be: the tunnel takes 50 bytes', async () => {
    const far = world.address('far')
    const { output } = await world.lab.exec('client', ['ping', '-c', '1', '-M', 'do', '-s', '1430', far])
    expect(output).toContain('ping: local error: message too long, mtu=1450')
    expect((await world.lab.exec('client', ['ping', '-c', '1', '-M', 'do', '-s', '1422', far])).status).toBe(0)
    expect((await world.lab.exec('client', ['tracepath', '-n', far])).output).toContain('Resume: pmtu 1450 hops 2')
  })

  test('a Service is translated at the socket: no packet ever bears its address', async () => {
    const cable = world.capture('node1', world.cable('client'), /\.80: \[S\]/)
    for (let i = 0; i < 12; i++) expect(await world.get('client', 'http://web')).toBe('200')
    expect(new Set(cable)).toEqual(new Set(['IP client.PORT > near.80: [S] 0', 'IP client.PORT > far.80: [S] 0']))
  })

  test('ss shows the pod that a socket was led to, and curl the Service that it asked for', async () => {
    const run = 'curl -sv -o /dev/null http://web 2>&1 | grep Connected; ss -Htan state time-wait | tail -1'
    const { output } = await world.lab.exec('client', ['sh', '-c', run])
    const [connected, socket] = output.trim().split('\n')
    expect(connected).toMatch(/^\* Connected to web \(10\.(9[6-9]|1[01]\d)\.\d+\.\d+\) port 80/)
    expect(world.plain(socket!)).toMatch(/(near|far):80/)
  })

  test('a node port answers from outside on every node, with the address that was asked', async () => {
    for (const node of ['192.168.64.10', '192.168.64.11', '192.168.64.12']) {
      const cable = world.capture('lab', 'eth0', /\.30080.*\[S\.?\]/)
      for (let i = 0; i < 4; i++) {
        const { output } = await world.lab.run('lab', `curl -s -o /dev/null -w '%{http_code}' http://${node}:30080`)
        expect(output).toBe('200')
      }
      expect([...new Set(cable)].map(line => line.replace(/192\.168\.64\.1(?=\.PORT)/, 'lab'))).toEqual([
        `IP lab.PORT > ${node}.30080: [S] 0`,
        `IP ${node}.30080 > lab.PORT: [S.] 0`,
      ])
    }
  })

  test('a node port of any node is translated where the client is', async () => {
    const lan = world.capture('node1', 'eth0', /30080/)
    expect(await world.get('client', 'http://192.168.64.10:30080')).toBe('200')
    expect((await world.lab.run('node1', 'curl -s -o /dev/null -w "%{http_code}" localhost:30080')).output).toBe('200')
    expect(lan).toEqual([])
  })

  test('a pod reaches the world under the address of its node', async () => {
    const lan = world.capture('lab', 'eth0', /ICMP/)
    await world.lab.exec('client', ['ping', '-c', '1', '-W', '1', '192.168.64.1'])
    expect(lan.map(line => line.replace(/id \d+/, 'id ID'))).toEqual([
      'IP 192.168.64.11 > 192.168.64.1: ICMP echo request, id ID, seq 1, length 64',
      'IP 192.168.64.1 > 192.168.64.11: ICMP echo reply, id ID, seq 1, length 64',
    ])
  })

  test('a machine outside that knows the way to the pods of a node speaks with them directly', async () => {
    await world.lab.run('lab', 'ip route add 10.244.0.0/24 via 192.168.64.11')
    const lan = world.capture('lab', 'eth0', /(near\.80: \[S\]|near\.80 >.*\[(S\.|P\.)\])/)
    const code = `curl -s -o /dev/null -m 2 -w '%{http_code}' http://${world.address('near')}`
    expect((await world.lab.run('lab', code)).output).toBe('200')
    expect(lan.map(line => line.replace(/\d+$/, 'LENGTH'))).toEqual([
      'IP 192.168.64.1.PORT > near.80: [S] LENGTH',
      'IP near.80 > 192.168.64.1.PORT: [S.] LENGTH',
      'IP near.80 > 192.168.64.1.PORT: [P.] LENGTH',
    ])
    await world.lab.run('lab', 'ip route del 10.244.0.0/24')
  })

  test('nobody answers a ping to the address of a Service', async () => {
    const { output } = await world.lab.exec('client', ['ping', '-c', '1', '-W', '1', 'web'])
    expect(output).toMatch(/100% packet loss/)
  })

  test('there are rules of Cilium in netfilter, but no kube-proxy and none of its chains', async () => {
    const rules = world.rules('node1')
    expect(rules).toContain(
      '-A CILIUM_POST_nat -s 10.244.0.0/24 ! -d 10.244.0.0/24 ! -o cilium_+ -m comment --comment "cilium masquerade non-cluster" -j MASQUERADE',
    )
    expect(rules).not.toMatch(/KUBE-(SVC|SEP|SERVICES|NODEPORTS)/)
    const names = world.lab.client.list(pod, { namespace: 'kube-system' }).map(({ metadata }) => metadata.name)
    expect(names.filter(name => name.startsWith('kube-proxy'))).toEqual([])
    expect(names.filter(name => name.startsWith('cilium'))).toHaveLength(4)
  })

  test('a host port is a Service of its node alone', async () => {
    world.lab.createPod('door', {
      nodeName: 'node2',
      containers: [{ name: 'c', image: 'nginx:1.27', ports: [{ containerPort: 80, hostPort: 9080 }] }],
    })
    await world.lab.advance(6)
    const code = (url: string) => world.lab.run('lab', `curl -s -o /dev/null -m 2 -w '%{http_code}' ${url}`)
    expect((await code('http://192.168.64.12:9080')).output).toBe('200')
    expect((await code('http://192.168.64.11:9080')).output).toBe('000')
    expect(await world.get('client', 'http://192.168.64.12:9080')).toBe('200')
  })

  test('a pod that is gone leaves neither cable, address nor endpoint behind', async () => {
    const before = world.network('node1').interfaces.length
    world.createPod('brief', 'node1', { app: 'brief' })
    await world.lab.advance(4)
    expect(world.network('node1').interfaces.length).toBe(before + 1)
    expect(world.endpoint('brief')?.status?.state).toBe('ready')
    world.lab.client.delete(pod, 'brief', 'default')
    await world.lab.advance(4)
    expect(world.network('node1').interfaces.length).toBe(before)
    expect(world.endpoint('brief')).toBeUndefined()
  })

  test('the trace tells which map led a packet where', async () => {
    await world.get('client', `http://${world.address('far')}`)
    const { trace } = world.lab.network
    const isOurs = (text: string) => text.includes('cilium_')
    const flow = trace.latest(({ by, machine }) => machine === 'node1' && isOurs(by))!
    const steps = trace.flow(flow).filter(({ by }) => isOurs(by))
    expect(steps.slice(0, 2).map(({ kind, by }) => [kind, world.plain(by).replace(/\d{3,}$/, 'N')])).toEqual([
      ['route', expect.stringMatching(/^cilium_ipcache far identity=\d+ tunnelendpoint=192\.168\.64\.12$/)],
      ['forward', expect.stringMatching(/^cilium_lxc far -> id=\d+ ifindex=\d+$/)],
    ])
  })
})

describe('Cilium with native routing', () => {
  beforeAll(async () => {
    world = await CiliumWorld.boot('native')
    world.createService('web', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] })
    await world.lab.advance(2)
  })

  test('each node is the gateway to its pods, and there is no tunnel', () => {
    expect(world.network('node1').interface('cilium_vxlan')).toBeUndefined()
    expect(world.routes('node1')).toContain('10.244.1.0/24 via 192.168.64.12 dev eth0 proto kernel')
  })

  test('packets cross the LAN under the addresses of pods', async () => {
    const lan = world.capture('node1', 'eth0')
    expect(await world.get('client', `http://${world.address('far')}`)).toBe('200')
    expect(lan).toEqual(['IP client.PORT > far.80: [S] 0', 'IP far.80 > client.PORT: [S.] 0'])
  })

  test('a connection from outside goes on under the node’s address to a pod of another node', async () => {
    const lan = world.capture('node2', 'eth0', / > far\.80: \[S\]/)
    for (let i = 0; i < 8; i++) {
      const code = "curl -s -o /dev/null -w '%{http_code}' http://192.168.64.11:30080"
      expect((await world.lab.run('lab', code)).output).toBe('200')
    }
    expect(new Set(lan)).toEqual(new Set(['IP 192.168.64.11.PORT > far.80: [S] 0']))
  })

  test('pods reach other nodes under their own address', async () => {
    const lan = world.capture('node2', 'eth0', /ICMP echo request/)
    await world.lab.exec('client', ['ping', '-c', '1', '-W', '1', '192.168.64.12'])
    expect(lan[0]).toMatch(/^IP client > 192\.168\.64\.12/)
  })
})
