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
