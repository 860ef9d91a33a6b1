import { beforeAll, describe, expect, test } from 'vitest'
import { Lab } from '#simulator/lab.ts'
import { readLabDefinition } from '#simulator/labDefinition.ts'

let lab: Lab

async function run(command: string): Promise<string> {
  const { stdout, stderr } = await lab.run(command)
  return (stdout + stderr).trimEnd()
}

async function define(name: string, configuration: object): Promise<void> {
  const config = JSON.stringify({ cniVersion: '0.3.1', ...configuration })
  const object = {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: { name },
    spec: { config },
  }
  expect(await run(`kubectl apply -f - <<'EOT'\n${JSON.stringify(object)}\nEOT`)).toContain('created')
}

async function start(name: string, node: string, networks: string): Promise<void> {
  const metadata = { name, annotations: { 'k8s.v1.cni.cncf.io/networks': networks } }
  const containers = [{ name: 'c', image: 'nicolaka/netshoot:v0.13', command: ['sleep', 'infinity'] }]
  const object = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: node, containers } }
  await run(`kubectl apply -f - <<'EOT'\n${JSON.stringify(object)}\nEOT`)
  await lab.settle()
}

const pool = (first: number, last: number) => ({
  type: 'host-local',
  subnet: '192.168.64.0/24',
  rangeStart: `192.168.64.${first}`,
  rangeEnd: `192.168.64.${last}`,
})
const answers = async (pod: string, address: string) =>
  (await run(`kubectl exec ${pod} -- ping -c 1 -W 1 ${address}`)).includes(' 0% packet loss')

beforeAll(async () => {
  lab = await Lab.boot(readLabDefinition('cni: multus'), 1)
  await define('wire', { type: 'macvlan', master: 'eth0', mode: 'bridge', ipam: pool(200, 209) })
  await define('shared', { type: 'ipvlan', master: 'eth0', ipam: pool(210, 219) })
  await define('storage', {
    type: 'bridge',
    bridge: 'br-storage',
    ipam: { type: 'host-local', subnet: '10.99.0.0/24' },
  })
  await define('fixed', {
    type: 'bridge',
    bridge: 'br-storage',
    ipam: { type: 'static', addresses: [{ address: '10.99.0.77/24' }] },
  })
})

test('its configuration stands before that of flannel, and holds it', async () => {
  expect(await run('ssh node1 ls /etc/cni/net.d')).toBe('00-multus.conf\n10-flannel.conflist')
  const text = await run('ssh node1 cat /etc/cni/net.d/00-multus.conf')
  expect(JSON.parse(text)).toMatchObject({ name: 'multus-cni-network', type: 'multus', delegates: [{ name: 'cbr0' }] })
})

test('a pod that asks for nothing has the usual interface only', async () => {
  await run(`kubectl run plain --image=nicolaka/netshoot:v0.13 -- sleep infinity`)
  await lab.settle()
  expect((await run('kubectl exec plain -- ip -br link')).split('\n')).toHaveLength(2)
})

