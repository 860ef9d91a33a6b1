import { beforeAll, expect, test } from 'vitest'
import { TestCluster } from '../fixture.ts'

let lab: TestCluster

beforeAll(async () => {
  lab = await TestCluster.boot()
  lab.createPod('client', { image: 'nicolaka/netshoot:v0.13', command: ['sleep', 'infinity'] })
  lab.createPod('apache', { image: 'httpd:2.4' })
  lab.createPod('store', { image: 'redis:7' })
  lab.createPod('who', { image: 'traefik/whoami' })
  lab.createPod('hello', { image: 'gcr.io/google-samples/hello-app:1.0' })
  lab.createPod('echo', { containers: [{ name: 'c', image: 'hashicorp/http-echo', args: ['-text=hi there'] }] })
  await lab.advance(12)
})

async function get(name: string, port: number, flags = '-s'): Promise<string> {
  const { podIP } = lab.pod(name).status
  return (await lab.exec('client', ['bash', '-c', `curl ${flags} http://${podIP}:${port}/`])).output
}

test('Apache serves its page and logs who asked', async () => {
  expect(await get('apache', 80)).toBe('<html><body><h1>It works!</h1></body></html>\n')
  expect(await lab.logs('apache')).toMatch(/AH00489: Apache\/2\.4\.\d+ \(Unix\) configured/)
  expect(await lab.logs('apache')).toMatch(
    /10\.244\.\d+\.\d+ - - \[02\/Mar\/2026:[\d:]+ \+0000\] "GET \/ HTTP\/1\.1" 200 45\n/,
  )
})

test.each([
  ['hello', 8080, /^Hello, world!\nVersion: 1\.0\.0\nHostname: hello\n$/],
  ['echo', 5678, /^hi there\n$/],
  [
    'who',
    80,
    /^Hostname: who\nIP: 127\.0\.0\.1\nIP: 10\.244\.\d+\.\d+\nRemoteAddr: 10\.244\.\d+\.\d+:\d+\nGET \/ HTTP\/1\.1\n/,
  ],
] as const)('%s answers on port %i', async (name, port, answer) => {
  expect(await get(name, port)).toMatch(answer)
})

test('redis keeps values', async () => {
  const cli = async (...words: string[]) => (await lab.exec('store', ['redis-cli', ...words])).output
  expect(await cli('ping')).toBe('PONG\n')
  expect(await cli('set', 'color', 'blue')).toBe('OK\n')
  expect(await cli('get', 'color')).toBe('blue\n')
  expect(await cli('incr', 'color')).toBe('ERR value is not an integer or out of range\n')
  expect(await cli('nope', 'x')).toBe("ERR unknown command 'nope', with args beginning with: 'x' \n")
})
