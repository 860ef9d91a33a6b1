import { expect, test } from 'vitest'
import { optionalAddons } from '#simulator/cluster/addons/registry.ts'
import { networkPlugins } from '#simulator/cluster/cni/registry.ts'
import { addonNames, referenceCluster } from '#simulator/cluster/definition.ts'
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

test('a transcript may ask for more machines', () => {
  expect(readLabSettings({ nodes: '4' }).nodes.map(({ name }) => name)).toEqual([
    'control-plane',
    'node1',
    'node2',
    'node3',
  ])
  expect(() => readLabSettings({ nodes: '9' })).toThrow('% lab: nodes must be a number from 2 to 5, not 9')
})
