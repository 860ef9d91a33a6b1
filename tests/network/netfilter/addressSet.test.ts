import { expect, test } from 'vitest'
import { parsePrefix } from '#simulator/network/address.ts'
import { AddressSet, type SetEntry } from '#simulator/network/netfilter/addressSet.ts'
import { ip } from '../world.ts'

function entry(text: string, port?: number, protocol?: 'tcp' | 'udp' | 'sctp'): SetEntry {
  return { prefix: parsePrefix(text)!, ...(port !== undefined && { port }), ...(protocol && { protocol }) }
}

test('an address is in a set by itself or by any prefix that holds it', () => {
  const set = new AddressSet('some', 'hash:net')
  for (const text of ['10.0.0.1', '10.1.0.0/16', '200.1.2.128/25']) set.add(entry(text))
  const has = (text: string) => set.has(ip(text), 'tcp', 80)
  expect(['10.0.0.1', '10.1.255.255', '200.1.2.129'].map(has)).toEqual([true, true, true])
  expect(['10.0.0.2', '10.2.0.0', '200.1.2.127'].map(has)).toEqual([false, false, false])
})

test('with a port, protocol and port count as well', () => {
  const set = new AddressSet('some', 'hash:ip,port')
  set.add(entry('10.0.0.1', 80, 'sctp'))
  set.add(entry('10.0.0.1', 81))
  expect(set.has(ip('10.0.0.1'), 'sctp', 80)).toBe(true)
  expect(set.has(ip('10.0.0.1'), 'tcp', 80)).toBe(false)
  expect(set.has(ip('10.0.0.1'), 'tcp', 81)).toBe(true)
  expect(set.has(ip('10.0.0.1'), 'tcp', undefined)).toBe(false)
})

test('members come and go', () => {
  const set = new AddressSet('some', 'hash:net')
  expect(set.add(entry('10.0.0.0/8'))).toBe(true)
  expect(set.add(entry('10.0.0.0/8'))).toBe(false)
  expect(set.members).toEqual(['10.0.0.0/8'])
  expect(set.remove(entry('10.0.0.0/8'))).toBe(true)
  expect(set.remove(entry('10.0.0.0/8'))).toBe(false)
  expect(set.has(ip('10.0.0.1'), 'tcp', 80)).toBe(false)
  set.add(entry('10.0.0.1'))
  set.clear()
  expect([set.size, set.has(ip('10.0.0.1'), 'tcp', 80)]).toEqual([0, false])
})
