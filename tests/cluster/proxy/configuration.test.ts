import { expect, test } from 'vitest'
import { readConfiguration } from '../../../src/simulator/cluster/proxy/configuration.ts'

test('an empty mode means iptables', () => {
  expect(readConfiguration('mode: ""\nclusterCIDR: 10.244.0.0/16\nnodePortAddresses: null\n')).toEqual({
    mode: 'iptables',
    clusterCidr: '10.244.0.0/16',
    masqueradesAll: false,
    localhostNodePorts: true,
    nodePortAddresses: [],
  })
})

test('the settings of the chosen mode count', () => {
  const text = 'mode: nftables\niptables: {masqueradeAll: false}\nnftables: {masqueradeAll: true}\n'
  expect(readConfiguration(text)).toMatchObject({ mode: 'nftables', masqueradesAll: true })
})

test('unknown modes and broken files are refused', () => {
  expect(() => readConfiguration('mode: userspace')).toThrow(
    'KubeProxyConfiguration.Mode: Invalid value: "userspace": must be iptables, ipvs, nftables or blank',
  )
  expect(() => readConfiguration('mode: [')).toThrow('failed to decode')
})
