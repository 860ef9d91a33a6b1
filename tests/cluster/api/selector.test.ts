import { expect, test } from 'vitest'
import {
  formatRequirements,
  formatSelector,
  matchesRequirements,
  matchesSelector,
  parseSelector,
} from '../../../src/simulator/cluster/api/selector.ts'

const labels = { app: 'shop', tier: 'front', weight: '7' }

test.each([
  ['', true],
  ['app=shop', true],
  ['app==shop,tier!=back', true],
  ['app in (shop, cart)', true],
  ['tier notin (front)', false],
  ['other notin (front)', true],
  ['app,!other', true],
  ['!app', false],
  ['weight>5,weight<8', true],
  ['app>5', false],
  ['in=notin', false],
])('"%s" matches: %s', (text, matches) => {
  expect(matchesRequirements(parseSelector(text), labels)).toBe(matches)
})

test.each([
  ['b=1,a=2', 'a=2,b=1'],
  ['x in (c,a,,a)', 'x in (,a,c)'],
  ['!z,y notin (q)', 'y notin (q),!z'],
])('"%s" is written as "%s"', (text, canonical) => {
  expect(formatRequirements(parseSelector(text))).toBe(canonical)
})

test.each([
  ['app shop', "unable to parse requirement: found 'shop', expected: in, notin, =, ==, !=, gt, lt"],
  ['app in shop', "unable to parse requirement: found 'shop' expected: '('"],
  ['app=shop,', "found '', expected: identifier after ','"],
  [',app', "found ',', expected: !, identifier, or 'end of string'"],
  ['!app=shop', "found '=', expected: ',' or 'end of string'"],
  [
    'app>much',
    "unable to parse requirement: values[0]: Invalid value: \"much\": for 'Gt', 'Lt' operators, the value must be an integer",
  ],
])('"%s" is refused', (text, message) => {
  expect(() => parseSelector(text)).toThrow(message)
})

test('an absent selector of an object matches nothing, an empty one everything', () => {
  expect(matchesSelector(undefined, labels)).toBe(false)
  expect(matchesSelector({}, undefined)).toBe(true)
})

test('expressions of an object match as operators say', () => {
  const matches = (operator: string, values?: string[]) =>
    matchesSelector({ matchExpressions: [{ key: 'tier', operator, ...(values && { values }) }] }, labels)
  expect([matches('In', ['front']), matches('NotIn', ['front']), matches('Exists'), matches('DoesNotExist')]).toEqual([
    true,
    false,
    true,
    false,
  ])
})

test('tables show a selector in one line', () => {
  expect(formatSelector(undefined)).toBe('<none>')
  expect(
    formatSelector({
      matchLabels: { b: '1' },
      matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['y', 'x'] }],
    }),
  ).toBe('a notin (x,y),b=1')
})
