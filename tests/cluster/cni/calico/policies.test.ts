import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { namespace } from '../../../../src/simulator/cluster/kinds/namespace.ts'
import { type NetworkPolicySpec, networkPolicy } from '../../../../src/simulator/cluster/kinds/networkPolicy.ts'
import { pod } from '../../../../src/simulator/cluster/kinds/pod.ts'
import { serviceAccount } from '../../../../src/simulator/cluster/kinds/serviceAccount.ts'
import { listRules } from '../../../../src/simulator/network/netfilter/format.ts'
import { TestCluster } from '../../fixture.ts'

let lab: TestCluster

async function createNamespace(name: string, labels: Record<string, string> = {}): Promise<void> {
  lab.client.create(namespace, { metadata: { name, labels }, spec: { finalizers: ['kubernetes'] } })
  await lab.kernel.advance(10_000, () => lab.client.get(serviceAccount, 'default', name) !== undefined)
}

/** A pod that answers on TCP 80 and 81, UDP 80 and SCTP 80. */
function createPod(name: string, nodeName: string, labels: Record<string, string>, space = 'default'): void {
  const serve = (port: number, protocol: 'TCP' | 'UDP' | 'SCTP') => ({
    name: `serve-${port}-${protocol.toLowerCase()}`,
    image: 'registry.k8s.io/e2e-test-images/agnhost:2.53',
    args: ['porter'],
    env: [{ name: `SERVE_${protocol}_PORT_${port}`, value: 'here' }],
    ports: [{ containerPort: port, protocol, name: `p-${port}-${protocol.toLowerCase()}` }],
  })
  lab.client.create(pod, {
    metadata: { name, namespace: space, labels },
    spec: {
      nodeName,
      terminationGracePeriodSeconds: 0,
      containers: [serve(80, 'TCP'), serve(81, 'TCP'), serve(80, 'UDP'), serve(80, 'SCTP')],
    } as never,
  })
}

beforeAll(async () => {
  lab = await TestCluster.boot({ cni: { plugin: 'calico' } })
  await createNamespace('other', { team: 'b' })
  createPod('web', 'node1', { app: 'web' })
  createPod('near', 'node1', { app: 'near' })
  createPod('far', 'node2', { app: 'far', tier: 'front' })
  createPod('stranger', 'node2', { app: 'near' }, 'other')
  await lab.advance(60)
})

beforeEach(async () => {
  for (const { metadata } of lab.client.list(networkPolicy, {}))
    lab.client.delete(networkPolicy, metadata.name, metadata.namespace)
  await lab.advance(1)
})

async function apply(spec: Partial<NetworkPolicySpec>, name = 'p', space = 'default'): Promise<void> {
  const found = lab.client.get(networkPolicy, name, space)
  const whole = { podSelector: {}, ...spec } as NetworkPolicySpec
  if (found) lab.client.update(networkPolicy, { ...found, spec: whole })
  else lab.client.create(networkPolicy, { metadata: { name, namespace: space }, spec: whole })
  await lab.advance(1)
}

/** `far>web tcp/80`: whether that connection comes about. */
async function reach(question: string): Promise<boolean> {
  const [, from = '', to = '', protocol = '', port = ''] = /^(\w+)>(\w+) (\w+)\/(\d+)$/.exec(question)!
  const spaceOf = (name: string) => (name === 'stranger' ? 'other' : 'default')
  const stream = lab.cluster.apiServer.nodeProxy.get(lab.pod(from, spaceOf(from)).spec.nodeName!)!.exec({
    namespace: spaceOf(from),
    pod: from,
    container: 'serve-80-tcp',
    command: [
      '/agnhost',
      'connect',
      `${lab.pod(to, spaceOf(to)).status.podIP}:${port}`,
      '--timeout=900ms',
      `--protocol=${protocol}`,
    ],
    stdin: false,
    stdout: true,
    stderr: true,
    tty: false,
  })
  return ((await lab.drain(stream)).end as { status: string }).status === 'Success'
}

async function answers(...questions: string[]): Promise<Record<string, boolean>> {
  const result: Record<string, boolean> = {}
  for (const question of questions) result[question] = await reach(question)
  return result
}

function filterOf(machine: string) {
  return lab.cluster.machines.get(machine)!.network.netfilter
}

/** The rules of a chain, without their identifiers. */
function rules(machine: string, chain: string): string[] {
  return listRules(filterOf(machine).table('filter'), chain)
    .slice(1)
    .map(line => line.replace(/ ?-m comment --comment "cali:[\w-]{16}"/, '').replace(/cali[\da-f]{11}/g, 'cali…'))
}

