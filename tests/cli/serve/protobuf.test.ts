import { expect, test } from 'vitest'
import { decodeObject } from '../../../src/cli/serve/protobuf.ts'

/** A number as a varint. */
function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value))
  const bytes: number[] = []
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return [...bytes, Number(rest)]
}

type Part = readonly [number: number, value: string | number | Buffer | readonly Part[]]

function message(...parts: readonly Part[]): Buffer {
  return Buffer.from(
    parts.flatMap(([number, value]) => {
      if (typeof value === 'number') return [...varint(number << 3), ...varint(value)]
      const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.isBuffer(value) ? value : message(...value)
      return [...varint((number << 3) | 2), ...varint(bytes.length), ...bytes]
    }),
  )
}

function decoded(apiVersion: string, kind: string, ...parts: readonly Part[]): unknown {
  const type = [
    [1, apiVersion],
    [2, kind],
  ] as const
  return decodeObject(Buffer.concat([Buffer.from('k8s\0'), message([1, type], [2, message(...parts)])]))
}

test('plain fields that hold nothing are left out, optional ones are kept', () => {
  // spec { replicas: 0, paused: false, minReadySeconds: 0 }
  const spec: Part = [
    2,
    [
      [1, 0],
      [5, 0],
      [7, 0],
    ],
  ]
  expect(decoded('apps/v1', 'Deployment', [1, [[1, 'web']]], spec)).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { replicas: 0 },
  })
})

test('fields that JSON shows on the outside are put there', () => {
  const volume: Part = [
    1,
    [
      [1, 'data'],
      [2, [[2, []]]],
    ],
  ]
  expect(decoded('v1', 'Pod', [2, [volume]])).toMatchObject({ spec: { volumes: [{ name: 'data', emptyDir: {} }] } })
})

test('maps, lists, quantities, numbers or texts, and times become what JSON has for them', () => {
  const limits: Part = [
    1,
    [
      [1, 'cpu'],
      [2, [[1, '100m']]],
    ],
  ]
  const container: Part = [
    2,
    [
      [1, 'c'],
      [8, [limits]],
    ],
  ]
  const meta: Part = [
    1,
    [
      [8, [[1, 86_400]]],
      [
        11,
        [
          [1, 'app'],
          [2, 'web'],
        ],
      ],
      [14, 'one'],
      [14, 'two'],
    ],
  ]
  expect(decoded('v1', 'Pod', meta, [2, [container]])).toMatchObject({
    metadata: { creationTimestamp: '1970-01-02T00:00:00Z', labels: { app: 'web' }, finalizers: ['one', 'two'] },
    spec: { containers: [{ name: 'c', resources: { limits: { cpu: '100m' } } }] },
  })
  const port = (target: readonly Part[]): Part => [
    1,
    [
      [3, 80],
      [4, target],
    ],
  ]
  expect(
    decoded('v1', 'Service', [
      2,
      [
        port([
          [1, 0],
          [2, 8080],
        ]),
        port([
          [1, 1],
          [3, 'http'],
        ]),
      ],
    ]),
  ).toMatchObject({
    spec: {
      ports: [
        { port: 80, targetPort: 8080 },
        { port: 80, targetPort: 'http' },
      ],
    },
  })
})

test('options have the same form under every group', () => {
  expect(decoded('apps/v1', 'DeleteOptions', [1, 0], [4, 'Orphan'])).toMatchObject({
    gracePeriodSeconds: 0,
    propagationPolicy: 'Orphan',
  })
})

test('kinds outside of the table are refused', () => {
  expect(() => decoded('example.com/v1', 'Thing')).toThrow('example.com/v1 Thing is only read as JSON')
})

test('a schema may hold one schema or several, or only a truth', () => {
  const schema = (...parts: Part[]): readonly Part[] => parts
  const items = schema([5, 'array'], [24, [[1, [[5, 'string']]]]])
  const closed = schema([5, 'object'], [30, [[1, 0]]])
  const open = schema([5, 'object'], [30, [[2, [[5, 'integer']]]]])
  const property = (name: string, of: readonly Part[]): Part => [
    29,
    [
      [1, name],
      [2, of],
    ],
  ]
  const whole = schema([5, 'object'], property('a', items), property('b', closed), property('c', open))
  const version: Part = [
    7,
    [
      [1, 'v1'],
      [4, [[1, whole]]],
    ],
  ]
  expect(decoded('apiextensions.k8s.io/v1', 'CustomResourceDefinition', [2, [version]])).toMatchObject({
    spec: {
      versions: [
        {
          schema: {
            openAPIV3Schema: {
              properties: {
                a: { type: 'array', items: { type: 'string' } },
                b: { type: 'object', additionalProperties: false },
                c: { type: 'object', additionalProperties: { type: 'integer' } },
              },
            },
          },
        },
      ],
    },
  })
})
