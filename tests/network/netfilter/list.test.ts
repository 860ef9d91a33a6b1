import { expect, test } from 'vitest'
import { listTable } from '#simulator/network/netfilter/list.ts'
import { parseRule } from '#simulator/network/netfilter/parse.ts'
import { Rule } from '#simulator/network/netfilter/rule.ts'
import { Table } from '#simulator/network/netfilter/table.ts'

function listed(text: string): string {
  const table = new Table('filter')
  table.newChain('OTHER')
  table.append('FORWARD', new Rule(parseRule(text)))
  return listTable(table, 'FORWARD', { isNumeric: true })[2]!
}

test.each([
  ['-j ACCEPT', 'ACCEPT     0    --  0.0.0.0/0            0.0.0.0/0           '],
  [
    '-d 10.96.0.1/32 -p tcp -m comment --comment "web address" -m tcp --dport 443 -j OTHER',
    'OTHER      6    --  0.0.0.0/0            10.96.0.1            /* web address */ tcp dpt:443',
  ],
  ['! -s 10.244.0.0/16 -g OTHER', 'OTHER      0    -- !10.244.0.0/16        0.0.0.0/0           [goto] '],
  [
    '-m mark ! --mark 0x4000/0x4000 -j RETURN',
    'RETURN     0    --  0.0.0.0/0            0.0.0.0/0            mark match !0x4000/0x4000',
  ],
  ['-p tcp -m tcp --syn -j DROP', 'DROP       6    --  0.0.0.0/0            0.0.0.0/0            tcp flags:0x17/0x02'],
  ['-j MARK --or-mark 0x4000', 'MARK       0    --  0.0.0.0/0            0.0.0.0/0            MARK or 0x4000'],
  ['-j REJECT', 'REJECT     0    --  0.0.0.0/0            0.0.0.0/0            reject-with icmp-port-unreachable'],
  [
    '-m conntrack --ctstate INVALID,NEW',
    '           0    --  0.0.0.0/0            0.0.0.0/0            ctstate INVALID,NEW',
  ],
  [
    '-m conntrack --ctstate NEW --ctorigdst 10.0.0.1',
    '           0    --  0.0.0.0/0            0.0.0.0/0            ctstate NEW ctorigdst 10.0.0.1/32',
  ],
  [
    '-m addrtype --dst-type LOCAL -j OTHER',
    'OTHER      0    --  0.0.0.0/0            0.0.0.0/0            ADDRTYPE match dst-type LOCAL',
  ],
  [
    '-m statistic --mode random --probability 0.5 -j OTHER',
    'OTHER      0    --  0.0.0.0/0            0.0.0.0/0            statistic mode random probability 0.50000000000',
  ],
  [
    '-m recent --rcheck --seconds 10800 --reap --name A -j OTHER',
    'OTHER      0    --  0.0.0.0/0            0.0.0.0/0            recent: CHECK seconds: 10800 reap name: A side: source mask: 255.255.255.255',
  ],
])('%s is listed as %s', (text, line) => {
  expect(listed(text)).toBe(line)
})

test('chains have heads, and with -v counters and interfaces', () => {
  const table = new Table('nat')
  table.newChain('OTHER')
  table.append('PREROUTING', new Rule(parseRule('-i br0 -p udp --dport 30000:30010 -j OTHER'), 123_456, 7))
  table.append('OTHER', new Rule(parseRule('-p tcp -j DNAT --to-destination 10.244.1.3:8080'), 1, 60))
  expect(
    listTable(table, undefined, { isVerbose: true, hasLineNumbers: true }).filter((_, i) => i < 3 || i > 12),
  ).toEqual([
    'Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)',
    'num   pkts bytes target     prot opt in     out     source               destination         ',
    '1     123K     7 OTHER      udp  --  br0    *       anywhere             anywhere             udp dpts:30000:30010',
    'Chain OTHER (1 references)',
    'num   pkts bytes target     prot opt in     out     source               destination         ',
    '1        1    60 DNAT       tcp  --  *      *       anywhere             anywhere             to:10.244.1.3:8080',
  ])
})
