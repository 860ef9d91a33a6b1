import { beforeAll, expect, test } from 'vitest'
import { TestCluster } from '../fixture.ts'

let lab: TestCluster

beforeAll(async () => {
  lab = await TestCluster.boot()
  const image = 'registry.k8s.io/e2e-test-images/agnhost:2.53'
  const containers = [{ name: 'c', image, args: ['netexec', '--http-port=8080', '--udp-port=8081'] }]
  lab.createPod('one', { containers })
  lab.createPod('two', { containers })
  lab.createPod('client', { image: 'nicolaka/netshoot:v0.13', command: ['sleep', 'infinity'] })
  await lab.advance(5)
})

async function ask(path: string, port = 8080): Promise<string> {
  return (await lab.exec('client', ['curl', '-s', `http://${lab.pod('one').status.podIP}:${port}${path}`])).output
}

test.each([
  ['/hostname', /^one$/],
  ['/clientip', /^10\.244\.\d+\.\d+:\d+$/],
  ['/echo?msg=hello%20there', /^hello there$/],
  ['/shell?cmd=echo%20hi', /^\{"output":"hi\\n"\}$/],
  ['/header?key=user-agent', /^curl\//],
  ['/', /^NOW: 2026-03-02 09:\d\d:\d\d\.\d{9} \+0000 UTC m=\+[\d.]+$/],
  ['/nope', /^404 page not found\n$/],
])('netexec answers at %s', async (path, answer) => {
  expect(await ask(path)).toMatch(answer)
})

test('netexec asks others over HTTP and UDP', async () => {
  const host = lab.pod('two').status.podIP
  expect(await ask(`/dial?host=${host}&port=8080&request=hostname&protocol=http`)).toBe('{"responses":["two"]}')
  expect(await ask(`/dial?host=${host}&port=8081&request=hostname&protocol=udp&tries=2`)).toBe(
    '{"responses":["two","two"]}',
  )
})

test('netexec writes down whom it served', async () => {
  expect(await lab.logs('one')).toMatch(
    /^I0302 09:\d\d:\d\d\.\d{6} {7}1 log\.go:244\] Started UDP server on port {2}8081\nI0302 .* Started HTTP server on port 8080\n/,
  )
})

test.each([
  ['8080', 0, ''],
  ['9999', 1, 'REFUSED\n'],
])('connect to port %s ends with %i', async (port, status, output) => {
  const target = `${lab.pod('two').status.podIP}:${port}`
  expect(await lab.exec('one', ['/agnhost', 'connect', target, '--timeout', '2s'])).toEqual({ status, output })
})

test('connect to an address where nobody is times out', async () => {
  expect(await lab.exec('one', ['/agnhost', 'connect', '10.244.9.9:80', '--timeout=1s'])).toEqual({
    status: 1,
    output: 'TIMEOUT\n',
  })
})

/** Runs one of agnhost's commands in a pod of its own and gives what it printed. */
async function agnhost(name: string, args: string[]): Promise<string> {
  const image = 'registry.k8s.io/e2e-test-images/agnhost:2.53'
  const volumeMounts = [{ name: 'v', mountPath: '/v' }]
  lab.createPod(name, {
    restartPolicy: 'Never',
    volumes: [{ name: 'v', emptyDir: { medium: 'Memory' } }],
    containers: [{ name: 'c', image, args, volumeMounts }],
  })
  await lab.advance(5)
  return lab.logs(name)
}

test('mounttest says how files are', async () => {
  const args = ['--fs_type=/v', '--new_file_0644=/v/f', '--file_perm=/v/f', '--file_owner=/v/f', '--file_mode=/v']
  expect(await agnhost('mounts', ['mounttest', ...args])).toBe(
    [
      'mount type of "/v": tmpfs',
      'content of file "/v/f": mount-tester new file\n',
      'mode of file "/v": drwxrwxrwx',
      'perms of file "/v/f": -rw-r--r--',
      'owner UID of "/v/f": 0',
      'owner GID of "/v/f": 0',
      '',
    ].join('\n'),
  )
})

test('test-webserver serves the files of its container', async () => {
  await agnhost('files', ['test-webserver'])
  const get = async (path: string) =>
    (await lab.exec('client', ['curl', '-s', `http://${lab.pod('files').status.podIP}${path}`])).output
  expect(await get('/etc/hostname')).toBe('files\n')
  expect(await get('/nope')).toBe('404 page not found\n')
  expect(await get('/')).toContain('<a href="etc/">etc/</a>')
})

test('nettest counts who has written to it', async () => {
  await agnhost('counter', ['nettest'])
  const url = `http://${lab.pod('counter').status.podIP}:8080`
  await lab.exec('client', ['curl', '-s', '-d', '{"Source":"me"}', `${url}/write`])
  expect(JSON.parse((await lab.exec('client', ['curl', '-s', `${url}/read`])).output)).toMatchObject({
    Received: { me: 1 },
  })
})

test('logs-generator writes so many lines, evenly over the time', async () => {
  const image = 'registry.k8s.io/e2e-test-images/agnhost:2.53'
  const args = ['logs-generator', '--log-lines-total', '4', '--run-duration', '8s']
  lab.createPod('writer', { containers: [{ name: 'c', image, args }], restartPolicy: 'Never' })
  await lab.advance(5)
  const log = () => lab.logs('writer', 'c', {})
  const early = (await log()).trim().split('\n')
  expect(early.length).toBeGreaterThan(0)
  expect(early.length).toBeLessThan(4)
  await lab.advance(10)
  const lines = (await log()).trim().split('\n')
  expect(lines).toHaveLength(4)
  expect(lines[3]).toMatch(
    /logs_generator\.go:76\] 3 (GET|POST|PUT) \/api\/v1\/namespaces\/[a-z-]+\/pods\/\w+ [2-5]\d\d$/,
  )
})

test('port-forward-tester hears what it wants to, answers in chunks, and is done', async () => {
  const image = 'registry.k8s.io/e2e-test-images/agnhost:2.53'
  const env = Object.entries({ BIND_ADDRESS: '0.0.0.0', BIND_PORT: '7000', EXPECTED_CLIENT_DATA: 'abc', CHUNKS: '3' })
  lab.createPod('tester', {
    containers: [
      {
        name: 'c',
        image,
        args: ['port-forward-tester'],
        env: [...env, ['CHUNK_SIZE', '5']].map(([name = '', value = '']) => ({ name, value })),
      },
    ],
    restartPolicy: 'Never',
  })
  await lab.advance(5)
  const { output } = await lab.exec('client', [
    'sh',
    '-c',
    `printf abc | nc -w 2 ${lab.pod('tester').status.podIP} 7000`,
  ])
  expect(output).toBe('x'.repeat(15))
  await lab.advance(3)
  expect(await lab.logs('tester', 'c', {})).toBe('Accepted client connection\nReceived expected client data\nDone\n')
})
