import { expect, test } from 'vitest'
import type { Pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { hostnameOf, hostsFile, resolverFile } from '../../../src/simulator/cluster/kubelet/hostFiles.ts'

const node = 'nameserver 192.168.64.1\n'

function podWith(spec: Partial<Pod['spec']>): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'shop', uid: '1', resourceVersion: '1', creationTimestamp: '' },
    spec: { containers: [], ...spec },
    status: {},
  }
}

test('a pod asks the cluster for names, in its own namespace first', () => {
  expect(resolverFile(podWith({}), node)).toBe(
    'search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n',
  )
})

test.each([
  ['Default', { dnsPolicy: 'Default' }],
  ['ClusterFirst on the host network', { hostNetwork: true }],
])('with policy %s it asks whom its node asks', (_, spec) => {
  expect(resolverFile(podWith(spec), node)).toBe(node)
})

test('with policy None only its own configuration counts', () => {
  const dnsConfig = { nameservers: ['10.96.0.10'], searches: ['a.b'], options: [{ name: 'ndots', value: '2' }] }
  expect(resolverFile(podWith({ dnsPolicy: 'None', dnsConfig }), node)).toBe(
    'search a.b\nnameserver 10.96.0.10\noptions ndots:2\n',
  )
})

test('its own options replace those of the policy', () => {
  const dnsConfig = { options: [{ name: 'ndots', value: '1' }, { name: 'single-request' }] }
  expect(resolverFile(podWith({ dnsConfig }), node)).toMatch(/options ndots:1 single-request\n$/)
})

test('the hosts file names the pod, with its subdomain when it has one', () => {
  const spec = { hostname: 'alpha', subdomain: 'heads' }
  const text = hostsFile(podWith(spec), '10.244.1.5', hostnameOf(podWith(spec), 'node1'), '')
  expect(text).toMatch(/^# Kubernetes-managed hosts file\.\n127\.0\.0\.1\tlocalhost\n/)
  expect(text).toMatch(/\n10\.244\.1\.5\talpha\.heads\.shop\.svc\.cluster\.local\talpha\n$/)
})

test('on the host network a pod has the name and the hosts of its node, and its own aliases', () => {
  const pod = podWith({ hostNetwork: true, hostAliases: [{ ip: '1.2.3.4', hostnames: ['a', 'b'] }] })
  expect(hostnameOf(pod, 'node1')).toBe('node1')
  expect(hostsFile(pod, '192.168.64.11', 'node1', '127.0.0.1\tlocalhost\n')).toBe(
    '# Kubernetes-managed hosts file (host network).\n127.0.0.1\tlocalhost\n\n# Entries added by HostAliases.\n1.2.3.4\ta\tb\n',
  )
})
