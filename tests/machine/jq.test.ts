import { expect, test } from 'vitest'
import { readDocuments } from '#simulator/machine/jq/documents.ts'
import { runFilter } from '#simulator/machine/jq/interpreter.ts'
import { parseFilter } from '#simulator/machine/jq/parser.ts'
import { JqSyntaxError, type Json } from '#simulator/machine/jq/syntax.ts'

const pods: Json = {
  items: [
    { metadata: { name: 'a', labels: { app: 'web' } }, status: { phase: 'Running', ip: '10.1.2.3' } },
    { metadata: { name: 'b' }, status: { phase: 'Failed' } },
  ],
  n: 3,
}

const cases: readonly (readonly [filter: string, outputs: Json[]])[] = [
  ['.items[].metadata.name', ['a', 'b']],
  ['.items | length', [2]],
  ['[.items[] | select(.status.phase=="Running") | .metadata.name]', [['a']]],
  ['.items[0].metadata.labels["app"]', ['web']],
  ['.items[] | "\\(.metadata.name) \\(.status.phase)"', ['a Running', 'b Failed']],
  ['.items | map({name: .metadata.name, ip: .status.ip}) | sort_by(.name) | .[-1]', [{ name: 'b', ip: null }]],
  ['.items[1].status.ip // "none"', ['none']],
  ['reduce .items[] as $pod (0; . + 1)', [2]],
  ['.items | group_by(.status.phase) | map({(.[0].status.phase): length}) | add', [{ Failed: 1, Running: 1 }]],
  ['del(.items) | keys', [['n']]],
  ['.n += 2 | .n', [5]],
  ['if .n > 2 then "big" else "small" end', ['big']],
  ['.items[0].status.ip | split(".") | map(tonumber) | add', [16]],
  ['[..|.name?|select(.)]', [['a', 'b']]],
  ['@base64 "x\\(.n)"', ['xMw==']],
  ['.items[0].status.ip|capture("(?<first>\\\\d+)").first', ['10']],
  ['with_entries(select(.key=="n"))', [{ n: 3 }]],
  ['.items[0] as {metadata: {name: $name}} | $name', ['a']],
  ['.items |= map(.metadata.name) | .items', [['a', 'b']]],
  ['"a,b"|ascii_upcase|gsub(",";"-")', ['A-B']],
  ['[.items[]|.status.phase]|unique|join(",")', ['Failed,Running']],
  ['try error("x") catch .', ['x']],
  ['path(.items[0].metadata)', [['items', 0, 'metadata']]],
  ['def twice(x): x*2; twice(.n)', [6]],
  ['any(.items[]; .metadata.name=="b")', [true]],
  ['[limit(1; .items[])]|length', [1]],
]

test.each(cases)('%s', (filter, outputs) => {
  expect([...runFilter(parseFilter(filter), pods, new Map())]).toEqual(outputs)
})

test.each(['.items[', '{a:', '.a |', 'if . then 1'])('%s is refused', filter => {
  expect(() => parseFilter(filter)).toThrow(JqSyntaxError)
})

test.each([
  ['.items.name', 'Cannot index array with "name"'],
  ['.n[]', 'Cannot iterate over number (3)'],
  ['.n + {}', 'number (3) and object ({}) cannot be added'],
])('%s says what is wrong', (filter, message) => {
  expect(() => [...runFilter(parseFilter(filter), pods, new Map())]).toThrow(message)
})

test('documents follow each other, up to the first mistake', () => {
  expect(readDocuments('{"a":1} [2] "x" 3\n')).toEqual({ documents: [{ a: 1 }, [2], 'x', 3] })
  expect(readDocuments('1\n{"a": }')).toMatchObject({ documents: [1], error: { line: 2 } })
})
