import { expect, test } from 'vitest'
import { listRules } from '#simulator/network/netfilter/format.ts'
import { restoreTables } from '#simulator/network/netfilter/restore.ts'
import { Table, type TableName } from '#simulator/network/netfilter/table.ts'

function tables(): { of: (name: TableName) => Table; filter: Table; nat: Table } {
  const [filter, nat] = [new Table('filter'), new Table('nat')]
  return { of: name => (name === 'nat' ? nat : filter), filter, nat }
}

const before = `*filter
:INPUT ACCEPT [0:0]
:MINE - [0:0]
:OTHER - [0:0]
-A INPUT -j MINE
-A MINE -p tcp -m tcp --dport 1 -j ACCEPT
-A OTHER -j DROP
COMMIT
`

test('a restore replaces the whole table', () => {
  const { of, filter } = tables()
  restoreTables(before, {}, of)
  restoreTables('*filter\n:NEW - [0:0]\n-A NEW -j DROP\nCOMMIT\n', {}, of)
  expect(listRules(filter)).toEqual([
    '-P INPUT ACCEPT',
    '-P FORWARD ACCEPT',
    '-P OUTPUT ACCEPT',
    '-N NEW',
    '-A NEW -j DROP',
  ])
})

test('with noFlush only declared chains are emptied; built-in ones keep their rules', () => {
  const { of, filter } = tables()
  restoreTables(before, {}, of)
  restoreTables(
    '*filter\n:INPUT DROP [0:0]\n:MINE - [0:0]\n-A MINE -p tcp -m tcp --dport 2 -j ACCEPT\nCOMMIT\n',
    { noFlush: true },
    of,
  )
  expect(listRules(filter)).toEqual([
    '-P INPUT DROP',
    '-P FORWARD ACCEPT',
    '-P OUTPUT ACCEPT',
    '-N MINE',
    '-N OTHER',
    '-A INPUT -j MINE',
    '-A MINE -p tcp -m tcp --dport 2 -j ACCEPT',
    '-A OTHER -j DROP',
  ])
})

test('a restore may insert, delete, empty and remove chains', () => {
  const { of, filter } = tables()
  restoreTables(before, {}, of)
  const text = '*filter\n-I INPUT -j DROP\n-D INPUT -j MINE\n-F MINE\n-X MINE\n-P FORWARD DROP\nCOMMIT\n'
  restoreTables(text, { noFlush: true }, of)
  expect(listRules(filter)).toEqual([
    '-P INPUT ACCEPT',
    '-P FORWARD DROP',
    '-P OUTPUT ACCEPT',
    '-N OTHER',
    '-A INPUT -j DROP',
    '-A OTHER -j DROP',
  ])
})

test('counters are kept when they are asked for', () => {
  const { of, filter } = tables()
  const text = '*filter\n:INPUT ACCEPT [5:500]\n[3:180] -A INPUT -j ACCEPT\nCOMMIT\n'
  restoreTables(text, { counters: true }, of)
  expect(filter.chain('INPUT')).toMatchObject({ packets: 5, rules: [{ packets: 3, bytes: 180 }] })
  restoreTables(text, {}, of)
  expect(filter.chain('INPUT')).toMatchObject({ packets: 0, rules: [{ packets: 0, bytes: 0 }] })
})

test.each([
  ['*filter\n-A INPUT --nope\nCOMMIT\n', 'unknown option "--nope"', 2],
  ['*filter\n-A INPUT -j NOPE\nCOMMIT\n', 'no target: NOPE', 3],
  ['*filter\n\n-A NOPE -j DROP\nCOMMIT\n', 'no chain: NOPE', 3],
  ['*nope\nCOMMIT\n', 'table nope is not simulated here', 1],
  ['-A INPUT -j DROP\n', 'line before any table', 1],
  ['*filter\n-A INPUT -j DROP\n', 'COMMIT expected', 3],
])('%j is refused and changes nothing', (text, message, line) => {
  const { of, filter } = tables()
  restoreTables(before, {}, of)
  const old = listRules(filter)
  expect(() => restoreTables(text, { noFlush: true }, of)).toThrow(expect.objectContaining({ message, line }))
  expect(listRules(filter)).toEqual(old)
})

test('two tables are both changed or neither', () => {
  const { of, nat } = tables()
  expect(() => restoreTables('*nat\n:A - [0:0]\nCOMMIT\n*filter\n-A NOPE\nCOMMIT\n', {}, of)).toThrow('no chain')
  expect(nat.chains.has('A')).toBe(false)
})
