import { expect, test } from 'vitest'
import type { Certificate } from '#simulator/machine/certificate.ts'
import { encodeCertificate } from '#simulator/machine/certificate.ts'
import { type HttpHandler, serveHttp } from '#simulator/machine/httpServer.ts'
import { curl } from '#simulator/machine/programs/curl.ts'
import { namedLab, webServer } from './netLab.ts'

const handler: HttpHandler = request => {
  if (request.target === '/old') return { status: 302, headers: { Location: '/new' }, body: 'moved\n' }
  if (request.target === '/none') return { status: 404, body: 'none\n' }
  const headers = [...request.headers].map(([name, value]) => `${name}: ${value}\n`).join('')
  const body = `${request.method} ${request.target}\n${headers}${new TextDecoder().decode(request.body)}\n`
  return { status: 200, headers: { 'Content-Type': 'text/plain' }, body }
}

async function curlLab() {
  const world = await namedLab()
  world.lab.start(world.two, webServer(handler))
  await world.lab.advance(5)
  return world
}

test('the body goes to stdout', async () => {
  const { lab, one } = await curlLab()
  const run = await lab.run(one, curl, '-s', 'web/a?b=c#d')
  expect(run.transcript).toBe('GET /a?b=c\nHost: web\nUser-Agent: curl/7.88.1\nAccept: */*\n\n')
})

test('-v tells the whole conversation', async () => {
  const { lab, one } = await curlLab()
  const run = await lab.run(one, curl, '-sv', '-d', 'x=1', '-L', 'web/old')
  expect(run.stderr).toBe(`*   Trying 10.0.0.2:80...
* Connected to web (10.0.0.2) port 80 (#0)
> POST /old HTTP/1.1
> Host: web
> User-Agent: curl/7.88.1
> Accept: */*
> Content-Length: 3
> Content-Type: application/x-www-form-urlencoded
> 
} [3 bytes data]
< HTTP/1.1 302 Found
< Location: /new
< Content-Length: 6
< 
* Ignoring the response-body
* Connection #0 to host web left intact
* Issue another request to this URL: 'http://web/new'
* Switch from POST to GET
* Found bundle for host: 0x55d0c7a5f2b0 [serially]
* Can not multiplex, even if we wanted to
* Re-using existing connection #0 with host web
> GET /new HTTP/1.1
> Host: web
> User-Agent: curl/7.88.1
> Accept: */*
> 
< HTTP/1.1 200 OK
< Content-Type: text/plain
< Content-Length: 56
< 
{ [56 bytes data]
* Connection #0 to host web left intact
`)
})

test('what is sent follows the options', async () => {
  const { lab, one } = await curlLab()
  const words = [
    '-s',
    '-X',
    'PUT',
    '-H',
    'Host: shop.example',
    '-H',
    'Accept:',
    '-H',
    'X-One: 1',
    '-A',
    'me',
    '-u',
    'a:b',
  ]
  const run = await lab.run(one, curl, ...words, '--json', '{"a":1}', 'web:80/p')
  expect(run.stdout).toBe(
    'PUT /p\nHost: shop.example\nAuthorization: Basic YTpi\nUser-Agent: me\nX-One: 1\nContent-Length: 7\nContent-Type: application/json\n{"a":1}\n',
  )
})

test('data come from the command line, files and stdin, in their order', async () => {
  const { lab, one } = await curlLab()
  one.files.writeText('/tmp/body', 'from\nfile\n')
  const words = ['-s', '-d', 'a=1', '--data-urlencode', 'q=x y&z', '-d', '@/tmp/body', '--data-raw', '@raw', '-d', '@-']
  const run = await lab.finish(lab.startAs(one, curl, ['curl', ...words, 'web/p'], 'std\nin\n'))
  expect(run.stdout.split('\n').at(-2)).toBe('a=1&q=x%20y%26z&fromfile&@raw&stdin')
  const get = await lab.run(one, curl, '-sG', '-d', 'a=1', '-d', 'b=2', 'web/p?c=3')
  expect(get.stdout.split('\n')[0]).toBe('GET /p?c=3&a=1&b=2')
})

