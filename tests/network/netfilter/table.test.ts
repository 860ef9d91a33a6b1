import { expect, test } from 'vitest'
import { listRules } from '#simulator/network/netfilter/format.ts'
import { parseRule } from '#simulator/network/netfilter/parse.ts'
import { Rule } from '#simulator/network/netfilter/rule.ts'
import { Table } from '#simulator/network/netfilter/table.ts'

function rule(text: string): Rule {
  return new Rule(parseRule(text))
}

test('rules are appended, inserted by number, replaced and deleted', () => {
  const table = new Table('filter')
  for (const port of [1, 2, 3]) table.append('INPUT', rule(`-p tcp --dport ${port}`))
  table.insert('INPUT', rule('-j ACCEPT'))
  table.insert('INPUT', rule('-j DROP'), 3)
  table.replace('INPUT', 2, rule('-j RETURN'))
  table.delete('INPUT', 5)
  expect(listRules(table, 'INPUT').slice(1)).toEqual([
    '-A INPUT -j ACCEPT',
    '-A INPUT -j RETURN',
    '-A INPUT -j DROP',
    '-A INPUT -p tcp -m tcp --dport 2',
  ])
})

test.each([
  ['no chain', (table: Table) => table.append('NOPE', rule(''))],
  ['no target', (table: Table) => table.append('INPUT', rule('-j NOPE'))],
  ['no rule', (table: Table) => table.delete('INPUT', 1)],
  ['no rule', (table: Table) => table.insert('INPUT', rule(''), 7)],
  ['chain exists', (table: Table) => table.newChain('USED')],
  ['chain in use', (table: Table) => table.deleteChain('USED')],
  ['chain not empty', (table: Table) => table.deleteChain('FULL')],
  ['built-in', (table: Table) => table.deleteChain('INPUT')],
])('%s', (code, change) => {
  const table = new Table('filter')
  table.newChain('USED')
  table.newChain('FULL')
  table.append('FULL', rule('-j DROP'))
  table.append('FORWARD', rule('-j USED'))
  expect(() => change(table)).toThrow(expect.objectContaining({ code }))
})

test('rules follow a chain that gets another name', () => {
  const table = new Table('filter')
  table.newChain('OLD')
  table.append('FORWARD', rule('-j OLD'))
  table.renameChain('OLD', 'NEW')
  expect(listRules(table, 'FORWARD')).toEqual(['-P FORWARD ACCEPT', '-A FORWARD -j NEW'])
  expect(table.referencesTo('NEW')).toBe(1)
})

test('counters are set to zero for one chain or all', () => {
  const table = new Table('filter')
  const counted = new Rule(parseRule('-j ACCEPT'), 7, 700)
  table.append('INPUT', counted)
  table.zero('FORWARD')
  expect(counted.packets).toBe(7)
  table.zero()
  expect([counted.packets, counted.bytes]).toEqual([0, 0])
})
