import { expect, test } from 'vitest'
import { readConfiguration } from '../../../src/simulator/cluster/proxy/configuration.ts'

test('an empty mode means iptables', () => {
  expect(readConfiguration('mode: ""\nclusterCIDR: 10.244.0.0/16\nnodePortAddresses: null\n')).toEqual({
    mode: 'iptables',
    clusterCidr: '10.244.0.0/16',
    masqueradesAll: false,
    localhostNodePorts: true,
    nodePortAddresses: [],
    ipvs: { scheduler: 'rr', strictArp: false },
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

test('mode ipvs has a scheduler; one that the lab lacks is refused', () => {
  const text = 'mode: ipvs\nipvs: {scheduler: sh, strictARP: true}\n'
  expect(readConfiguration(text).ipvs).toEqual({ scheduler: 'sh', strictArp: true })
  expect(() => readConfiguration('mode: ipvs\nipvs: {scheduler: mh}')).toThrow('scheduler mh is not simulated here')
})
