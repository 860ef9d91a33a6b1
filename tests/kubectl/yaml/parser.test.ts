import { describe, expect, test } from 'vitest'
import { parseYaml } from '../../../src/simulator/kubectl/yaml/parser.ts'

describe('YAML as Kubernetes reads it', () => {
  test.each([
    // YAML 1.1 knows more words for true and false.
    ['yes', true],
    ['Off', false],
    ['n', false],
    ['"yes"', 'yes'],
    ['~', null],
    ['', undefined],
    ['0o17', 15],
    ['017', 15],
    ['0x1F', 31],
    ['1_000', 1000],
    ['1e3', 1000],
    ['.5', 0.5],
    ['1.27', 1.27],
    ['1.27.1', '1.27.1'],
    ['80:80', '80:80'],
    ['2001-01-01', '2001-01-01'],
    ['a: &x {b: 1}\nc: *x', { a: { b: 1 }, c: { b: 1 } }],
    ['a: &x {b: 1}\nc: {<<: *x, d: 2}', { a: { b: 1 }, c: { b: 1, d: 2 } }],
    ['- a\n-  - b\n   - c', ['a', ['b', 'c']]],
    ['a: |\n  one\n  two\n', { a: 'one\ntwo\n' }],
    ['a: |-\n  one\n  two\n', { a: 'one\ntwo' }],
    ['a: >\n  one\n  two\n\n  three\n', { a: 'one two\nthree\n' }],
    ['a: "tab\\tand \\u00e9"', { a: 'tab\tand é' }],
    ["a: 'it''s'", { a: "it's" }],
    ['1: a\ntrue: b', { 1: 'a', true: 'b' }],
    // Of a key that stands twice the last one counts; the server complains later.
    ['a: 1\na: 2', { a: 2 }],
    ['a: b # said\n# alone\nc: d#e', { a: 'b', c: 'd#e' }],
    ['{a: [1, 2], "b": {c: d}}', { a: [1, 2], b: { c: 'd' } }],
  ])('%j', (text, value) => {
    expect(parseYaml(text)).toEqual(value)
  })

  test.each([
    ['a: b: c', 'yaml: mapping values are not allowed in this context'],
    ['a:\n\tb: c', 'yaml: line 2: found character that cannot start any token'],
    ['a: [1, 2', "yaml: line 1: did not find expected ',' or ']'"],
    ['a: {b: 1', "yaml: line 1: did not find expected ',' or '}'"],
    ['a: "open', 'yaml: found unexpected end of stream'],
    ['a:\n  - b\n c: d', 'yaml: line 2: did not find expected key'],
    ['a: *gone', "yaml: unknown anchor 'gone' referenced"],
  ])('%j is refused in the words of the library', (text, message) => {
    expect(() => parseYaml(text)).toThrow(message)
  })
})
