import { describe, expect, test } from 'vitest'
import { parseJsonPath, relaxedPath } from '../../../src/simulator/cluster/api/jsonPath.ts'

const pods = {
  kind: 'List',
  items: [
    { metadata: { name: 'a', labels: { 'app.kubernetes.io/name': 'x' } }, spec: { ports: [80, 443], on: true } },
    { metadata: { name: 'b' }, spec: { ports: [8080], on: false } },
    { metadata: { name: 'c' }, spec: { ports: [] } },
  ],
}

describe('what a template finds', () => {
  test.each([
    ['{.kind}', 'List'],
    ['kind: {.kind}!', 'kind: List!'],
    ['{.items[*].metadata.name}', 'a b c'],
    ['{.items[0].metadata.name}', 'a'],
    ['{.items[-1].metadata.name}', 'c'],
    ['{.items[0:2].metadata.name}', 'a b'],
    ['{.items[1:].metadata.name}', 'b c'],
    ['{.items[::2].metadata.name}', 'a c'],
    ['{.items[0,2].metadata.name}', 'a c'],
    ["{.items[*]['metadata.name','spec.on']}", 'a b c true false'],
    ['{..name}', 'a b c'],
    ['{.items[?(@.spec.on==true)].metadata.name}', 'a'],
    ['{.items[0].spec.ports[?(@>=443)]}', '443'],
    ["{.items[?(@.metadata.name!='a')].metadata.name}", 'b c'],
    ['{.items[?(@.metadata.labels)].metadata.name}', 'a'],
    ['{.items[0].metadata.labels.app\\.kubernetes\\.io/name}', 'x'],
    ["{.items[0].metadata.labels['app\\.kubernetes\\.io/name']}", 'x'],
    ['{range .items[*]}{.metadata.name}={.spec.ports}{"\\n"}{end}', 'a=[80,443]\nb=[8080]\nc=[]\n'],
    ['{range .items[*]}{.metadata.name}{"\\t"}{end}', 'a\tb\tc\t'],
    ['{.items[0].metadata}', '{"name":"a","labels":{"app.kubernetes.io/name":"x"}}'],
    ['{.nothing}', ''],
  ])('%s', (template, text) => {
    expect(parseJsonPath(template).format(pods)).toBe(text)
  })

  test('a missing field is an error where that is asked for', () => {
    expect(() => parseJsonPath('{.nothing}', false).format(pods)).toThrow('nothing is not found')
  })

  test('an index beyond the end is an error', () => {
    expect(() => parseJsonPath('{.items[7]}').format(pods)).toThrow('array index out of bounds: index 7, length 3')
  })
})

describe('what is no template', () => {
  test.each([
    ['{.items[*', 'unterminated array'],
    ['{.items', 'unclosed action'],
    ["{'open}", 'unterminated quoted string'],
    ['{.items[?(@.a==1]}', 'unterminated filter'],
  ])('%s', (template, message) => {
    expect(() => parseJsonPath(template)).toThrow(message)
  })

  test('an end without a range', () => {
    const path = parseJsonPath('{range .items[*]}x{end}y{end}')
    expect(() => path.format(pods)).toThrow('not in range, nothing to end')
  })
})

test('what follows a range without an end is printed once more, as kubectl 1.36.3 does', () => {
  expect(parseJsonPath('{range .items[*]}x').format(pods)).toBe('xxxx')
})

test.each([
  ['.metadata.name', '{.metadata.name}'],
  ['metadata.name', '{.metadata.name}'],
  ['{metadata.name}', '{.metadata.name}'],
  ['{.metadata.name}', '{.metadata.name}'],
])('columns and sort keys may be written %s', (short, whole) => {
  expect(relaxedPath(short)).toBe(whole)
})
