import { beforeAll, expect, test } from 'vitest'
import { TestCluster } from '../fixture.ts'

let lab: TestCluster

beforeAll(async () => {
  lab = await TestCluster.boot()
  lab.createPod('web', { nodeName: 'node1', image: 'nginx:1.27' })
  await lab.advance(5)
})

const on = async (command: string) => (await lab.run('node1', command)).output.trimEnd()

test('containers are listed, the newest first', async () => {
  const [heading, first, ...others] = (await on('crictl ps')).split('\n')
  expect(heading).toMatch(
    /^CONTAINER {11}IMAGE {15}CREATED {13}STATE {15}NAME {16}ATTEMPT {13}POD ID {14}POD +NAMESPACE$/,
  )
  expect(first).toMatch(
    /^[0-9a-f]{13} {7}[0-9a-f]{13} {7}\d seconds ago +Running {13}c {19}0 {19}[0-9a-f]{13} {7}web +default$/,
  )
  expect(others.map(line => line.split(/ {2,}/)[4])).toEqual(['kube-flannel', 'kube-proxy'])
})

test('pods are sandboxes, whose process leads into their network', async () => {
  expect(await on('crictl pods --name web')).toMatch(
    /^POD ID .*\n[0-9a-f]{13} +\d seconds ago +Ready +web +default +0 +\(default\)$/,
  )
  const pid = await on(`crictl inspectp -o go-template --template '{{.info.pid}}' $(crictl pods -q --name web)`)
  expect(await on(`nsenter -t ${pid} -n ip -4 -br addr show eth0`)).toContain(lab.pod('web').status.podIP!)
  const name = /"path": "\/var\/run\/netns\/(.*)"/.exec(await on('crictl inspectp $(crictl pods -q --name web)'))![1]
  expect(await on(`ip netns exec ${name} ip -4 -br addr show eth0`)).toContain(lab.pod('web').status.podIP!)
})

test('logs and commands go past the API server', async () => {
  await on('systemctl stop kubelet')
  expect(await on('crictl logs --tail 1 $(crictl ps -q --name "^c$")')).toMatch(/start worker process \d+$/)
  expect(await on('crictl exec $(crictl ps -q --name "^c$") hostname')).toBe('web')
  await on('systemctl start kubelet')
})

test('a container that is stopped is started again by the kubelet', async () => {
  await on('crictl stop $(crictl ps -q --name "^c$")')
  await lab.advance(3)
  expect(lab.pod('web').status.containerStatuses![0]!.restartCount).toBe(1)
  expect(await on('crictl ps -a --name "^c$"')).toMatch(/Running .* c +1 [\s\S]* Exited +c +0 /)
})

test.each([
  [
    'crictl inspect abc',
    'FATA[0000] getting the status of the container "abc": rpc error: code = NotFound desc = an error occurred when try to find container "abc": not found',
  ],
  ['crictl frobnicate', "FATA[0000] No help topic for 'frobnicate'"],
  ['crictl stats', 'crictl: crictl stats is not simulated here'],
  ['crictl ps --wrong', 'FATA[0000] Incorrect Usage: flag provided but not defined: -wrong'],
])('%s', async (command, message) => {
  expect(await on(command)).toBe(message)
})
