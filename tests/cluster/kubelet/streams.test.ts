import { beforeAll, expect, test } from 'vitest'
import { ApiError } from '../../../src/simulator/cluster/api/error.ts'
import type { ContainerSession } from '../../../src/simulator/cluster/client.ts'
import { TestCluster } from '../fixture.ts'

let lab: TestCluster

beforeAll(async () => {
  lab = await TestCluster.boot()
  lab.createPod('two', {
    containers: [
      {
        name: 'c',
        image: 'busybox:1.36',
        command: ['sh', '-c', 'echo one; echo two; sleep 1; echo three >&2; sleep 3600'],
      },
      { name: 'echo', image: 'busybox:1.36', command: ['cat'], stdin: true, stdinOnce: true },
      { name: 'shell', image: 'busybox:1.36', command: ['sh'], stdin: true, tty: true },
      { name: 'web', image: 'nginx:1.27' },
    ],
  })
  lab.createPod('crash', { command: ['sh', '-c', 'echo no config; exit 1'] })
  lab.createPod('absent', { image: 'nginx:nope' })
  await lab.advance(6)
})

function nodeOf(name: string) {
  return lab.cluster.apiServer.nodeProxy.get(lab.pod(name).spec.nodeName!)!
}

function session(container: string, changes: Partial<ContainerSession> = {}): ContainerSession {
  return {
    namespace: 'default',
    pod: 'two',
    container,
    stdin: false,
    stdout: true,
    stderr: true,
    tty: false,
    ...changes,
  }
}

test('exec gives output and exit status', async () => {
  expect(await lab.exec('two', ['sh', '-c', 'echo out; echo err >&2; exit 7'], 'c')).toEqual({
    status: 7,
    output: 'out\nerr\n',
  })
})

test('exec keeps standard output and errors apart, and ends with a Status', async () => {
  const stream = nodeOf('two').exec({ ...session('c'), command: ['sh', '-c', 'echo out; echo err >&2; exit 7'] })
  const seen: [unknown, number][] = []
  stream.onData((data, channel) => seen.push([data, channel]))
  await lab.advance(1)
  expect(seen.slice(0, 2)).toEqual([
    ['out\n', 1],
    ['err\n', 2],
  ])
  expect(seen[2]).toEqual([
    {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      reason: 'NonZeroExitCode',
      message: 'command terminated with non-zero exit code: command terminated with exit code 7',
      details: { causes: [{ reason: 'ExitCode', message: '7' }] },
    },
    3,
  ])
})

test('what is sent to exec reaches the program, to its end', async () => {
  const stream = nodeOf('two').exec({ ...session('c', { stdin: true }), command: ['tr', 'a-z', 'A-Z'] })
  stream.send('hello ', 0)
  stream.send('world\n', 0)
  stream.send(undefined, 0)
  expect((await lab.drain(stream)).text).toBe('HELLO WORLD\n')
})

test('a command that a container lacks is refused in the words of runc', async () => {
  const { end } = await lab.drain(nodeOf('two').exec({ ...session('c'), command: ['nosuchcommand'] }))
  expect((end as { message: string }).message).toMatch(
    /^Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "nosuchcommand": executable file not found in \$PATH: unknown$/,
  )
})

test('a container that does not run cannot be entered', () => {
  const enter = () => nodeOf('absent').exec({ ...session('c'), pod: 'absent', command: ['ls'] })
  expect(enter).toThrow(ApiError)
  expect(enter).toThrow('unable to upgrade connection: container not found ("c")')
})

