import { expect, test } from 'vitest'
import { formatKyaml } from '../../../src/simulator/kubectl/output/kyaml.ts'

test('braces, quotes and commas everywhere', () => {
  const pod = {
    kind: 'Pod',
    metadata: { labels: {} },
    spec: {
      containers: [
        { name: 'a', args: ['x'] },
        { name: 'b', command: [] },
      ],
      on: true,
    },
  }
  expect(formatKyaml(pod)).toBe(`---
{
  kind: "Pod",
  metadata: {
    labels: {},
  },
  spec: {
    containers: [{
      name: "a",
      args: [
        "x",
      ],
    }, {
      name: "b",
      command: [],
    }],
    "on": true,
  },
}
`)
})
