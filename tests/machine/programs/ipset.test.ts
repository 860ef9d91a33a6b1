import { expect, test } from 'vitest'
import { ipset } from '#simulator/machine/programs/ipset.ts'
import { iptables } from '#simulator/machine/programs/iptables.ts'
import { NetLab } from './netLab.ts'

function lab() {
  const lab = new NetLab()
  const machine = lab.machine('one', '10.0.0.1')
  const run = async (words: string) => (await lab.run(machine, ipset, ...words.split(' '))).transcript
  const rule = async (words: string) => (await lab.run(machine, iptables, ...words.split(' '))).transcript
  return { run, rule }
}

test('a set is made, filled, listed and taken away', async () => {
  const { run, rule } = lab()
  expect(await run('create blocked hash:net')).toBe('')
  expect(await run('add blocked 10.9.0.0/16')).toBe('')
  expect(await run('add blocked 10.9.0.0/16')).toBe(
    "! ipset v7.17: Element cannot be added to the set: it's already added\n? 1\n",
  )
  expect(await run('-exist add blocked 10.9.0.0/16')).toBe('')
  await rule('-A INPUT -m set --match-set blocked src -j DROP')
  expect(await run('list blocked')).toBe(`Name: blocked
Type: hash:net
Revision: 7
Header: family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x00000000
Size in memory: 520
References: 1
Number of entries: 1
Members:
10.9.0.0/16
`)
  expect(await run('list -n')).toBe('blocked\n')
  expect(await run('destroy blocked')).toBe(
    '! ipset v7.17: Set cannot be destroyed: it is in use by a kernel component\n? 1\n',
  )
  await rule('-D INPUT 1')
  expect(await run('destroy blocked')).toBe('')
  expect(await run('list blocked')).toBe('! ipset v7.17: The set with the given name does not exist\n? 1\n')
})

test('test says on stderr whether an element is in a set', async () => {
  const { run } = lab()
  await run('create web hash:ip,port')
  await run('add web 10.0.0.9,tcp:80')
  expect(await run('test web 10.0.0.9,tcp:80')).toBe('! 10.0.0.9,tcp:80 is in set web.\n')
  expect(await run('test web 10.0.0.9,udp:80')).toBe('! 10.0.0.9,udp:80 is NOT in set web.\n? 1\n')
  expect(await run('save')).toContain('add web 10.0.0.9,tcp:80\n')
  expect(await run('del web 10.0.0.9,tcp:81')).toBe(
    "! ipset v7.17: Element cannot be deleted from the set: it's not added\n? 1\n",
  )
})

test.each([
  ['create s hash:moon', "! ipset v7.17: Syntax error: typename 'hash:moon' is unknown\n? 1\n"],
  ['swap a b', '! ipset v7.17: swap is not simulated here\n? 1\n'],
  ['dance', "! ipset v7.17: Unknown argument: `dance'\n! Try `ipset help' for more information.\n? 1\n"],
])('%s', async (words, answer) => {
  expect(await lab().run(words)).toBe(answer)
})
