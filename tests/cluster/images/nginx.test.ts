import { beforeAll, expect, test } from 'vitest'
import { configMap } from '../../../src/simulator/cluster/kinds/configMap.ts'
import { TestCluster } from '../fixture.ts'

let lab: TestCluster

beforeAll(async () => {
  lab = await TestCluster.boot()
  lab.createPod('web', { image: 'nginx:1.27' })
  lab.createPod('client', { image: 'nicolaka/netshoot:v0.13', command: ['sleep', 'infinity'] })
  await lab.advance(4)
})

/** An nginx with its own server configuration. */
async function serve(name: string, configuration: string): Promise<void> {
  lab.client.create(configMap, { metadata: { name, namespace: 'default' }, data: { 'default.conf': configuration } })
  lab.createPod(name, {
    containers: [{ name: 'c', image: 'nginx:1.27', volumeMounts: [{ name: 'conf', mountPath: '/etc/nginx/conf.d' }] }],
    volumes: [{ name: 'conf', configMap: { name } }],
  })
  await lab.advance(4)
}

async function get(name: string, path = '/', flags = '-s'): Promise<string> {
  return (await lab.exec('client', ['bash', '-c', `curl ${flags} http://${lab.pod(name).status.podIP}${path}`])).output
}

test('a fresh nginx welcomes everybody', async () => {
  expect(await get('web')).toMatch('<h1>Welcome to nginx!</h1>')
  expect(await get('web', '/', '-s -o /dev/null -w "%{http_code} %{size_download}"')).toBe('200 615')
})

test('its answers have the header fields of nginx, in its order', async () => {
  const head = (await get('web', '/', '-sI')).split('\r\n')
  expect(head[0]).toBe('HTTP/1.1 200 OK')
  expect(head.slice(1, 9).map(line => line.split(':')[0])).toEqual([
    'Server',
    'Date',
    'Content-Type',
    'Content-Length',
    'Last-Modified',
    'Connection',
    'ETag',
    'Accept-Ranges',
  ])
  expect(head[1]).toBe('Server: nginx/1.27.5')
})

test('what is not there is told in its page and in its log', async () => {
  expect(await get('web', '/nope')).toBe(
    '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx/1.27.5</center>\r\n</body>\r\n</html>\r\n',
  )
  const log = await lab.logs('web')
  expect(log).toMatch(
    /\[error\] \d+#\d+: \*\d+ open\(\) "\/usr\/share\/nginx\/html\/nope" failed \(2: No such file or directory\), client: 10\.244\.\d+\.\d+, server: localhost, request: "GET \/nope HTTP\/1\.1", host: "10\.244\.\d+\.\d+"\n/,
  )
  expect(log).toMatch(
    /10\.244\.\d+\.\d+ - - \[02\/Mar\/2026:09:\d\d:\d\d \+0000\] "GET \/nope HTTP\/1\.1" 404 153 "-" "curl\/[\d.]+" "-"\n/,
  )
})

test('it tells what it does when it starts', async () => {
  const lines = (await lab.logs('web')).split('\n')
  expect(lines.slice(0, 2).map(line => line.slice(20))).toEqual([
    '[notice] 1#1: using the "epoll" event method',
    '[notice] 1#1: nginx/1.27.5',
  ])
})

test('the program can be asked for its version and to check its configuration', async () => {
  expect(await lab.exec('web', ['nginx', '-v'])).toEqual({ status: 0, output: 'nginx version: nginx/1.27.5\n' })
  expect(await lab.exec('web', ['nginx', '-t'])).toEqual({
    status: 0,
    output:
      'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n',
  })
})

test('locations answer by themselves, by files or by passing on', async () => {
  await serve(
    'front',
    `upstream backend { server ${lab.pod('web').status.podIP}:80; }
server {
  listen 80;
  default_type text/plain;
  location = /who { return 200 "I am $hostname, you are $remote_addr\\n"; }
  location /old { return 301 /new; }
  location /api/ { proxy_pass http://backend/; proxy_set_header X-From $host; }
  location ~ \\.secret$ { return 403; }
}`,
  )
  expect(await get('front', '/who')).toBe(`I am front, you are ${lab.pod('client').status.podIP}\n`)
  expect(await get('front', '/old', '-s -o /dev/null -w "%{http_code} %{redirect_url}"')).toBe(
    `301 http://${lab.pod('front').status.podIP}/new`,
  )
  expect(await get('front', '/api/')).toMatch('Welcome to nginx!')
  expect(await get('front', '/x.secret', '-s -o /dev/null -w "%{http_code}"')).toBe('403')
})

test('0.0.0.0 stands for all addresses', async () => {
  await serve('broad', 'server { listen 0.0.0.0:80; return 200 "here\\n"; }')
  expect(await get('broad', '/')).toBe('here\n')
})

test('a gateway without a backend answers 502', async () => {
  await serve('lonely', 'server { listen 80; location / { proxy_pass http://127.0.0.1:81; } }')
  expect(await get('lonely', '/', '-s -o /dev/null -w "%{http_code}"')).toBe('502')
  expect(await lab.logs('lonely')).toMatch(
    /connect\(\) failed \(111: Connection refused\) while connecting to upstream/,
  )
})

test.each([
  ['an unknown directive', 'server { listne 80; }', 'unknown directive "listne" in /etc/nginx/conf.d/default.conf:1'],
  [
    'an unclosed block',
    'server {\n listen 80;\n',
    'unexpected end of file, expecting "}" in /etc/nginx/conf.d/default.conf:2',
  ],
  [
    'a host that is not there',
    'server { location / { proxy_pass http://nowhere.invalid; } }',
    'host not found in upstream "nowhere.invalid" in /etc/nginx/conf.d/default.conf:1',
  ],
  [
    'what is lacking here',
    'server { listen 80; location / { rewrite ^ /x; } }',
    '"rewrite" is not simulated here in /etc/nginx/conf.d/default.conf:1',
  ],
])('%s ends nginx with a message', async (what, configuration, message) => {
  const name = what.replaceAll(' ', '-')
  await serve(name, configuration)
  await lab.advance(12)
  expect((await lab.logs(name)).split('\n')[1]).toBe(`nginx: [emerg] ${message}`)
  expect(lab.pod(name).status.containerStatuses![0]!.restartCount).toBeGreaterThan(0)
})

test('a port that is taken is tried five times', async () => {
  lab.createPod('clash', {
    containers: [
      { name: 'c', image: 'nginx:1.27' },
      { name: 'd', image: 'nginx:1.27' },
    ],
  })
  await lab.advance(5)
  expect(await lab.logs('clash', 'd')).toMatch(
    /\[emerg\] 1#1: bind\(\) to 0\.0\.0\.0:80 failed \(98: Address already in use\)\nnginx: \[emerg\] bind\(\) to 0\.0\.0\.0:80 failed \(98: Address already in use\)\n.*try again to bind\(\) after 500ms\n/,
  )
})
