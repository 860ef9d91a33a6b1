import { beforeAll, expect, test } from 'vitest'
import { TestCluster } from '../../cluster/fixture.ts'

let lab: TestCluster

beforeAll(async () => {
  lab = await TestCluster.boot()
})

const on = async (command: string, machine = 'node1') => (await lab.run(machine, command)).output.trimEnd()

test('the status of a unit shows its process and what it has written', async () => {
  expect(await on('systemctl status kubelet')).toMatch(
    /^● kubelet\.service - kubelet: The Kubernetes Node Agent\n {5}Loaded: loaded \(\/lib\/systemd\/system\/kubelet\.service; enabled; preset: enabled\)\n {5}Active: active \(running\) since Mon 2026-03-02 09:00:00 UTC; 30min ago\n[\s\S]*Main PID: \d+ \(kubelet\)/,
  )
})

test('a unit that is stopped stays so, and says how it ended', async () => {
  await on('systemctl stop kubelet')
  expect(await lab.run('node1', 'systemctl is-active kubelet')).toEqual({ status: 3, output: 'inactive\n' })
  await lab.advance(30)
  expect((await lab.run('node1', 'systemctl status kubelet')).status).toBe(3)
  expect(await on('systemctl status kubelet')).toMatch(
    /^○ [\s\S]*inactive \(dead\)[\s\S]*code=exited, status=0\/SUCCESS/,
  )
  await on('systemctl start kubelet')
  expect(await on('systemctl is-active kubelet')).toBe('active')
})

test('a unit that is killed comes back after ten seconds', async () => {
  await on('kill -9 $(pidof kubelet)')
  expect(await on('systemctl status kubelet')).toMatch(/activating \(auto-restart\)[\s\S]*code=killed, signal=KILL/)
  await lab.advance(11)
  expect(await on('systemctl is-active kubelet')).toBe('active')
  expect(await on('journalctl -u kubelet | grep systemd | tail -3')).toMatch(
    /systemd\[1\]: kubelet\.service: Main process exited, code=killed, status=9\/KILL\n.* kubelet\.service: Failed with result 'signal'\.\n.* Started kubelet\.service - kubelet: The Kubernetes Node Agent\.$/,
  )
})

test('the journal holds what the kubelet writes', async () => {
  expect(await on('journalctl -u kubelet | grep registered')).toMatch(
    /^Mar 02 09:00:00 node1 kubelet\[\d+\]: I0302 09:00:00\.\d{6} +\d+ kubelet_node_status\.go:78\] "Successfully registered node" node="node1"$/,
  )
  await on('rm -f /run/flannel/subnet.env')
  lab.createPod('web', { nodeName: 'node1', image: 'nginx:1.27' })
  await lab.advance(5)
  expect(await on('journalctl -u kubelet -n 1')).toContain("failed to load flannel 'subnet.env' file")
})

test.each([
  ['systemctl start nginx', 'Failed to start nginx.service: Unit nginx.service not found.'],
  ['systemctl status nginx', 'Unit nginx.service could not be found.'],
  ['systemctl stop nginx', 'Failed to stop nginx.service: Unit nginx.service not loaded.'],
  ['systemctl begin kubelet', 'Unknown command verb begin.'],
  ['systemctl stop', 'Too few arguments.'],
  ['systemctl mask kubelet', 'systemctl: mask is not simulated here'],
  ['journalctl -u nginx', '-- No entries --'],
])('%s', async (command, message) => {
  expect(await on(command)).toBe(message)
})

test('only root may stop a daemon', async () => {
  expect(await on("sudo -u learner systemctl stop kubelet || su learner -c 'systemctl stop kubelet'")).toContain(
    'Interactive authentication required.',
  )
})
