import { expect, test } from 'vitest'
import { formatRule, listRules, saveTable } from '#simulator/network/netfilter/format.ts'
import { parseRule } from '#simulator/network/netfilter/parse.ts'
import { Rule } from '#simulator/network/netfilter/rule.ts'
import { Table } from '#simulator/network/netfilter/table.ts'

test.each([
  '-d 10.100.170.102/32 -p tcp -m comment --comment "shop/web:http address" -m tcp --dport 80 -j SVC-ZJMBFACUQCTMIK2C',
  '! -s 10.244.0.0/16 -d 10.100.170.102/32 -p tcp -m comment --comment "shop/web" -m tcp --dport 80 -j MARK-MASQ',
  '-m comment --comment "shop/web -> 10.244.1.183:8080" -m statistic --mode random --probability 0.50000000000 -j SEP-A',
  '-p tcp -m comment --comment "shop/web" -m tcp -j DNAT --to-destination 10.244.1.183:8080',
  '-m mark ! --mark 0x4000/0x4000 -j RETURN',
  '-j MARK --set-xmark 0x4000/0x0',
  '-m comment --comment "traffic requiring SNAT" -j MASQUERADE --random-fully',
  '-d 127.0.0.0/8 -p tcp -m tcp --dport 30081 -m nfacct --nfacct-name  localhost_accepted -j EXT',
  '-p tcp -m comment --comment "no local ends" -m addrtype --dst-type LOCAL -m tcp --dport 30090 -j DROP',
  '-m recent --rcheck --seconds 10800 --reap --name SEP-A --mask 255.255.255.255 --rsource -j SEP-A',
  '-m recent --set --name SEP-A --mask 255.255.255.255 --rsource -j ACCEPT',
  '-d 10.104.206.234/32 -p tcp -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable',
  '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  '-m conntrack --ctstate INVALID -m nfacct --nfacct-name  invalid -j DROP',
  '-s 10.244.0.0/16 ! -d 224.0.0.0/4 -m comment --comment "overlay masq" -j MASQUERADE --random-fully',
  '-i br0 ! -o eth+ -p udp -m multiport --dports 53,67:68 -j ACCEPT',
  '-p icmp -m icmp --icmp-type 8 -j ACCEPT',
  '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -g OTHER',
  '-p tcp -m tcp ! --sport 1024:65535 -j LOG --log-prefix "low port: "',
  '-m set ! --match-set local src -j SNAT --to-source 192.168.64.11-192.168.64.14:1024-65535 --random --persistent',
  '-m statistic --mode nth --every 3 --packet 1 -j A',
  '-m physdev --physdev-in veth1 --physdev-is-bridged -j ACCEPT',
  '-m limit --limit 5/min -j ACCEPT',
  '-m limit --limit 1/sec --limit-burst 10 -j ACCEPT',
  '-m iprange --src-range 10.0.0.1-10.0.0.9 -j ACCEPT',
  '-m mac --mac-source 0a:00:00:00:00:01 -j ACCEPT',
  '-m owner --uid-owner 1000 -j ACCEPT',
  '-j CONNMARK --set-xmark 0x1/0xff',
  '-j CT --notrack',
  '-m comment --comment plain',
])('%s is printed as it was read', text => {
  expect(formatRule(parseRule(text))).toBe(text)
})

test.each([
  ['-m tcp -p tcp -d 10.0.0.1 --dport http -j ACCEPT', '-d 10.0.0.1/32 -p tcp -m tcp --dport 80 -j ACCEPT'],
  ['-p udp --dport 53 -j ACCEPT', '-p udp -m udp --dport 53 -j ACCEPT'],
  ['-p sctp --dport 5060 -j ACCEPT', '-p sctp -m sctp --dport 5060 -j ACCEPT'],
  ['--source 10.0.0.7/8 --jump DROP', '-s 10.0.0.0/8 -j DROP'],
  ['-j MARK --or-mark 0x4000', '-j MARK --set-xmark 0x4000/0x4000'],
  ['-j MARK --xor-mark 0x4000', '-j MARK --set-xmark 0x4000/0x0'],
  ['-j MARK --and-mark 0xff', '-j MARK --set-xmark 0x0/0xffffff00'],
  ['-j MARK --set-mark 7', '-j MARK --set-xmark 0x7/0xffffffff'],
  [
    '-m statistic --mode random --probability 0.3333333333 -j A',
    '-m statistic --mode random --probability 0.33333333349 -j A',
  ],
  ['-p tcp --syn -j DROP', '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP'],
  ['-j REJECT', '-j REJECT --reject-with icmp-port-unreachable'],
  ['-p all -j ACCEPT', '-j ACCEPT'],
  ['-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT', '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'],
  ['-m state --state NEW -j ACCEPT', '-m state --state NEW -j ACCEPT'],
  ["-m comment --comment 'x'", '-m comment --comment "\\\'x\\\'"'],
  ['-m limit --limit 3/minute', '-m limit --limit 3/min'],
])('%s becomes %s', (text, expected) => {
  expect(formatRule(parseRule(text))).toBe(expected)
})

test.each([
  ['-p nope -j ACCEPT', 'unknown protocol "nope" specified'],
  ['--frobnicate', 'unknown option "--frobnicate"'],
  ['--dport 80 -j ACCEPT', 'unknown option "--dport"'],
  ['-p tcp --dport 99999', "invalid port/service `99999' specified"],
  ['-s nowhere', "host/network `nowhere' not found"],
  ['-m nope', "Couldn't load match `nope':No such file or directory"],
  ['-j DNAT', 'DNAT: option "--to-destination" must be specified'],
  ['-j', 'option "-j" requires an argument'],
  ['stray', "Bad argument `stray'"],
])('%s is refused: %s', (text, message) => {
  expect(() => parseRule(text)).toThrow(message)
})

function smallTable(): Table {
  const table = new Table('nat')
  table.newChain('ZEBRA')
  table.newChain('APE')
  table.append('PREROUTING', new Rule(parseRule('-j ZEBRA')))
  table.append('APE', new Rule(parseRule('-j RETURN'), 3, 180))
  return table
}

test('a table is saved with its built-in chains first and the others by name', () => {
  expect(saveTable(smallTable(), { counters: true })).toBe(
    [
      '*nat',
      ':PREROUTING ACCEPT [0:0]',
      ':INPUT ACCEPT [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      ':POSTROUTING ACCEPT [0:0]',
      ':APE - [0:0]',
      ':ZEBRA - [0:0]',
      '[0:0] -A PREROUTING -j ZEBRA',
      '[3:180] -A APE -j RETURN',
      'COMMIT',
      '',
    ].join('\n'),
  )
})

test('iptables -S lists one chain, or all', () => {
  expect(listRules(smallTable(), 'PREROUTING')).toEqual(['-P PREROUTING ACCEPT', '-A PREROUTING -j ZEBRA'])
  expect(listRules(smallTable()).slice(3)).toEqual([
    '-P POSTROUTING ACCEPT',
    '-N APE',
    '-N ZEBRA',
    '-A PREROUTING -j ZEBRA',
    '-A APE -j RETURN',
  ])
})
