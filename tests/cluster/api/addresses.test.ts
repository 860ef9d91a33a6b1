import { expect, test } from 'vitest'
import { checkRoutable, isWithin, parseAddress, parseRange } from '../../../src/simulator/cluster/api/addresses.ts'

test.each(['10.0.0.1', '::1', '2001:db8::ffff', '::ffff:10.0.0.1', '1:2:3:4:5:6:7:8'])('%s is an address', text => {
  expect(parseAddress(text)).toBeDefined()
})

test.each(['10.0.0', '10.0.0.256', '010.0.0.1', '1:2:3', '::1::', 'web', '1:2:3:4:5:6:7:8:9'])('%s is none', text => {
  expect(parseAddress(text)).toBeUndefined()
})

test.each(['10.0.0.0/33', '10.0.0.0', '10.0.0.0/08', '10.0.0.0/8/8', '::/129'])('%s is no range', text => {
  expect(parseRange(text)).toBeUndefined()
})

test('addresses lie within ranges of their own family', () => {
  const range = parseRange('10.96.0.0/12')!
  expect(isWithin(parseAddress('10.111.255.255')!, range)).toBe(true)
  expect(isWithin(parseAddress('10.112.0.0')!, range)).toBe(false)
  expect(isWithin(parseAddress('::1')!, parseRange('0.0.0.0/0')!)).toBe(false)
})

test.each([
  ['127.0.0.1', /loopback/],
  ['0.0.0.0', /^may not be unspecified \(0\.0\.0\.0\)$/],
  ['169.254.1.1', /link-local range/],
  ['224.0.0.5', /link-local multicast/],
])('%s cannot be an endpoint', (text, why) => {
  expect(checkRoutable(text)[0]).toMatch(why)
})
