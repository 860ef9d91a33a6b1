import { expect, test } from 'vitest'
import { ipvsadm } from '#simulator/machine/programs/ipvsadm.ts'
import { NetLab } from './netLab.ts'

function lab() {
  const lab = new NetLab()
  const machine = lab.machine('one', '10.0.0.1')
  return async (words: string) => (await lab.run(machine, ipvsadm, ...words.split(' '))).transcript
}

test('a virtual service is made, filled, listed and taken away', async () => {
  const run = lab()
  expect(await run('-A -t 10.96.0.1:80 -s rr -p 600')).toBe('')
  expect(await run('-a -t 10.96.0.1:80 -r 10.0.0.2:8080 -m')).toBe('')
  expect(await run('-a -t 10.96.0.1:80 -r 10.0.0.3 -m -w 3')).toBe('')
  expect(await run('-A -u 10.96.0.1:53')).toBe('')
  expect(await run('-Ln')).toBe(`IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.96.0.1:80 rr persistent 600
  -> 10.0.0.2:8080                Masq    1      0          0         
  -> 10.0.0.3:80                  Masq    3      0          0         
UDP  10.96.0.1:53 wlc
`)
  expect(await run('-Sn')).toBe(`-A -t 10.96.0.1:80 -s rr -p 600
-a -t 10.96.0.1:80 -r 10.0.0.2:8080 -m -w 1
-a -t 10.96.0.1:80 -r 10.0.0.3:80 -m -w 3
-A -u 10.96.0.1:53 -s wlc
`)
  expect(await run('-e -t 10.96.0.1:80 -r 10.0.0.3:80 -m -w 0')).toBe('')
  expect(await run('-d -t 10.96.0.1:80 -r 10.0.0.2:8080')).toBe('')
  expect(await run('-Ln -t 10.96.0.1:80')).toContain('  -> 10.0.0.3:80                  Masq    0  ')
  expect(await run('-C')).toBe('')
  expect(await run('-Sn')).toBe('')
})

test('statistics and connections have their own tables', async () => {
  const run = lab()
  await run('-A -t 10.96.0.1:80 -s rr')
  expect(await run('-Ln --stats')).toContain(
    'TCP  10.96.0.1:80                        0        0        0        0        0',
  )
  expect(await run('-Lnc')).toBe(
    'IPVS connection entries\npro expire state       source             virtual            destination\n',
  )
  expect(await run('-L --timeout')).toBe('Timeout (tcp tcpfin udp): 900 120 300\n')
  expect(await run('--set 0 60 0')).toBe('')
  expect(await run('-L --timeout')).toBe('Timeout (tcp tcpfin udp): 900 60 300\n')
})

test.each([
  ['-A -t 10.96.0.1:80', '! Service already exists\n? 255\n'],
  ['-D -t 10.96.0.2:80', '! No such service\n? 255\n'],
  ['-a -t 10.96.0.1:80 -r 10.0.0.2:80 -m', '! Destination already exists\n? 255\n'],
  ['-d -t 10.96.0.1:80 -r 10.0.0.9:80', '! No such destination\n? 255\n'],
  ['-A -t nowhere:80', '! illegal virtual server address[:port] specified\n? 2\n'],
  ['-A -t 10.96.0.3:80 -s mh', '! ipvsadm: scheduler mh is not simulated here: try rr, lc, wlc, sh\n? 1\n'],
])('%s is refused', async (words, expected) => {
  const run = lab()
  await run('-A -t 10.96.0.1:80')
  await run('-a -t 10.96.0.1:80 -r 10.0.0.2:80 -m')
  expect(await run(words)).toBe(expected)
})