test.each([
  [['-sS', 'nope'], 'curl: (6) Could not resolve host: nope', 6],
  [['-sS', 'web:81'], "curl: (7) Failed to connect to web port 81 after 0 ms: Couldn't connect to server", 7],
  [['-sS', '-m', '2', '10.0.0.9'], 'curl: (28) Connection timed out after 2001 milliseconds', 28],
  [
    ['-sS', '--connect-timeout', '1', '10.0.0.9'],
    'curl: (28) Failed to connect to 10.0.0.9 port 80 after 1001 ms: Timeout was reached',
    28,
  ],
  [['-fsS', 'web/none'], 'curl: (22) The requested URL returned error: 404', 22],
  [['-sS', 'ftp:x/y z'], 'curl: (3) URL using bad/illegal format or missing URL', 3],
  [['-sS', 'foo://web'], 'curl: (1) Protocol "foo" not supported or disabled in libcurl', 1],
  [['-sS', 'https://web:80'], 'curl: (35) error:0A00010B:SSL routines::wrong version number', 35],
  [
    ['--nope', 'web'],
    "curl: option --nope: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information",
    2,
  ],
  [['-m'], "curl: option -m: requires parameter\ncurl: try 'curl --help' or 'curl --manual' for more information", 2],
  [['-F', 'a=b', 'web'], 'curl: option -F is not simulated here', 1],
])('%j fails in curl’s words', async (words, message, status) => {
  const { lab, one } = await curlLab()
  const run = await lab.run(one, curl, ...words)
  expect([run.stderr, run.status]).toEqual([`${message}\n`, status])
})

test('-s hides the message and keeps the status', async () => {
  const { lab, one } = await curlLab()
  const run = await lab.run(one, curl, '-s', 'nope')
  expect(run.transcript).toBe('? 6\n')
})

test('-w fills in what was measured, also after a failure', async () => {
  const { lab, one } = await curlLab()
  const format = '%{http_code} %{remote_ip}:%{remote_port} %{local_port} %{size_download} %{num_redirects}\\n'
  const run = await lab.run(one, curl, '-sL', '-o', '/dev/null', '--local-port', '40001', '-w', format, 'web/old')
  expect(run.stdout).toBe('200 10.0.0.2:80 40001 56 1\n')
  expect((await lab.run(one, curl, '-s', '-w', '%{http_code}', 'web:81')).stdout).toBe('000')
})

test('-o and -O write files', async () => {
  const { lab, one } = await curlLab()
  await lab.run(one, curl, '-s', '-o', '/tmp/page', 'web/a')
  expect(one.files.readText('/tmp/page')).toContain('GET /a\n')
  await lab.run(one, curl, '-sO', 'web/dir/b.txt')
  expect(one.files.readText('/b.txt')).toContain('GET /dir/b.txt\n')
})

test('-i and -I show the head', async () => {
  const { lab, one } = await curlLab()
  expect((await lab.run(one, curl, '-si', 'web/none')).stdout).toBe(
    'HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nnone\n',
  )
  expect((await lab.run(one, curl, '-sI', 'web/none')).stdout).toBe(
    'HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\n',
  )
})

test('--retry waits longer each time', async () => {
  const { lab, one } = await curlLab()
  const run = await lab.run(one, curl, '-s', '--retry', '3', '--retry-connrefused', 'web:81')
  expect(run.status).toBe(7)
  expect(run.endedAt - run.startedAt).toBe(7001)
})

test('--resolve gives a name an address', async () => {
  const { lab, one } = await curlLab()
  const run = await lab.run(one, curl, '-s', '--resolve', 'shop.example:80:10.0.0.2', 'http://shop.example/x')
  expect(run.stdout).toContain('Host: shop.example\n')
})

