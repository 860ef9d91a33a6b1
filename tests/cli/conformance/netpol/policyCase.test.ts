import { expect, test } from 'vitest'
import { type Row, verdictsOf } from '../../../../src/cli/conformance/netpol/policyCase.ts'

const pod = (namespace: string, name: string) => ({ namespace, name, labels: {}, ip: '10.0.0.1' })
const row = (parts: Partial<Row>): Row => ({ name: 'r', namespaces: {}, pods: [], policies: [], ...parts })

function lines(parts: Partial<Row>): string[] {
  return verdictsOf(row(parts)).map(
    ({ from, to, port, protocol, allowed }) => `${from}>${to} ${protocol}/${port} ${allowed}`,
  )
}

test('a table is read letter by letter, without pods and themselves', () => {
  expect(lines({ podOrder: ['x/a', 'x/b'], table: { 'SCTP/80': { 'x/a': 'X.', 'x/b': 'XX' } } })).toEqual([
    'x/a>x/b SCTP/80 true',
    'x/b>x/a SCTP/80 false',
  ])
})

test('of a list of blocked pairs all others are allowed, and machines outside are not asked about each other', () => {
  const serving = [{ port: 80, protocol: 'TCP' as const }]
  const outside = { ...pod('', 'one'), external: true, containers: serving }
  expect(
    lines({
      pods: [{ ...pod('x', 'a'), containers: serving }, outside, { ...outside, name: 'two' }],
      blocked: { 'TCP/80': { 'x/a': ['ext/one'] } },
    }),
  ).toEqual([
    'ext/one>x/a TCP/80 false',
    'ext/two>x/a TCP/80 true',
    'x/a>ext/one TCP/80 true',
    'x/a>ext/two TCP/80 true',
  ])
})

test('written-out answers are taken as they are', () => {
  const verdict = { from: 'x/a', to: 'x/b', port: 80, protocol: 'UDP' as const, allowed: true }
  expect(verdictsOf(row({ expected: [verdict] }))).toEqual([verdict])
})
