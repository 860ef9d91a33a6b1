import { expect, test } from 'vitest'
import {
  interfaceNameOf,
  policyChainName,
  profileChainName,
  ruleIdentifiers,
  selectorSetName,
} from '#simulator/cluster/cni/calico/identifiers.ts'
import { selectorText } from '#simulator/cluster/cni/calico/selectors.ts'

// What stands on the right was read from real nodes.
test('rules bear the identifiers that felix gives them, each built on the one before', () => {
  expect(ruleIdentifiers('INPUT', ['--jump cali-INPUT'])).toEqual(['Cz_u1IQiXIMmKD4c'])
  expect(ruleIdentifiers('FORWARD', ['--jump cali-FORWARD'])).toEqual(['wUHhoiAYhphO9Mso'])
  expect(
    ruleIdentifiers('FORWARD*appends*', [
      '-m comment --comment "Policy explicitly accepted packet." -m mark --mark 0x10000/0x10000 --jump ACCEPT',
      '--jump MARK --set-mark 0x10000/0x10000',
    ]),
  ).toEqual(['S93hcgKJrXEqnTfs', 'mp77cMpurHhyjLrM'])
  expect(
    ruleIdentifiers('cali-fw-cali112d888c0c2', [
      '-m conntrack --ctstate RELATED,ESTABLISHED --jump ACCEPT',
      '-m conntrack --ctstate INVALID --jump DROP',
    ]),
  ).toEqual(['gxYrST51OJyfBgWw', '6xENQhO2T0QW5LgN'])
})

test('long names become a digest, short ones stay', () => {
  expect(policyChainName('i', 'team-b', 'deny-from-other-ns')).toBe('cali-pi-_qA9lGysOzwIsyVf0V23')
  expect(policyChainName('o', 'x', 'y')).toBe('cali-po-knp/x/y')
  expect(profileChainName('i', 'kns.kube-system')).toBe('cali-pri-kns.kube-system')
  expect(profileChainName('o', 'ksa.kube-system.coredns')).toBe('cali-pro-_u2Tn2rSoAPffvE7JO6')
})

test('the set of a selector is named after the words of the selector', () => {
  const text = selectorText(undefined, {
    namespaces: { matchLabels: { 'kubernetes.io/metadata.name': 'team-b' } },
  })
  expect(text).toBe('(pcns.kubernetes.io/metadata.name == "team-b" && projectcalico.org/orchestrator == "k8s")')
  expect(selectorSetName(text)).toBe('cali40s:a_sG3wUbuH4Nz-nbt4Bl5Dz')
})

test.each([
  [{}, { namespace: 'x' }, '(projectcalico.org/namespace == "x" && projectcalico.org/orchestrator == "k8s")'],
  [
    { matchLabels: { b: '2', a: '1' } },
    { namespaces: {} },
    '(has(projectcalico.org/namespace) && (projectcalico.org/orchestrator == "k8s" && a == "1" && b == "2"))',
  ],
  [
    {
      matchExpressions: [
        { key: 'a', operator: 'NotIn', values: ['z', 'y'] },
        { key: 'b', operator: 'DoesNotExist' },
        { key: 'c', operator: 'Exists' },
        { key: 'd', operator: 'In', values: ['1'] },
      ],
    },
    { namespace: 'x' },
    '(projectcalico.org/namespace == "x" && (projectcalico.org/orchestrator == "k8s" && a not in {"y", "z"} && !has(b) && has(c) && d in {"1"}))',
  ],
])('a selector in Calico’s words: %j', (pods, where, text) => {
  expect(selectorText(pods, where)).toBe(text)
})

test('the node’s end of a cable is named after the pod', () => {
  expect(interfaceNameOf('default', 'left')).toBe('cali2046a0e93dd')
  expect(interfaceNameOf('default', 'left')).toHaveLength(15)
})