test('without -s the meter goes to stderr', async () => {
  const { lab, one } = await curlLab()
  const run = await lab.run(one, curl, 'web')
  expect(run.stderr.split('\n')[0]).toBe(
    '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current',
  )
  expect(run.stderr).toMatch(/\r100 +53 +100 +53 +0 +0 +\d+k? +0 --:--:-- --:--:-- --:--:-- +\d+k?\n$/)
})

const root: Certificate = {
  subject: 'CN=kubernetes',
  issuer: 'CN=kubernetes',
  names: [],
  notBefore: 0,
  notAfter: 4e12,
  key: 'root',
  signedBy: 'root',
}
const leaf: Certificate = { ...root, subject: 'CN=web', names: ['web', '*.example'], key: 'leaf' }

test('over TLS the certificate is checked', async () => {
  const { lab, one, two } = await curlLab()
  lab.start(two, {
    name: 'https',
    summary: 'TLS server',
    async run(process) {
      serveHttp(process, 443, handler, { tls: { certificates: () => [leaf] } })
      await process.wait(() => {})
      return 0
    },
  })
  await lab.advance(5)
  one.files.writeText('/ca.crt', encodeCertificate(root))
  const run = (...words: string[]) => lab.run(one, curl, '-sS', ...words)
  expect((await run('https://web')).stderr).toContain(
    'curl: (60) SSL certificate problem: unable to get local issuer certificate\nMore details here: https://curl.se/docs/sslcerts.html\n',
  )
  expect((await run('-k', 'https://web')).stdout).toContain('GET /\n')
  expect((await run('--cacert', '/ca.crt', 'https://web')).stdout).toContain('GET /\n')
  expect((await run('--cacert', '/ca.crt', 'https://10.0.0.2')).stderr).toContain(
    "curl: (60) SSL: no alternative certificate subject name matches target ipv4 address '10.0.0.2'",
  )
  expect((await run('http://web:443')).stdout).toBe('Client sent an HTTP request to an HTTPS server.\n')
})

test('cookies are kept in a file and sent again', async () => {
  const world = await namedLab()
  const handler: HttpHandler = ({ target, headers }) => ({
    status: 200,
    headers: target.startsWith('/set')
      ? [
          ['Set-Cookie', 'route=abc|1; Max-Age=600; Path=/; HttpOnly'],
          ['Set-Cookie', 'plain=x y'],
          ['Set-Cookie', 'closed=2; Secure'],
          ['Set-Cookie', 'far=3; Domain=elsewhere.example'],
        ]
      : [],
    body: `${headers.get('cookie') ?? '-'}\n`,
  })
  world.lab.start(world.two, webServer(handler))
  await world.lab.advance(5)
  const { lab, one } = world
  const first = await lab.run(one, curl, '-sv', '-c', '/tmp/jar', 'web/set/it')
  expect(first.stderr).toContain(`* Added cookie route="abc|1" for domain web, path /, expire 1772442600
< Set-Cookie: route=abc|1; Max-Age=600; Path=/; HttpOnly
* Added cookie plain="x y" for domain web, path /set/, expire 0
< Set-Cookie: plain=x y
< Set-Cookie: closed=2; Secure
* skipped cookie with bad tailmatch domain: elsewhere.example
`)
  expect(one.files.readText('/tmp/jar')).toBe(`# Netscape HTTP Cookie File
# https://curl.se/docs/http-cookies.html
# This file was generated by libcurl! Edit at your own risk.

web\tFALSE\t/set/\tFALSE\t0\tplain\tx y
#HttpOnly_web\tFALSE\t/\tFALSE\t1772442600\troute\tabc|1
`)
  expect((await lab.run(one, curl, '-s', '-b', '/tmp/jar', 'web/')).stdout).toBe('route=abc|1\n')
  const both = await lab.run(one, curl, '-s', '-b', '/tmp/jar', '-b', 'more=1', 'web/set/x')
  expect(both.stdout).toBe('plain=x y; route=abc|1; more=1\n')
  expect((await lab.run(one, curl, '-s', '-b', '/tmp/none', 'web/')).stdout).toBe('-\n')
})
