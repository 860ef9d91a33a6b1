import { expect, test } from 'vitest'
import type { Machine } from '#simulator/machine/machine.ts'
import { ip } from '#simulator/machine/programs/ip.ts'
import { nsenter } from '#simulator/machine/programs/nsenter.ts'
import { programs } from '#simulator/machine/programs/registry.ts'
import { ssh } from '#simulator/machine/programs/ssh.ts'
import { sshNode } from '#simulator/machine/programs/ssh-node.ts'
import { Terminal } from '#simulator/machine/terminal.ts'
import { NetLab, webServer } from './netLab.ts'

function clusterLab() {
  const lab = new NetLab()
  const desk = lab.machine('desk', '10.0.0.1')
  const node = lab.machine('node1', '10.0.0.11')
  for (const machine of [desk, node]) furnish(machine)
  desk.peers = new Map([['node1', node]])
  return { lab, desk, node }
}

function furnish(machine: Machine): void {
  for (const program of programs) machine.files.install(`/usr/bin/${program.name}`, program)
  machine.files.install('/bin/bash', programs.find(program => program.name === 'bash')!)
  machine.files.mkdir('/root')
  machine.files.writeText('/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\n')
}

test('ssh-node runs the words as they are', async () => {
  const { lab, desk } = clusterLab()
  expect((await lab.run(desk, sshNode, 'node1', 'printf', '%s|', 'a b', '$HOME')).stdout).toBe('a b|$HOME|')
  expect((await lab.run(desk, sshNode, 'node1', 'nosuch')).transcript).toBe(
    '! ssh-node: nosuch: command not found\n? 127\n',
  )
  expect((await lab.run(desk, sshNode, 'node9', 'true')).transcript).toBe(
    '! ssh-node: no machine is called node9: node1\n? 1\n',
  )
})

test('ssh gives the words to a shell on the other side', async () => {
  const { lab, desk } = clusterLab()
  expect((await lab.run(desk, ssh, 'node1', 'echo', '$HOME; exit 3')).transcript).toBe('/root\n? 3\n')
  expect((await lab.run(desk, ssh, 'root@10.0.0.11', 'echo', 'hi')).transcript).toBe('hi\n')
  expect((await lab.run(desk, ssh, 'nope')).transcript).toBe(
    '! ssh: Could not resolve hostname nope: Name or service not known\n? 255\n',
  )
  expect((await lab.run(desk, ssh, 'eve@node1', 'true')).transcript).toBe(
    '! eve@node1: Permission denied (publickey).\n? 255\n',
  )
})

test('what runs on the other side ends with ssh-node', async () => {
  const { lab, desk, node } = clusterLab()
  const run = lab.start(desk, sshNode, 'node1', 'sleep', '1000')
  await lab.advance(10)
  expect(node.processes.size).toBe(1)
  run.process.kill('SIGKILL')
  await lab.advance(10)
  expect(node.processes.size).toBe(0)
})

test('ssh without a command is a login at a terminal of its own', async () => {
  const { lab, desk, node } = clusterLab()
  const terminal = new Terminal(lab.kernel)
  let screen = ''
  terminal.onOutput(text => {
    screen += text
  })
  const descriptors = new Map([0, 1, 2].map(number => [number, terminal] as const))
  const session = desk.start({ argv: ['ssh', 'node1'], program: ssh, terminal, descriptors })
  await lab.advance(100)
  terminal.input('echo $((40+2)) >/tmp/answer; tty=$(test -t 0 && echo yes); echo "tty: $tty"\r')
  await lab.advance(100)
  expect(node.files.readText('/tmp/answer')).toBe('42\n')
  expect(screen).toContain('tty: yes')
  terminal.input('exit\r')
  await lab.advance(100)
  expect(session.status).toBe(0)
  expect(screen).toContain('Connection to node1 closed.\r\n')
})

test('nsenter sees the network of another process', async () => {
  const { lab, node } = clusterLab()
  await lab.run(node, ip, 'netns', 'add', 'blue')
  const blue = node.network.network.namespaces.find(each => each.name === 'blue')!
  const server = node.start({ argv: ['httpd'], program: webServer(), network: blue })
  await lab.advance(5)
  const run = await lab.run(node, nsenter, '-t', String(server.pid), '-n', 'ip', '-br', 'link')
  expect(run.stdout).toBe('lo               DOWN           00:00:00:00:00:00 <LOOPBACK> \n')
  expect((await lab.run(node, nsenter, '-t', '999', '-n', 'ip', 'a')).transcript).toBe(
    '! nsenter: cannot open /proc/999/ns/net: No such file or directory\n? 1\n',
  )
})
