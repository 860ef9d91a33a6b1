import { expect, test } from 'vitest'
import { FilterRunner, type JqRuntime } from '#simulator/machine/jq/interpreter.ts'
import { JsonReader } from '#simulator/machine/jq/jsonReader.ts'
import { parseFilter } from '#simulator/machine/jq/parser.ts'
import { JqSyntaxError, type Json } from '#simulator/machine/jq/syntax.ts'

const pods: Json = {
  items: [
    { metadata: { name: 'a', labels: { app: 'web' } }, status: { phase: 'Running', ip: '10.1.2.3' } },
    { metadata: { name: 'b' }, status: { phase: 'Failed' } },
  ],
  n: 3,
}

const runtime: JqRuntime = {
  nextInput: () => undefined,
  inputLine: 1,
  inputName: undefined,
  now: 0,
  environment: {},
  writeError() {},
}

function outputsOf(filter: string, input: Json): Json[] {
  return [...new FilterRunner(parseFilter(filter), new Map(), runtime).run(input)]
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
  expect(outputsOf(filter, pods)).toEqual(outputs)
})

test.each(['.items[', '{a:', '.a |', 'if . then 1'])('%s is refused', filter => {
  expect(() => parseFilter(filter)).toThrow(JqSyntaxError)
})

test.each([
  ['.items.name', 'Cannot index array with string "name"'],
  ['.n[]', 'Cannot iterate over number (3)'],
  ['.n + {}', 'number (3) and object ({}) cannot be added'],
])('%s says what is wrong', (filter, message) => {
  expect(() => outputsOf(filter, pods)).toThrow(message)
})

test('documents follow each other, and each says on which line it ended', () => {
  const reader = new JsonReader()
  const values = [...reader.feed('{"a":1} [2] "x"\n3\n')]
  expect(values).toEqual([
    { value: { a: 1 }, line: 1 },
    { value: [2], line: 1 },
    { value: 'x', line: 1 },
    { value: 3, line: 2 },
  ])
})

test.each([
  ['bad\n', 'Invalid numeric literal at line 2, column 0'],
  ['{"a" 1}', 'Expected separator between values at line 1, column 7'],
  ['{"a":1}}', "Unmatched '}' at line 1, column 8"],
  ['[1,]', 'Expected another array element at line 1, column 4'],
  ['{"a":\n', 'Unfinished JSON term at EOF at line 2, column 0'],
  ['"abc\n', 'Unfinished string at EOF at line 2, column 0'],
])('%j is refused in the words of jq', (text, message) => {
  const reader = new JsonReader()
  expect(() => [...reader.feed(text), ...reader.end()]).toThrow(message)
})