test('attaching to a terminal shows its prompt, and passes keys on', async () => {
  const stream = nodeOf('two').attach(session('shell', { stdin: true, tty: true }))
  let screen = ''
  stream.onData((data, channel) => {
    if (channel === 1) screen += data
  })
  stream.send('echo $((6 * 7))\r', 0)
  await lab.advance(1)
  expect(screen).toMatch(/^\/ # echo/)
  expect(screen).toMatch(/\r\n42\r\n/)
  stream.close()
})

test('attaching to a program without a terminal joins its input and output', async () => {
  const stream = nodeOf('two').attach(session('echo', { stdin: true }))
  stream.send('hello\n', 0)
  stream.send(undefined, 0)
  const { text } = await lab.drain(stream)
  expect(text).toBe('hello\n')
})

test('the end of the input reaches a program only where it is meant for one client', async () => {
  const container = { name: 'c', image: 'busybox:1.36', command: ['cat'], stdin: true }
  lab.createPod('once', { containers: [{ ...container, stdinOnce: true }], restartPolicy: 'Never' })
  lab.createPod('ever', { containers: [container], restartPolicy: 'Never' })
  await lab.advance(6)
  for (const pod of ['once', 'ever'])
    nodeOf(pod)
      .attach({ ...session('c', { stdin: true }), pod })
      .send(undefined, 0)
  await lab.advance(3)
  expect([lab.pod('once').status.phase, lab.pod('ever').status.phase]).toEqual(['Succeeded', 'Running'])
})

test.each([
  [{}, 'one\ntwo\nthree\n'],
  [{ tailLines: 1 }, 'three\n'],
  [{ tailLines: 0 }, ''],
  [{ limitBytes: 5 }, 'one\nt'],
  [{ sinceSeconds: 3600 }, 'one\ntwo\nthree\n'],
  [{ sinceTime: '2030-01-01T00:00:00Z' }, ''],
])('logs with %j give %j', async (changes, text) => {
  expect(await lab.logs('two', 'c', changes)).toBe(text)
})

test('logs can carry the time of each line', async () => {
  expect(await lab.logs('two', 'c', { timestamps: true, tailLines: 1 })).toMatch(
    /^2026-03-02T09:\d\d:\d\d\.\d{9}Z three\n$/,
  )
})

test('followed logs go on until the container ends', async () => {
  lab.createPod('short', { command: ['sh', '-c', 'echo a; sleep 4; echo b'], restartPolicy: 'Never' })
  await lab.advance(3)
  expect(await lab.logs('short', 'c', { follow: true })).toBe('a\nb\n')
})

test('the log of a removed container cannot be read, and the text says so', async () => {
  const isThirdEnd = () => {
    const { state, restartCount } = lab.pod('crash').status.containerStatuses![0]!
    return state?.terminated !== undefined && restartCount >= 2
  }
  await lab.kernel.advance(60_000, isThirdEnd)
  expect(await lab.logs('crash')).toBe('no config\n')
  expect(await lab.logs('crash', 'c', { previous: true })).toMatch(
    /^unable to retrieve container logs for containerd:\/\/[0-9a-f]{64}$/,
  )
})

test.each([
  ['absent', {}, 'container "c" in pod "absent" is waiting to start: trying and failing to pull image'],
  ['two', { previous: true }, 'previous terminated container "c" in pod "two" not found'],
])('logs of %s with %j are refused', async (name, changes, message) => {
  await expect(lab.logs(name, 'c', changes)).rejects.toThrow(message)
})

test('port-forward joins a client to a port inside the pod', async () => {
  const stream = nodeOf('two').portForward({ namespace: 'default', pod: 'two', port: 80 })
  stream.send('GET / HTTP/1.0\r\n\r\n')
  let text = ''
  stream.onData(data => {
    text += new TextDecoder().decode(data as Uint8Array)
  })
  await lab.advance(1)
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\nServer: nginx\/1\.27/)
})

test('port-forward to a port where nobody listens tells of both address families', async () => {
  const { end } = await lab.drain(nodeOf('two').portForward({ namespace: 'default', pod: 'two', port: 81 }))
  expect((end as { message: string }).message).toMatch(
    /^error forwarding port 81 to pod ([0-9a-f]{64}), uid : failed to execute portforward in network namespace "\/var\/run\/netns\/cni-[0-9a-f-]{36}": failed to connect to localhost:81 inside namespace "\1", IPv4: dial tcp4 127\.0\.0\.1:81: connect: connection refused IPv6 dial tcp6 \[::1\]:81: connect: connection refused $/,
  )
})
