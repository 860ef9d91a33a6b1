import { beforeAll, expect, test } from 'vitest'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { service } from '../../../src/simulator/cluster/kinds/service.ts'
import { TestCluster } from '../fixture.ts'

let lab: TestCluster

/** Pods by what they run, beside those of single tests. */
const more = {
  'blue-1': 'jpetazzo/color',
  asked: 'registry.k8s.io/echoserver:1.10',
  bootcamp: 'gcr.io/google-samples/kubernetes-bootcamp:v1',
  node: 'gcr.io/google-samples/node-hello:1.0',
  named: 'registry.k8s.io/serve_hostname',
  costly: 'registry.k8s.io/hpa-example',
  slim: 'registry.k8s.io/nginx-slim:0.24',
  humble: 'nginxinc/nginx-unprivileged:1.27-alpine',
  'plain-text': 'nginxdemos/nginx-hello:plain-text',
  tools: 'wbitt/network-multitool',
  mirrored: 'public.ecr.aws/docker/library/nginx:1.27',
  api: 'kiamol/ch03-numbers-api',
  web: 'kiamol/ch03-numbers-web',
}

beforeAll(async () => {
  lab = await TestCluster.boot()
  lab.createPod('client', { image: 'nicolaka/netshoot:v0.13', command: ['sleep', 'infinity'] })
  lab.createPod('apache', { image: 'httpd:2.4' })
  lab.createPod('store', { image: 'redis:7' })
  lab.createPod('who', { image: 'traefik/whoami' })
  lab.createPod('hello', { image: 'gcr.io/google-samples/hello-app:1.0' })
  lab.createPod('echo', { containers: [{ name: 'c', image: 'hashicorp/http-echo', args: ['-text=hi there'] }] })
  lab.createPod('inward', {
    containers: [{ name: 'c', image: 'hashicorp/http-echo', args: ['-listen=127.0.0.1:8080', '-text=hi inside'] }],
  })
  for (const [name, image] of Object.entries(more)) lab.createPod(name, { image })
  await lab.advance(20)
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

test('a server that listens on the loopback address refuses callers from other pods', async () => {
  expect(await get('inward', 8080, '-s -o /dev/null -w %{http_code} --max-time 2')).toBe('000')
  expect(await lab.logs('inward')).toContain('server is listening on 127.0.0.1:8080')
})

test.each([
  ['hello', 8080, /^Hello, world!\nVersion: 1\.0\.0\nHostname: hello\n$/],
  ['echo', 5678, /^hi there\n$/],
  [
    'who',
    80,
    /^Hostname: who\nIP: 127\.0\.0\.1\nIP: 10\.244\.\d+\.\d+\nRemoteAddr: 10\.244\.\d+\.\d+:\d+\nGET \/ HTTP\/1\.1\n/,
  ],
  ['blue-1', 80, /^🔵This is pod default\/blue-1 on linux\/amd64, serving \/ for 10\.244\.\d+\.\d+:\d+\.\n$/],
  [
    'asked',
    8080,
    /^\n\nHostname: asked\n[\s\S]*\tclient_address=10\.244[\s\S]*\taccept=\*\/\*\n[\s\S]*no body in request-\n\n$/,
  ],
  ['bootcamp', 8080, /^Hello Kubernetes bootcamp! \| Running on: bootcamp \| v=1\n$/],
  ['node', 8080, /^Hello Kubernetes!$/],
  ['named', 9376, /^named\n$/],
  ['costly', 80, /^OK!$/],
  ['slim', 80, /Welcome to nginx!/],
  ['humble', 8080, /Welcome to nginx!/],
  ['mirrored', 80, /Welcome to nginx!/],
  [
    'plain-text',
    8080,
    /^Server address: 10\.244\.\d+\.\d+:8080\nServer name: plain-text\n[\s\S]*Request ID: [\da-f]{32}\n$/,
  ],
  ['tools', 80, /^WBITT Network MultiTool \(with NGINX\) - tools - 10\.244\.\d+\.\d+ - HTTP: 80 , HTTPS: 443 \./],
  ['api', 80, /^$/],
  ['web', 80, /<h1>KIAMOL Random Number Generator<\/h1>\n {4}<form method="post">/],
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

test('the page of random numbers asks the API by the name of its Service', async () => {
  const press = () => get('web', 80, '-s -X POST')
  expect(await press()).toContain('<p>RNG service unavailable!</p>')
  lab.client.patch(pod, 'api', 'default', { metadata: { labels: { app: 'numbers-api' } } })
  lab.client.create(service, {
    metadata: { name: 'numbers-api', namespace: 'default' },
    spec: { selector: { app: 'numbers-api' }, ports: [{ port: 80 }] },
  })
  await lab.advance(3)
  expect(await press()).toMatch(/<p>Here it is: \d{1,2}<\/p>\n {4}<p>\(Using API at: http:\/\/numbers-api\/sixeyed/)
})

test('an image that exists elsewhere is said to be missing here', async () => {
  lab.createPod('store-of-rows', { image: 'mysql:9' })
  await lab.advance(3)
  expect(lab.pod('store-of-rows').status.containerStatuses![0]!.state!.waiting).toMatchObject({
    reason: 'ErrImagePull',
    message:
      'failed to pull and unpack image "docker.io/library/mysql:9": failed to resolve reference "docker.io/library/mysql:9": docker.io/library/mysql is not simulated here',
  })
})
