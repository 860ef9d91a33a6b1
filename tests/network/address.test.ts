import { expect, test } from 'vitest'
import {
  broadcastOf,
  contains,
  formatIpv4,
  formatPrefix,
  isGroupMac,
  maskOf,
  networkOf,
  parseIpv4,
  parsePrefix,
} from '#simulator/network/address.ts'

test.each([
  ['0.0.0.0', 0],
  ['10.244.1.7', 0x0af40107],
  ['192.168.64.255', 0xc0a840ff],
  ['255.255.255.255', 0xffffffff],
])('%s is read and written as an unsigned number', (text, number) => {
  expect(parseIpv4(text)).toBe(number)
  expect(formatIpv4(number)).toBe(text)
})

test.each(['', '10.0.0', '10.0.0.256', '10.0.0.1.2', 'a.b.c.d', '10.0.0.-1', ' 10.0.0.1', '1000.0.0.1'])(
  '%j is no address',
  text => {
    expect(parseIpv4(text)).toBeUndefined()
  },
)

test.each([
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['192.168.64.11', '192.168.64.11/32'],
  ['10.244.1.9/255.255.255.0', '10.244.1.9/24'],
  ['0.0.0.0/0', '0.0.0.0/0'],
])('%s is the prefix %s', (text, expected) => {
  expect(formatPrefix(parsePrefix(text)!)).toBe(expected)
})

test.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/255.0.255.0', 'x/8'])('%s is no prefix', text => {
  expect(parsePrefix(text)).toBeUndefined()
})

test.each([
  ['10.244.0.0/16', '10.244.255.255', true],
  ['10.244.0.0/16', '10.245.0.0', false],
  ['192.168.64.11/32', '192.168.64.11', true],
  ['192.168.64.11/32', '192.168.64.10', false],
  ['0.0.0.0/0', '255.255.255.255', true],
  ['128.0.0.0/1', '127.255.255.255', false],
])('%s holds %s: %s', (prefix, address, expected) => {
  expect(contains(parsePrefix(prefix)!, parseIpv4(address)!)).toBe(expected)
})

test('a prefix has a network, a mask and a last address', () => {
  const prefix = parsePrefix('192.168.64.77/26')!
  expect(formatPrefix(networkOf(prefix))).toBe('192.168.64.64/26')
  expect(formatIpv4(maskOf(26))).toBe('255.255.255.192')
  expect(formatIpv4(broadcastOf(prefix))).toBe('192.168.64.127')
  expect(maskOf(0)).toBe(0)
})

test.each([
  ['ff:ff:ff:ff:ff:ff', true],
  ['01:00:5e:00:00:01', true],
  ['0b:00:00:00:00:00', true],
  ['36:01:98:34:02:00', false],
  ['0a:00:00:00:00:00', false],
  ['de:be:33:2f:9e:e0', false],
])('%s stands for a group: %s', (mac, expected) => {
  expect(isGroupMac(mac)).toBe(expected)
})