describe('a second interface', () => {
  beforeAll(async () => {
    await start('one', 'node1', 'wire')
    await start('two', 'node1', 'wire,storage@disk0')
    await start('three', 'node2', '[{"name":"shared","interface":"lan0"}]')
  })

  test('is called net1 unless the pod says otherwise', async () => {
    expect(await run('kubectl exec one -- ip -4 -br addr')).toMatch(
      /eth0@if\d+ .*10\.244\.1\.\d+\/24 *\nnet1@if2 .*192\.168\.64\.200\/24/,
    )
    expect(await run('kubectl exec two -- ip -4 -br addr')).toMatch(
      /net1@if2 .*192\.168\.64\.201\/24 *\ndisk0@if\d+ .*10\.99\.0\.2\/24/,
    )
    expect(await run('kubectl exec three -- ip -4 -br addr')).toMatch(/lan0@if2 .*192\.168\.64\.210\/24/)
  })

  test('leaves the default route where it is', async () => {
    expect(await run('kubectl exec one -- ip route show default')).toBe('default via 10.244.1.1 dev eth0')
  })

  test('of macvlan or ipvlan stands on the LAN, where all but its own node hear it', async () => {
    expect(await answers('one', '192.168.64.1')).toBe(true)
    expect(await answers('one', '192.168.64.12')).toBe(true)
    expect(await answers('one', '192.168.64.201')).toBe(true)
    expect(await answers('one', '192.168.64.210')).toBe(true)
    expect(await answers('one', '192.168.64.11')).toBe(false)
    expect(await answers('three', '192.168.64.12')).toBe(false)
    expect(await run('ping -c 1 -W 1 192.168.64.210')).toContain(' 0% packet loss')
  })

  test('of ipvlan has the Ethernet address of the node, of macvlan its own', async () => {
    const mac = async (place: string, link: string) =>
      /link\/ether (\S+)/.exec(await run(`${place} ip link show ${link}`))![1]
    expect(await mac('kubectl exec three --', 'lan0')).toBe(await mac('ssh node2', 'eth0'))
    expect(await mac('kubectl exec one --', 'net1')).not.toBe(await mac('ssh node1', 'eth0'))
  })

  test('is named in the status annotation and in an event', async () => {
    const text = await run(
      `kubectl get pod two -o jsonpath='{.metadata.annotations.k8s\\.v1\\.cni\\.cncf\\.io/network-status}'`,
    )
    expect(JSON.parse(text)).toMatchObject([
      { name: 'cbr0', interface: 'eth0', default: true },
      { name: 'default/wire', interface: 'net1', ips: ['192.168.64.201'] },
      { name: 'default/storage', interface: 'disk0', ips: ['10.99.0.2'] },
    ])
    expect(await run('kubectl get events --field-selector involvedObject.name=two,reason=AddedInterface')).toContain(
      'Add disk0 [10.99.0.2/24] from default/storage',
    )
  })

  test('goes with its pod, and so does its address', async () => {
    await run('kubectl delete pod two --now')
    await lab.settle()
    expect(await run('ssh node1 ls /var/lib/cni/networks/wire')).not.toContain('192.168.64.201')
    expect(await run('ssh node1 ip link show master br-storage')).toBe('')
  })
})

test('a host port leads to the usual interface of its pod', async () => {
  const spec = {
    nodeName: 'node2',
    containers: [{ name: 'c', image: 'nginx:1.27', ports: [{ containerPort: 80, hostPort: 9080 }] }],
  }
  await run(`kubectl run door --image=nginx:1.27 --overrides='${JSON.stringify({ spec })}'`)
  await lab.settle()
  expect(await run("curl -s -o /dev/null -m 2 -w '%{http_code}' http://192.168.64.12:9080")).toBe('200')
})

test('an address may be fixed', async () => {
  await start('still', 'node1', 'fixed')
  expect(await run('kubectl exec still -- ip -4 -br addr show net1')).toContain('10.99.0.77/24')
})

test.each([
  [
    'nowhere',
    'Multus: [default/broken-0/UID]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: failed getting the delegate: getKubernetesDelegate: cannot find a network-attachment-definition (nowhere) in namespace (default): network-attachment-definitions.k8s.cni.cncf.io "nowhere" not found',
  ],
  [
    'far/wire',
    'cannot find a network-attachment-definition (wire) in namespace (far): network-attachment-definitions.k8s.cni.cncf.io "wire" not found',
  ],
  ['a@b@c', "parsePodNetworkAnnotation: parsePodNetworkObjectName: Invalid network object (failed at '@')"],
  [
    'eth9',
    '[default/broken-3/UID:eth9]: error adding container to network "eth9": failed to lookup master "eth9": Link not found',
  ],
  ['absent', 'error adding container to network "absent": failed to find plugin "sriov" in path [/opt/cni/bin]'],
])('a pod that asks for %s waits, and an event says why', async (networks, message) => {
  const index = ['nowhere', 'far/wire', 'a@b@c', 'eth9', 'absent'].indexOf(networks)
  if (networks === 'eth9') await define('eth9', { type: 'macvlan', master: 'eth9', ipam: pool(220, 229) })
  if (networks === 'absent') await define('absent', { type: 'sriov' })
  await start(`broken-${index}`, 'node1', networks)
  const events = await run(
    `kubectl get events --field-selector involvedObject.name=broken-${index},reason=FailedCreatePodSandBox -o jsonpath='{.items[0].message}'`,
  )
  expect(events.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UID')).toContain(message)
  expect(events).toContain('plugin type="multus" name="multus-cni-network" failed (add): ')
  expect(await run(`kubectl get pod broken-${index} --no-headers`)).toContain('ContainerCreating')
  await run(`kubectl delete pod broken-${index} --now`)
})
