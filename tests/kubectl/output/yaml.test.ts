import { expect, test } from 'vitest'
import { formatYaml } from '../../../src/simulator/kubectl/output/yaml.ts'

test.each([
  [{ b: 1, a: 'x' }, 'a: x\nb: 1\n'],
  [{ a: [1, { b: 2, c: 3 }] }, 'a:\n- 1\n- b: 2\n  c: 3\n'],
  [{ a: [['b', 'c']] }, 'a:\n- - b\n  - c\n'],
  [{ a: {}, b: [], c: null, d: '' }, 'a: {}\nb: []\nc: null\nd: ""\n'],
  [
    { a: 'yes', b: '1', c: '1.27', d: 'null', e: '~', f: '0x10' },
    'a: "yes"\nb: "1"\nc: "1.27"\nd: "null"\ne: "~"\nf: "0x10"\n',
  ],
  [
    { a: 'two\nlines\n', b: 'two\nlines', c: 'end\n\n' },
    'a: |\n  two\n  lines\nb: |-\n  two\n  lines\nc: |+\n  end\n\n',
  ],
  [
    { a: 'a: b', b: '# no comment', c: '- item', d: '*star', e: "it's" },
    "a: 'a: b'\nb: '# no comment'\nc: '- item'\nd: '*star'\ne: it's\n",
  ],
  [{ a: 'tab\there' }, 'a: "tab\\there"\n'],
  [{ a: ' begins with a space' }, "a: ' begins with a space'\n"],
  [{ a: '2026-03-02T09:00:00Z' }, 'a: "2026-03-02T09:00:00Z"\n'],
  [{ a: true, b: 1.5, c: 1e21 }, 'a: true\nb: 1.5\nc: 1e+21\n'],
  [{ a: `${'word '.repeat(20)}end` }, `a: ${'word '.repeat(15)}word\n  word word word word end\n`],
  [{ a10: 1, a9: 2, A: 3 }, 'A: 3\na9: 2\na10: 1\n'],
])('%j', (value, text) => {
  expect(formatYaml(value)).toBe(text)
})
