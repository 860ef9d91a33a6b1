import { expect, test } from 'vitest'
import { parseRule } from '#simulator/network/netfilter/parse.ts'
import { Rule } from '#simulator/network/netfilter/rule.ts'
import { RuleIndex } from '#simulator/network/netfilter/ruleIndex.ts'
import { Chain } from '#simulator/network/netfilter/table.ts'
import type { Ipv4Packet } from '#simulator/network/packet.ts'
import { ip } from '../world.ts'

function packet(destination: string, port: number): Ipv4Packet {
  const body = { kind: 'udp', sourcePort: 1, destinationPort: port, data: new Uint8Array(0) } as const
  return {
    kind: 'ipv4',
    source: ip('10.0.0.1'),
    destination: ip(destination),
    ttl: 64,
    id: 1,
    tos: 0,
    dontFragment: false,
    protocol: 'udp',
    body,
    flow: 1,
    serial: 1,
  }
}

const texts = [
  '-d 10.0.0.2 -p udp -m udp --dport 53 -j ACCEPT',
  '-p udp -m udp --dport 53 -j DROP',
  '-d 10.0.0.0/8 -j RETURN',
  '-d 10.0.0.3 -j ACCEPT',
  '! -d 10.0.0.2 -j ACCEPT',
  '-p udp -m udp ! --dport 53 -j ACCEPT',
  '-p udp -m udp --dport 50:60 -j ACCEPT',
  '-d 200.0.0.2 -j ACCEPT',
]

test('the index finds the rules that a packet may match, in the order of the chain', () => {
  const rules = texts.map(text => new Rule(parseRule(text)))
  const index = new RuleIndex(rules)
  const found = (destination: string, port: number) =>
    index.find(packet(destination, port)).map(each => rules.indexOf(each))
  expect(found('10.0.0.2', 53)).toEqual([0, 1, 2, 4, 5, 6])
  expect(found('10.0.0.3', 80)).toEqual([2, 3, 4, 5, 6])
  expect(found('200.0.0.2', 53)).toEqual([1, 2, 4, 5, 6, 7])
})

test('a chain writes its rules when someone first looks, and its index follows changes', () => {
  let count = 0
  const chain = new Chain('LONG', undefined, () => {
    count++
    return Array.from({ length: 40 }, (_, i) => new Rule(parseRule(`-d 10.0.0.${i} -j ACCEPT`)))
  })
  expect(count).toBe(0)
  expect(chain.rulesFor(packet('10.0.0.7', 1))).toEqual([chain.rules[7]])
  expect(count).toBe(1)
  chain.rules = chain.rules.with(3, new Rule(parseRule('-d 10.0.0.7 -j DROP')))
  expect(chain.rulesFor(packet('10.0.0.7', 1))).toEqual([chain.rules[3], chain.rules[7]])
})
