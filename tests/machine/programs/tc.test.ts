import { expect, test } from 'vitest'
import { ping } from '#simulator/machine/programs/ping.ts'
import { tc } from '#simulator/machine/programs/tc.ts'
import { NetLab } from './netLab.ts'

function lab() {
  const lab = new NetLab()
  const one = lab.machine('one', '10.0.0.1')
  lab.machine('two', '10.0.0.2')
  const run = async (words: string) => (await lab.run(one, tc, ...words.split(' '))).transcript
  const pings = async (words: string) => (await lab.run(one, ping, ...words.split(' '), '10.0.0.2')).stdout
  return { run, pings }
}

test('a discipline is added, shown, changed and taken away', async () => {
  const { run } = lab()
  expect(await run('qdisc show dev eth0')).toBe('qdisc noqueue 0: root refcnt 2 \n')
  expect(await run('qdisc add dev eth0 root netem delay 100ms 10ms loss 30%')).toBe('')
  expect(await run('qdisc show dev eth0')).toBe(
    'qdisc netem 8001: root refcnt 2 limit 1000 delay 100ms  10ms loss 30%\n',
  )
  expect(await run('qdisc show')).toContain('qdisc netem 8001: dev eth0 root refcnt 2 limit 1000')
  expect(await run('qdisc add dev eth0 root netem loss 1%')).toBe('! Error: Exclusivity flag on, cannot modify.\n? 2\n')
  expect(await run('qdisc replace dev eth0 root netem rate 1mbit delay 1500us')).toBe('')
  expect(await run('qdisc show dev eth0')).toBe('qdisc netem 8001: root refcnt 2 limit 1000 delay 1.5ms rate 1Mbit\n')
  expect(await run('qdisc del dev eth0 root')).toBe('')
  expect(await run('qdisc del dev eth0 root')).toBe('! Error: Cannot delete qdisc with handle of zero.\n? 2\n')
})

test('what leaves is delayed or lost, what comes in is not', async () => {
  const { run, pings } = lab()
  await pings('-c 1')
  await run('qdisc add dev eth0 root netem delay 250ms')
  expect(await pings('-c 1')).toMatch(/time=250 ms/)
  await run('qdisc change dev eth0 root netem delay 0ms loss 100%')
  expect(await pings('-c 2 -W 1')).toContain('100% packet loss')
  expect(await run('-s qdisc show dev eth0')).toMatch(/dropped 2, overlimits 0 requeues 0/)
})

test('about as many are lost as was asked for', async () => {
  const { run, pings } = lab()
  await run('qdisc add dev eth0 root netem loss 30%')
  const lost = Number(/(\d+)% packet loss/.exec(await pings('-c 200 -i 0.01 -W 1'))![1])
  expect(lost).toBeGreaterThan(20)
  expect(lost).toBeLessThan(40)
})

test('a slow line sends one frame after the other', async () => {
  const { run, pings } = lab()
  await pings('-c 1')
  await run('qdisc add dev eth0 root netem rate 80kbit')
  // 1042 bytes at 80 000 bits in a second.
  expect(await pings('-c 1 -s 1000')).toMatch(/time=104 ms/)
})

test.each([
  ['qdisc add dev eth7 root netem loss 1%', '! Cannot find device "eth7"\n? 1\n'],
  ['qdisc add dev eth0 root netem loss lots', '! Illegal "loss percent"\n? 1\n'],
  ['qdisc add dev eth0 root slow delay 1ms', '! Unknown qdisc "slow", hence option "delay" is unparsable\n? 1\n'],
  ['qdisc add dev eth0 root tbf rate 1mbit', '! tc: qdisc tbf is not simulated here\n? 1\n'],
  ['qdisc change dev eth0 root netem loss 1%', '! Error: Qdisc not found. To create specify NLM_F_CREATE flag.\n? 2\n'],
  ['filter show dev eth0', '! tc: "tc filter" is not simulated here\n? 1\n'],
  ['queue show', '! Object "queue" is unknown, try "tc help".\n? 1\n'],
])('tc %s', async (words, answer) => {
  expect(await lab().run(words)).toBe(answer)
})
