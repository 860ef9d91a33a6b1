import { describe, expect, test } from 'vitest'
import { isIncomplete, Parser } from '../../../src/simulator/machine/shell/syntax.ts'

describe('a command goes on in the next line', () => {
  test.each([
    'if true; then',
    'for i in 1 2',
    'while :; do echo',
    'case x in',
    '{ echo',
    '(echo',
    'f() {',
    'f()',
    'echo a |',
    'echo a &&',
    'echo "abc',
    "echo 'abc",
    'echo `abc',
    'echo $(abc',
    'echo ${x',
    'echo $((1 +',
    'a=(1 2',
    'echo a \\',
    'cat <<EOF',
    'cat <<EOF\nbody',
    'cat <<A <<B\nx\nA',
  ])('%s', text => expect(isIncomplete(text)).toBe(true))
})

describe('a command is finished, or can never be', () => {
  test.each([
    '',
    'echo a',
    'echo a; )',
    'done',
    'echo >',
    'echo (a)',
    'if true; fi',
    'cat <<EOF\nbody\nEOF',
    'echo a \\\\',
    'kubectl get pods -l "app in (a,b)"',
    "kubectl get pods -o jsonpath='{.items[*].metadata.name}'",
    'echo "it\'s"',
    'x={a,b',
    'echo # "comment',
  ])('%s', text => expect(isIncomplete(text)).toBe(false))
})

test('what stands on the lines before a broken one still runs', () => {
  const { statements, failure } = new Parser().script('echo a; echo b\necho c\necho d; )\necho e')
  expect(statements).toHaveLength(3)
  expect(failure).toMatchObject({ kind: 'token', text: ')' })
})
