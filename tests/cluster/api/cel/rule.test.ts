import { expect, test } from 'vitest'
import { compileRule } from '../../../../src/simulator/cluster/api/cel/rule.ts'
import { CelError, celValue, type Value } from '../../../../src/simulator/cluster/api/cel/values.ts'

const self = {
  name: 'web',
  replicas: 3,
  ratio: 0.5,
  hosts: ['a.example.com', 'b.example.com'],
  labels: { app: 'web', tier: 'front' },
  ports: [
    { name: 'http', port: 80 },
    { name: 'https', port: 443 },
  ],
  'my-field': 1,
}

function run(source: string): Value | CelError {
  const known = new Map([['self', undefined]])
  return compileRule(source, known).run(new Map([['self', celValue(self)]]))
}

test.each<[string, unknown]>([
  ['self.replicas == 3', true],
  ['self.replicas > 2 && self.name != "db"', true],
  ['self.replicas / 2', 1n],
  ['self.replicas % 2 == 1', true],
  ['-self.replicas + 10 - 2 * 3', 1n],
  ['self.ratio * 2.0 == 1', true],
  ['has(self.name) && !has(self.other)', true],
  ['self.hosts.all(h, h.endsWith(".example.com"))', true],
  ['self.hosts.exists(h, h.startsWith("b."))', true],
  ['self.ports.exists_one(p, p.port == 80)', true],
  ['self.ports.filter(p, p.port > 100).size() == 1', true],
  ['self.ports.map(p, p.name).join("/")', 'http/https'],
  ['self.ports.map(p, p.port > 100, p.name)', ['https']],
  ['self.ports.all(i, p, i < 2 && p.port > 0)', true],
  ['self.labels.all(key, key in ["app", "tier"])', true],
  ['"app" in self.labels && self.labels["app"] == "web"', true],
  ['"a.example.com" in self.hosts', true],
  ['size(self.hosts) == 2 ? "two" : "other"', 'two'],
  ['self.my__dash__field == 1', true],
  ['self.name.matches("^[a-z]+$")', true],
  [`self.name == 'web' || self.other == 1`, true],
  ['false && self.other == 1', false],
  ['[1, 2] + [3] == [1, 2, 3]', true],
  ['{"a": 1}["a"] == 1', true],
  ['type(self.replicas) == int', true],
  ['string(self.replicas) + "x"', '3x'],
  ['int("42") == 42', true],
  ['self.?other.orValue("none")', 'none'],
  ['self.?name.hasValue()', true],
  ['self.labels[?"app"].value()', 'web'],
  ['duration("1m30s") > duration("80s")', true],
  ['timestamp("2026-03-02T09:00:00Z") + duration("1h") == timestamp("2026-03-02T10:00:00Z")', true],
  ['quantity("1Gi").isGreaterThan(quantity("500Mi"))', true],
  ['isIP("10.0.0.1") && cidr("10.0.0.0/8").containsIP("10.1.2.3")', true],
  ['url("https://example.com:80/path").getHost() == "example.com:80"', true],
  ['[1, 3, 2].max() == 3 && [1, 2].isSorted() && [1, 2].sum() == 3', true],
  ['"a,b,c".split(",").size() == 3', true],
  ['"abc".substring(1) == "bc" && "abc".charAt(0) == "a"', true],
  ['sets.contains([1, 2, 3], [2])', true],
  [`"""it's "quoted" text""".contains('"')`, true],
  [`r'\\d' == "\\\\d"`, true],
])('%s', (source, expected) => {
  expect(run(source)).toEqual(expected)
})

test.each([
  ['self.other == 1', 'no such key: other'],
  ['self.hosts[5] == "x"', 'index out of bounds: 5'],
  ['self.replicas / 0 == 1', 'division by zero'],
  ['self.name + 1 == 2', 'no such overload'],
  ['self.hosts.all(h, h > 1)', 'no such overload'],
])('%s goes wrong: %s', (source, message) => {
  const result = run(source)
  expect(result).toBeInstanceOf(CelError)
  expect((result as CelError).message).toBe(message)
})

test.each([
  ['foo > 1', "ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')\n | foo > 1\n | ^"],
  [
    'self.name.shout()',
    "ERROR: <input>:1:10: undeclared reference to 'shout' (in container '')\n | self.name.shout()\n | .........^",
  ],
  ['self.name ==', "ERROR: <input>:1:13: Syntax error: mismatched input '<EOF>'\n | self.name ==\n | ............^"],
])('%s is refused where it goes wrong', (source, message) => {
  expect(() => run(source)).toThrow(message)
})

test('fields that a schema does not have are told before the first run', () => {
  const schema = { type: 'object', properties: { list: { type: 'array', items: { type: 'object', properties: {} } } } }
  expect(() => compileRule('self.list.all(x, x.y == 1)', new Map([['self', schema]]))).toThrow(
    "ERROR: <input>:1:19: undefined field 'y'",
  )
})
