import { expect, test } from 'vitest'
import { optionalAddons } from '#simulator/cluster/addons/registry.ts'
import { networkPlugins } from '#simulator/cluster/cni/registry.ts'
import { addonNames, referenceCluster } from '#simulator/cluster/definition.ts'
import { Lab } from '#simulator/lab.ts'
import { LabDefinitionError, readLabDefinition, readLabSettings } from '#simulator/labDefinition.ts'

test('an empty lab.yaml is the reference cluster', () => {
  expect(readLabDefinition('').cluster).toEqual(referenceCluster)
})

test('settings change the cluster', () => {
  const { cluster } = readLabDefinition('cni: {plugin: flannel, backend: host-gw}\nproxy: nftables\n')
  expect(cluster).toMatchObject({ cni: { plugin: 'flannel', backend: 'host-gw' }, proxy: 'nftables' })
})

test('the settings of a transcript mean the same', () => {
  expect(readLabSettings({ cni: 'bridge', subnet: '10.244.88.0/24' }).cni).toEqual({
    plugin: 'bridge',
    subnet: '10.244.88.0/24',
  })
})

test.each([
  ['cni: [', 'lab.yaml: '],
  ['cluster: 3', 'unknown setting cluster'],
  ['proxy: fast', 'proxy must be iptables, nftables or ipvs, not fast'],
  ['cni: {backend: vxlan}', 'cni.plugin is missing'],
  ['cni: {plugin: flannel, mtu: 9}', 'unknown setting mtu'],
  ['- 1', 'settings with names expected'],
])('%s is refused', (yaml, message) => {
  expect(() => readLabDefinition(yaml)).toThrow(LabDefinitionError)
  expect(() => readLabDefinition(yaml)).toThrow(message)
})

test('add-ons are those that there are', () => {
  expect(readLabDefinition('addons: [metrics-server]\n').cluster.addons).toEqual(['metrics-server'])
  expect(readLabSettings({ addons: 'metrics-server,local-path-provisioner' }).addons).toHaveLength(2)
  expect(() => readLabDefinition('addons: [consul]\n')).toThrow('unknown addon consul (known: ')
  expect(Object.keys(optionalAddons)).toEqual(addonNames)
})

test('what is loaded on demand is what its name says', async () => {
  for (const [name, load] of Object.entries(optionalAddons)) expect((await load()).name).toBe(name)
  for (const [name, load] of Object.entries(networkPlugins)) expect((await load()).name).toBe(name)
})

test('a lab may be on another network', async () => {
  const definition = readLabDefinition('lan: {range: 192.169.1.0/24, nodes: [4, 6, 9]}\naddons: [cloud-provider]\n')
  const lab = await Lab.boot(definition, 1)
  const { stdout } = await lab.run("kubectl get nodes -o jsonpath='{.items[*].status.addresses[0].address}'")
  expect(stdout).toBe('192.169.1.4 192.169.1.6 192.169.1.9')
  await lab.run(
    'kubectl create deployment web --image=nginx:1.27; kubectl expose deployment web --port=80 --type=LoadBalancer',
  )
  await lab.advance(60_000)
  const address = (await lab.run("kubectl get service web -o jsonpath='{.status.loadBalancer.ingress[0].ip}'")).stdout
  expect(address).toBe('192.169.1.200')
  expect((await lab.run(`curl -s ${address} | grep -c Welcome`)).stdout).not.toBe('0\n')
  expect((await lab.run('kubehop trace deploy/web lab --icmp')).stdout).toContain('192.169.1.1')
})

test.each([
  ['lan: {range: 192.169.1.4/24}', 'lan.range must be a network like 192.168.64.0/24, not 192.169.1.4/24'],
  ['lan: {range: 192.169.0.0/16}', 'lan.range must be a network'],
  ['lan: {range: 192.169.1.0/24, nodes: [1, 6]}', 'lan.nodes must be a list of two to five numbers from 2 to 254'],
  ['lan: {range: 192.169.1.0/24, nodes: [4, 4]}', 'lan.nodes has a number twice'],
  ['nodes: 3\nlan: {range: 192.169.1.0/24, nodes: [4, 6]}', 'both say how many nodes there are'],
])('the network %s is refused', (yaml, message) => {
  expect(() => readLabDefinition(yaml)).toThrow(message)
})

test('a transcript may ask for more machines', () => {
  expect(readLabSettings({ nodes: '4' }).nodes.map(({ name }) => name)).toEqual([
    'control-plane',
    'node1',
    'node2',
    'node3',
  ])
  expect(() => readLabSettings({ nodes: '9' })).toThrow('% lab: nodes must be a number from 2 to 5, not 9')
})
