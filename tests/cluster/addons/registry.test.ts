import { expect, test } from 'vitest'
import { Clock } from '../../../src/simulator/clock.ts'
import { installBootstrapObjects, keepBootstrapObjects } from '../../../src/simulator/cluster/addons/bootstrap.ts'
import { type AddonSettings, installAddons } from '../../../src/simulator/cluster/addons/registry.ts'
import { staticPodManifests } from '../../../src/simulator/cluster/addons/staticPods.ts'
import { ApiServer } from '../../../src/simulator/cluster/apiserver/apiServer.ts'
import type { Client } from '../../../src/simulator/cluster/client.ts'
import { installFlannel } from '../../../src/simulator/cluster/cni/flannel/manifest.ts'
import { clusterRole } from '../../../src/simulator/cluster/kinds/clusterRole.ts'
import { clusterRoleBinding } from '../../../src/simulator/cluster/kinds/clusterRoleBinding.ts'
import { configMap } from '../../../src/simulator/cluster/kinds/configMap.ts'
import { daemonSet } from '../../../src/simulator/cluster/kinds/daemonSet.ts'
import { endpointSlice } from '../../../src/simulator/cluster/kinds/endpointSlice.ts'
import { namespace } from '../../../src/simulator/cluster/kinds/namespace.ts'
import { service } from '../../../src/simulator/cluster/kinds/service.ts'
import { Random } from '../../../src/simulator/random.ts'
import { epoch } from '../controllers/controlPlane.ts'

function install(changes: Partial<AddonSettings> = {}): Client {
  const apiServer = new ApiServer({ clock: new Clock(), random: new Random(1), epoch })
  const client = apiServer.client('kubernetes-admin')
  const settings = {
    proxy: 'iptables',
    installNetwork: (client: Client) => installFlannel(client, 'vxlan', '10.244.0.0/16'),
    address: '192.168.64.10',
    certificate: 'certificate',
    podRange: '10.244.0.0/16',
    serviceRange: '10.96.0.0/12',
    clusterDns: '10.96.0.10',
    ...changes,
  }
  installAddons(client, settings)
  installAddons(client, settings)
  return client
}

test('a fresh cluster has its namespaces and its own Service', () => {
  const client = install()
  expect(
    client
      .list(namespace)
      .map(({ metadata }) => metadata.name)
      .sort(),
  ).toEqual(['default', 'kube-flannel', 'kube-node-lease', 'kube-public', 'kube-system'])
  expect(client.get(service, 'kubernetes', 'default')!.spec.clusterIP).toBe('10.96.0.1')
  expect(client.get(endpointSlice, 'kubernetes', 'default')).toMatchObject({
    endpoints: [{ addresses: ['192.168.64.10'] }],
    ports: [{ port: 6443 }],
  })
  expect(client.get(service, 'kube-dns', 'kube-system')!.spec.clusterIP).toBe('10.96.0.10')
})

test('the mode of kube-proxy and the backend of flannel stand in their configuration', () => {
  const client = install({
    proxy: 'nftables',
    installNetwork: client => installFlannel(client, 'host-gw', '10.244.0.0/16'),
  })
  expect(client.get(configMap, 'kube-proxy', 'kube-system')!.data!['config.conf']).toMatch(/^mode: nftables$/m)
  expect(client.get(configMap, 'kube-flannel-cfg', 'kube-flannel')!.data!['net-conf.json']).toContain(
    '"Type": "host-gw"',
  )
})

test('without a pod network there is no flannel', () => {
  expect(
    install({ installNetwork: () => {} })
      .list(daemonSet)
      .map(({ metadata }) => metadata.name),
  ).toEqual(['kube-proxy'])
})

test('admin holds what edit and view hold', () => {
  const client = install()
  const rulesOf = (name: string) => client.get(clusterRole, name)!.rules!
  expect(rulesOf('admin')).toEqual(expect.arrayContaining(rulesOf('edit')))
  expect(rulesOf('edit')).toEqual(expect.arrayContaining(rulesOf('view')))
  expect(rulesOf('cluster-admin')[0]).toEqual({ verbs: ['*'], apiGroups: ['*'], resources: ['*'] })
  expect(client.get(clusterRoleBinding, 'system:controller:job-controller')!.subjects).toEqual([
    { kind: 'ServiceAccount', name: 'job-controller', namespace: 'kube-system' },
  ])
})

test('the control plane has a manifest for each of its four parts', () => {
  const manifests = staticPodManifests({
    nodeName: 'control-plane',
    address: '192.168.64.10',
    podRange: '10.244.0.0/16',
    serviceRange: '10.96.0.0/12',
  })
  expect([...manifests.keys()]).toEqual([
    'etcd.yaml',
    'kube-apiserver.yaml',
    'kube-controller-manager.yaml',
    'kube-scheduler.yaml',
  ])
  expect(manifests.get('etcd.yaml')).toContain('--initial-cluster=control-plane=https://192.168.64.10:2380')
})

test('the Service of the API server comes back when someone deletes it', () => {
  const clock = new Clock()
  const client = new ApiServer({ clock, random: new Random(1), epoch }).client('kubernetes-admin')
  installBootstrapObjects(client, '192.168.64.10', '10.96.0.0/12')
  keepBootstrapObjects(client, clock, '192.168.64.10', '10.96.0.0/12')
  client.delete(service, 'kubernetes', 'default')
  client.delete(endpointSlice, 'kubernetes', 'default')
  clock.advance(9000)
  expect(client.list(service)).toEqual([])
  clock.advance(2000)
  expect(client.get(service, 'kubernetes', 'default')!.spec.clusterIP).toBe('10.96.0.1')
  expect(client.list(endpointSlice)).toHaveLength(1)
})
