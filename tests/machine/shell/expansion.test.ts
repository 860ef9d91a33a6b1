import { describe, expect, test } from 'vitest'
import { Arithmetic } from '../../../src/simulator/machine/shell/arithmetic.ts'
import { expandBraces } from '../../../src/simulator/machine/shell/brace.ts'
import { FieldBuilder } from '../../../src/simulator/machine/shell/fieldBuilder.ts'
import { hasWildcard, patternRegExp } from '../../../src/simulator/machine/shell/pattern.ts'

describe('braces', () => {
  test.each([
    ['a{b,c}d', ['abd', 'acd']],
    ['{1..3}', ['1', '2', '3']],
    ['{08..10}', ['08', '09', '10']],
    ['{3..1}', ['3', '2', '1']],
    ['{a..e..2}', ['a', 'c', 'e']],
    ['{a,{b,c}}', ['a', 'b', 'c']],
    ['{a,b}{1,2}', ['a1', 'a2', 'b1', 'b2']],
    ['x{,y}', ['x', 'xy']],
    ['{a}', ['{a}']],
    ['{a,b', ['{a,b']],
    ['"{a,b}"', ['"{a,b}"']],
    ['\\{a,b}', ['\\{a,b}']],
    [`$\{x,y}`, [`$\{x,y}`]],
    ['{$(echo a,b),c}', ['$(echo a,b)', 'c']],
    ['{a,"b,c"}', ['a', '"b,c"']],
  ])('%s', (text, words) => expect(expandBraces(text)).toEqual(words))
})

describe('patterns', () => {
  test.each([
    ['*.txt', 'a.txt', true],
    ['*.txt', 'a.txtx', false],
    ['?', '', false],
    ['[a-c]', 'b', true],
    ['[!a-c]', 'b', false],
    ['[]a]', ']', true],
    ['[a-]', '-', true],
    ['[[:digit:]]x', '5x', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['a+(b|c)', 'abcb', true],
    ['!(a)', 'b', true],
    ['!(a)', 'a', false],
    ['!(*.o).c', 'x.c', true],
    ['@(a|b)c', 'bc', true],
    ['a.c', 'abc', false],
    ['[', '[', true],
    ['*', 'two\nlines', true],
  ])('%s against %j: %s', (pattern, text, matches) => expect(patternRegExp(pattern).test(text)).toBe(matches))

  test('a backslash takes the meaning away', () => {
    expect(['*', '\\*', 'a?', '[x]', '\\[x]', 'plain'].map(hasWildcard)).toEqual([
      true,
      false,
      true,
      true,
      false,
      false,
    ])
  })
})

describe('splitting', () => {
  test.each([
    [' \t\n', '  a  b ', ['a', 'b']],
    [':', 'a::b:', ['a', '', 'b']],
    [': ', 'a : b', ['a', 'b']],
    ['', 'a b', ['a b']],
    [':', ':a', ['', 'a']],
  ])('at %j %j gives %j', (separators, text, fields) => {
    const builder = new FieldBuilder(separators, true)
    builder.expanded(text)
    expect(builder.finish().map(field => field.text)).toEqual(fields)
  })

  test('what is quoted stays, and joins what stands next to it', () => {
    const builder = new FieldBuilder(' ', true)
    builder.literal('x')
    builder.expanded('a b ')
    builder.quoted('c d')
    builder.quoted('')
    expect(builder.finish()).toEqual([
      { text: 'xa', pattern: 'xa' },
      { text: 'b', pattern: 'b' },
      { text: 'c d', pattern: 'c d' },
    ])
  })
})

describe('arithmetic', () => {
  const variables = new Map([
    ['x', '5'],
    ['y', 'x + 1'],
  ])
  const scope = {
    get: (name: string) => variables.get(name),
    set: (name: string, _: string | undefined, value: string) => void variables.set(name, value),
  }

  test.each([
    ['1 + 2 * 3', 7n],
    ['(1 + 2) * 3', 9n],
    ['2 ** 3 ** 2', 512n],
    ['-7 / 2', -3n],
    ['-7 % 3', -1n],
    ['y * 2', 12n],
    ['0x1f + 017 + 2#11', 49n],
    ['1 << 62 << 1', -(2n ** 63n)],
    ['9223372036854775807 + 1', -(2n ** 63n)],
    ['0 && 1 / 0', 0n],
    ['1 ? 2 : 1 / 0', 2n],
    ['x > 3 && x < 9 || 0', 1n],
    ['a = b = 3, a + b', 6n],
    ['!x', 0n],
    ['~0', -1n],
    ['', 0n],
  ])('%s', (text, value) => expect(new Arithmetic().evaluate(text, scope)).toBe(value))

  test.each([
    ['1 +', '1 +: syntax error: operand expected (error token is "+")'],
    ['1 / 0', '1 / 0: division by 0 (error token is "0")'],
    ['08', '08: value too great for base (error token is "08")'],
    ['1 2', '1 2: syntax error in expression (error token is "2")'],
    ['5 = 3', '5 = 3: attempted assignment to non-variable (error token is "= 3")'],
  ])('%s is refused', (text, message) => {
    expect(() => new Arithmetic().evaluate(text, scope)).toThrow(message)
  })
})
