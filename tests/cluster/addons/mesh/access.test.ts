import { expect, test } from 'vitest'
import { isAllowed } from '#simulator/cluster/addons/mesh/access.ts'
import type { AccessPolicy } from '#simulator/cluster/addons/mesh/settings.ts'

const facts = {
  identity: 'spiffe://cluster.local/ns/shop/sa/cart',
  method: 'GET',
  path: '/info/x',
  host: 'web',
  port: '80',
}
const allow = (rules: AccessPolicy['rules']): AccessPolicy => ({ name: 'a', action: 'ALLOW', rules })
const deny = (rules: AccessPolicy['rules']): AccessPolicy => ({ name: 'd', action: 'DENY', rules })

test.each<[string, AccessPolicy[], boolean]>([
  ['without policies everything passes', [], true],
  ['an allowing policy without rules lets nobody in', [allow([])], false],
  ['an empty rule is for everybody', [allow([{}])], true],
  ['a namespace', [allow([{ namespaces: ['shop'] }])], true],
  ['another namespace', [allow([{ namespaces: ['bank'] }])], false],
  ['an identity', [allow([{ identities: ['cluster.local/ns/shop/sa/cart'] }])], true],
  ['the beginning of a path', [allow([{ paths: ['/info*'] }])], true],
  ['the end of a path', [allow([{ paths: ['*/y'] }])], false],
  ['all conditions of a rule', [allow([{ methods: ['GET'], ports: ['81'] }])], false],
  ['one rule of several', [allow([{ ports: ['81'] }, { methods: ['GET'] }])], true],
  ['denying comes first', [allow([{}]), deny([{ methods: ['GET'] }])], false],
  ['denying what is not there', [deny([{ methods: ['POST'] }])], true],
  ['everybody but one', [deny([{ notNamespaces: ['shop'] }])], true],
])('%s', (_, policies, expected) => {
  expect(isAllowed(policies, facts)).toBe(expected)
})

test('who has no identity is in no namespace', () => {
  const stranger = { ...facts, identity: undefined }
  expect(isAllowed([allow([{ namespaces: ['shop'] }])], stranger)).toBe(false)
  expect(isAllowed([deny([{ notNamespaces: ['shop'] }])], stranger)).toBe(false)
})