describe('verdicts', () => {
  test('without policies everything passes', async () => {
    expect(await answers('far>web tcp/80', 'far>web udp/80', 'far>web sctp/80', 'stranger>web tcp/81')).toEqual({
      'far>web tcp/80': true,
      'far>web udp/80': true,
      'far>web sctp/80': true,
      'stranger>web tcp/81': true,
    })
  })

  test('a policy that lets nothing in drops in silence, and lets the pod itself speak', async () => {
    await apply({ podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'] })
    expect(await answers('near>web tcp/80', 'far>web tcp/80', 'far>web sctp/80', 'web>far tcp/80')).toEqual({
      'near>web tcp/80': false,
      'far>web tcp/80': false,
      'far>web sctp/80': false,
      'web>far tcp/80': true,
    })
  })

  test('a pod selector means pods of the own namespace', async () => {
    await apply({ ingress: [{ from: [{ podSelector: { matchLabels: { app: 'near' } } }] }] })
    expect(await answers('near>web tcp/80', 'stranger>web tcp/80', 'far>web tcp/80')).toEqual({
      'near>web tcp/80': true,
      'stranger>web tcp/80': false,
      'far>web tcp/80': false,
    })
  })

  test('both selectors in one peer are both asked, and a missing key satisfies NotIn and DoesNotExist', async () => {
    await apply({
      ingress: [
        {
          from: [
            {
              namespaceSelector: { matchLabels: { team: 'b' } },
              podSelector: {
                matchExpressions: [
                  { key: 'tier', operator: 'DoesNotExist' },
                  { key: 'stage', operator: 'NotIn', values: ['test'] },
                ],
              },
            },
          ],
        },
      ],
    })
    expect(await answers('stranger>web tcp/80', 'near>web tcp/80')).toEqual({
      'stranger>web tcp/80': true,
      'near>web tcp/80': false,
    })
  })

  test('ports by number, by range, by name, of one protocol', async () => {
    await apply({
      ingress: [
        {
          ports: [
            { protocol: 'TCP', port: 70, endPort: 80 },
            { protocol: 'TCP', port: 'p-81-tcp' },
            { protocol: 'SCTP', port: 80 },
          ],
        },
      ],
    })
    expect(await answers('far>web tcp/80', 'far>web tcp/81', 'far>web sctp/80', 'far>web udp/80')).toEqual({
      'far>web tcp/80': true,
      'far>web tcp/81': true,
      'far>web sctp/80': true,
      'far>web udp/80': false,
    })
  })

  test('a range of addresses without some of them, outwards', async () => {
    await apply({
      podSelector: { matchLabels: { app: 'web' } },
      policyTypes: ['Egress'],
      egress: [
        { to: [{ ipBlock: { cidr: '10.244.0.0/16', except: [`${lab.pod('near').status.podIP}/32`] } }] },
        { to: [{ ipBlock: { cidr: 'fd00::/8' } }] },
      ],
    })
    expect(await answers('web>far tcp/80', 'web>near tcp/80', 'near>web tcp/80')).toEqual({
      'web>far tcp/80': true,
      'web>near tcp/80': false,
      'near>web tcp/80': true,
    })
  })

  test('both ends must allow: what one lets out another need not let in', async () => {
    await apply({ podSelector: { matchLabels: { app: 'far' } }, policyTypes: ['Egress'], egress: [{}] }, 'out')
    await apply({ podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'] }, 'in')
    expect(await reach('far>web tcp/80')).toBe(false)
    expect(await reach('far>near tcp/80')).toBe(true)
  })

  test('a node reaches its own pods whatever a policy says, so that probes work', async () => {
    await apply({ policyTypes: ['Ingress'] })
    const connect = (machine: string) =>
      lab.run(machine, `curl -s -o /dev/null -m 1 telnet://${lab.pod('web').status.podIP}:80 </dev/null`)
    expect((await connect('node1')).status).not.toBe(28)
    expect((await connect('node2')).status).toBe(28)
  })
})

describe('changes', () => {
  test('labels of pods and namespaces count from the moment they are there', async () => {
    await apply({ ingress: [{ from: [{ namespaceSelector: { matchLabels: { stage: 'new' } } }] }] })
    expect(await reach('stranger>web tcp/80')).toBe(false)
    lab.client.patch(namespace, 'other', undefined, { metadata: { labels: { stage: 'new' } } })
    await lab.advance(1)
    expect(await reach('stranger>web tcp/80')).toBe(true)
    lab.client.patch(namespace, 'other', undefined, { metadata: { labels: { stage: null } } })
    await apply({ ingress: [{ from: [{ podSelector: { matchLabels: { may: 'yes' } } }] }] })
    expect(await reach('far>web tcp/80')).toBe(false)
    lab.client.patch(pod, 'far', 'default', { metadata: { labels: { may: 'yes' } } })
    await lab.advance(1)
    expect(await reach('far>web tcp/80')).toBe(true)
    lab.client.patch(pod, 'far', 'default', { metadata: { labels: { may: null } } })
    await lab.advance(1)
    expect(await reach('far>web tcp/80')).toBe(false)
  })

  test('a connection that stands goes on when a policy forbids new ones', async () => {
    const heard: string[] = []
    const far = lab.network.namespaces.find(
      ({ machine, interfaces }) =>
        machine === 'node2' && addressesOf(interfaces).includes(lab.pod('far').status.podIP!),
    )!
    const web = lab.network.namespaces.find(
      ({ machine, interfaces }) =>
        machine === 'node1' && addressesOf(interfaces).includes(lab.pod('web').status.podIP!),
    )!
    web.sockets.listenTcp({
      port: 9000,
      onConnection: connection => {
        connection.onData = bytes => connection.send(bytes)
      },
    })
    const connection = far.sockets.connectTcp({
      address: web.interface('eth0')!.addresses[0]!.address,
      port: 9000,
      onOpen: () => {},
      onError: code => heard.push(code),
    })
    connection.onData = bytes => heard.push(String(bytes[0]))
    await lab.advance(1)
    connection.send(Uint8Array.of(1))
    await lab.advance(1)
    await apply({ policyTypes: ['Ingress', 'Egress'] })
    connection.send(Uint8Array.of(2))
    await lab.advance(1)
    expect(heard).toEqual(['1', '2'])
    expect(await reach('far>web tcp/80')).toBe(false)
    connection.abort()
  })

  test('a change of one pod touches only the sets that choose it', async () => {
    await apply({ ingress: [{ from: [{ podSelector: { matchLabels: { app: 'near' } } }] }] }, 'one')
    await apply({ ingress: [{ from: [{ podSelector: { matchLabels: { app: 'far' } } }] }] }, 'two')
    const sets = [...filterOf('node1').sets.values()].filter(({ name }) => name.startsWith('cali40s:'))
    expect(sets.map(({ members }) => members).sort()).toEqual(
      [[lab.pod('far').status.podIP], [lab.pod('near').status.podIP]].sort(),
    )
    const before = rules('node1', 'cali-pi-knp/default/one')
    createPod('nearer', 'node2', { app: 'near' })
    await lab.advance(5)
    expect(sets.map(({ size }) => size).sort()).toEqual([1, 2])
    expect(rules('node1', 'cali-pi-knp/default/one')).toEqual(before)
    lab.client.delete(pod, 'nearer', 'default', { gracePeriodSeconds: 0 })
    await lab.advance(2)
    expect(sets.map(({ size }) => size)).toEqual([1, 1])
  })

  test('a policy has chains only where it chooses a pod, and leaves nothing behind', async () => {
    const names = (machine: string) =>
      [...filterOf(machine).table('filter').chains.keys()].filter(name => name.includes('knp'))
    await apply({ podSelector: { matchLabels: { app: 'far' } }, ingress: [{ from: [{ podSelector: {} }] }] })
    expect(names('node1')).toEqual([])
    expect(names('node2')).toEqual(['cali-pi-knp/default/p'])
    await apply({ podSelector: { matchLabels: { app: 'far' } }, policyTypes: ['Egress'] })
    expect(names('node2')).toEqual(['cali-po-knp/default/p'])
    lab.client.delete(networkPolicy, 'p', 'default')
    await lab.advance(1)
    expect(names('node2')).toEqual([])
    expect([...filterOf('node2').sets.keys()].filter(name => name.startsWith('cali40s:'))).toEqual([])
  })
})

describe('chains', () => {
  test('what a policy chain marks as accepted returns, and what is left is dropped', async () => {
    await apply({
      podSelector: { matchLabels: { app: 'web' } },
      ingress: [{ from: [{ podSelector: { matchLabels: { app: 'near' } } }], ports: [{ protocol: 'TCP', port: 80 }] }],
    })
    const chain = [...filterOf('node1').table('filter').chains.values()].find(
      ({ name, rules: all }) =>
        name.startsWith('cali-tw-') &&
        all.some(({ text }) => text.target?.kind === 'jump' && text.target.chain.includes('knp')),
    )!
    expect(rules('node1', chain.name)).toEqual([
      '-A cali-tw-cali… -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      '-A cali-tw-cali… -m conntrack --ctstate INVALID -j DROP',
      '-A cali-tw-cali… -j MARK --set-xmark 0x0/0x30000',
      '-A cali-tw-cali… -m comment --comment "Start of tier default" -j MARK --set-xmark 0x0/0x20000',
      '-A cali-tw-cali… -m mark --mark 0x0/0x20000 -j cali-pi-knp/default/p',
      '-A cali-tw-cali… -m comment --comment "Return if policy accepted" -m mark --mark 0x10000/0x10000 -j RETURN',
      '-A cali-tw-cali… -m comment --comment "End of tier default. Drop if no policies passed packet" -m mark --mark 0x0/0x20000 -j DROP',
      '-A cali-tw-cali… -j cali-pri-kns.default',
      '-A cali-tw-cali… -m comment --comment "Return if profile accepted" -m mark --mark 0x10000/0x10000 -j RETURN',
      '-A cali-tw-cali… -j cali-pri-ksa.default.default',
      '-A cali-tw-cali… -m comment --comment "Return if profile accepted" -m mark --mark 0x10000/0x10000 -j RETURN',
      '-A cali-tw-cali… -m comment --comment "Drop if no profiles matched" -j DROP',
    ])
    expect(rules('node1', 'cali-pi-knp/default/p').map(line => line.replace(/cali40s:\S+/, 'cali40s:…'))).toEqual([
      '-A cali-pi-knp/default/p -p tcp -m comment --comment "KubernetesNetworkPolicy default/p ingress" -m set --match-set cali40s:… src -m multiport --dports 80 -j MARK --set-xmark 0x10000/0x10000',
    ])
    expect(filterOf('node1').table('filter').chains.has('cali-po-knp/default/p')).toBe(false)
  })

  test('its jump stands first again when another program has put itself before it', async () => {
    await lab.run('node1', 'sudo iptables -I FORWARD 1 -j ACCEPT')
    expect(rules('node1', 'FORWARD')[0]).toBe('-A FORWARD -j ACCEPT')
    await lab.advance(91)
    expect(rules('node1', 'FORWARD')[0]).toBe('-A FORWARD -j cali-FORWARD')
    await lab.run('node1', 'sudo iptables -D FORWARD -j ACCEPT')
  })

  test('a felix that starts anew takes over what is there, and sweeps away what has no meaning any more', async () => {
    const { chains } = filterOf('node1').table('filter')
    await apply({ podSelector: { matchLabels: { app: 'web' } }, ingress: [{ from: [{ podSelector: {} }] }] })
    const before = [...chains.keys()].sort()
    await lab.run('node1', 'sudo iptables -N cali-tw-cali00000000000')
    await lab.run('node1', 'sudo ipset create cali40s:old hash:net')
    await lab.run('node1', 'sudo ip route add 10.99.0.0/26 via 192.168.64.12 proto bird')
    const daemon = lab.client
      .list(pod, { namespace: 'kube-system', labels: { 'k8s-app': 'calico-node' } })
      .find(({ spec }) => spec.nodeName === 'node1')!
    lab.client.delete(pod, daemon.metadata.name, 'kube-system')
    await lab.advance(20)
    expect([...chains.keys()].sort()).toEqual(before)
    expect([...filterOf('node1').sets.keys()].filter(name => name.startsWith('cali40s:'))).toHaveLength(1)
    expect((await lab.run('node1', 'ip route')).output).not.toContain('10.99.0.0')
    expect(await answers('near>web tcp/80', 'stranger>web tcp/80')).toEqual({
      'near>web tcp/80': true,
      'stranger>web tcp/80': false,
    })
  })

  test('a rule keeps its counters when others of its chain change', async () => {
    const allow = (app: string) => ({ from: [{ podSelector: { matchLabels: { app } } }] })
    await apply({ podSelector: { matchLabels: { app: 'web' } }, ingress: [allow('far')] })
    await reach('far>web tcp/80')
    const counted = () => filterOf('node1').table('filter').chain('cali-pi-knp/default/p').rules[0]!.packets
    expect(counted()).toBeGreaterThan(0)
    await apply({ podSelector: { matchLabels: { app: 'web' } }, ingress: [allow('far'), allow('near')] })
    expect(counted()).toBeGreaterThan(0)
  })
})

function addressesOf(interfaces: readonly { readonly addresses: readonly { readonly address: number }[] }[]): string[] {
  return interfaces.flatMap(({ addresses }) =>
    addresses.map(({ address }) => [24, 16, 8, 0].map(shift => (address >>> shift) & 255).join('.')),
  )
}
