import { expect, test } from 'vitest'
import * as names from '../../../src/simulator/cluster/api/names.ts'

test.each([
  ['web-1', names.checkDns1123Label],
  ['a.b.c', names.checkDns1123Subdomain],
  ['example.com/Role_1', names.checkQualifiedName],
  ['', names.checkLabelValue],
  ['nginx.conf', names.checkConfigMapKey],
  ['MY_VAR', names.checkEnvironmentName],
  ['1 odd name', names.checkRelaxedEnvironmentName],
  ['http-2', names.checkPortName],
  ['*.shop.example', names.checkWildcardSubdomain],
] as const)('"%s" is a fine name for what it names', (name, check) => {
  expect(check(name)).toEqual([])
})

test.each([
  ['Web', names.checkDns1123Label, /^a lowercase RFC 1123 label must consist of/],
  ['a.b', names.checkDns1123Label, /^must not contain dots$/],
  ['a'.repeat(64), names.checkDns1123Label, /^must be no more than 63 characters$/],
  ['-a', names.checkDns1123Subdomain, /^a lowercase RFC 1123 subdomain must/],
  [
    'a/b/c',
    names.checkQualifiedName,
    /with an optional DNS subdomain prefix and '\/' \(e\.g\. 'example\.com\/MyName'\)$/,
  ],
  ['/x', names.checkQualifiedName, /^prefix part must be non-empty$/],
  ['x y', names.checkLabelValue, /^a valid label must be an empty string or/],
  ['..', names.checkConfigMapKey, /^must not be '\.\.'$/],
  ['a=b', names.checkRelaxedEnvironmentName, /other than '='$/],
  ['a--b', names.checkPortName, /^must not contain consecutive hyphens$/],
  ['far-too-long-for-a-port', names.checkPortName, /^must be no more than 15 characters$/],
  ['shop.example', names.checkWildcardSubdomain, /^a wildcard DNS-1123 subdomain must start with '\*\.'/],
] as const)('"%s" is refused with the words of the real server', (name, check, text) => {
  expect(check(name)[0]).toMatch(text)
})

test('port numbers lie between 1 and 65535', () => {
  expect([1, 65535].flatMap(names.checkPort)).toEqual([])
  expect(names.checkPort(0)).toEqual(['must be between 1 and 65535, inclusive'])
  expect(names.checkPort(65536)).toEqual(['must be between 1 and 65535, inclusive'])
})
