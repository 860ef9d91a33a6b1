import { expect, test } from 'vitest'
import { curl } from '#simulator/machine/programs/curl.ts'
import { nc } from '#simulator/machine/programs/nc.ts'
import { netstat } from '#simulator/machine/programs/netstat.ts'
import { ss } from '#simulator/machine/programs/ss.ts'
import { telnet } from '#simulator/machine/programs/telnet.ts'
import { NetLab, namedLab, webServer } from './netLab.ts'

test('ss lists listeners in columns that fit', async () => {
  const lab = new NetLab()
  const one = lab.machine('one', '10.0.0.1')
  lab.start(one, webServer())
  await lab.advance(5)
  expect(
    (await lab.run(one, ss, '-ltnp')).stdout,
  ).toBe(`State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess                     
LISTEN 0      4096         0.0.0.0:80        0.0.0.0:*   users:(("httpd",pid=1,fd=3))
`)
  expect((await lab.run(one, netstat, '-tlnp')).stdout).toBe(`Active Internet connections (only servers)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name    
tcp        0      0 0.0.0.0:80              0.0.0.0:*               LISTEN      1/httpd             
`)
})

test('ss filters by state and place', async () => {
  const { lab, one, two } = await namedLab()
  lab.start(two, webServer())
  lab.start(one, nc, '10.0.0.2', '80')
  await lab.advance(5)
  await lab.run(one, curl, '-s', '--local-port', '40001', '10.0.0.2')
  expect((await lab.run(one, ss, '-tnH', 'state', 'time-wait')).stdout).toBe('0 0 10.0.0.1:40001 10.0.0.2:80\n')
  expect((await lab.run(one, ss, '-tanH', 'sport', '=', ':40001')).stdout).toBe(
    'TIME-WAIT 0 0 10.0.0.1:40001 10.0.0.2:80\n',
  )
  expect((await lab.run(one, ss, '-tanH', 'dst', '10.9.0.0/16')).stdout).toBe('')
  expect((await lab.run(one, ss, 'what')).stderr).toBe(
    'ss: bison bellows (while parsing filter): "syntax error!" Sorry.\n',
  )
})

test.each([
  [['-zv', '10.0.0.2', '80'], '! Connection to 10.0.0.2 80 port [tcp/http] succeeded!\n'],
  [['-zv', 'web', '80'], '! Connection to web (10.0.0.2) 80 port [tcp/http] succeeded!\n'],
  [['-zv', 'web', '81'], '! nc: connect to web (10.0.0.2) port 81 (tcp) failed: Connection refused\n? 1\n'],
  [
    ['-zv', '-w', '1', '10.0.0.9', '80'],
    '! nc: connect to 10.0.0.9 port 80 (tcp) timed out: Operation now in progress\n? 1\n',
  ],
  [['-zv', 'nope', '80'], '! nc: getaddrinfo for host "nope" port 80: Name or service not known\n? 1\n'],
  [['-z', '10.0.0.2', '81'], '? 1\n'],
  [['-zvu', '10.0.0.3', '53'], '! Connection to 10.0.0.3 53 port [udp/domain] succeeded!\n'],
])('nc %j', async (words, transcript) => {
  const { lab, one, two } = await namedLab()
  lab.start(two, webServer())
  await lab.advance(5)
  expect((await lab.run(one, nc, ...words)).transcript).toBe(transcript)
})

test('BusyBox’ nc has words of its own', async () => {
  const { lab, busybox, two } = await namedLab()
  lab.start(two, webServer())
  await lab.advance(5)
  expect((await lab.run(busybox, nc, '-zv', 'web', '80')).transcript).toBe('! web (10.0.0.2:80) open\n')
  expect((await lab.run(busybox, nc, '-zv', 'web', '81')).transcript).toBe(
    '! nc: web (10.0.0.2:81): Connection refused\n? 1\n',
  )
})

test('two nc talk to each other', async () => {
  const { lab, one, two } = await namedLab()
  const server = lab.startAs(two, nc, ['nc', '-l', '-v', '-p', '9000'], 'from the server\n')
  await lab.advance(5)
  const client = await lab.finish(lab.startAs(one, nc, ['nc', '-N', '10.0.0.2', '9000'], 'from the client\n'))
  await lab.finish(server)
  expect(server.stdout).toBe('from the client\n')
  expect(client.stdout).toBe('from the server\n')
  expect(server.stderr).toMatch(/^Listening on 0\.0\.0\.0 9000\nConnection received on 10\.0\.0\.1 \d+\n$/)
})

test('telnet says how it goes', async () => {
  const { lab, one } = await namedLab()
  expect((await lab.run(one, telnet, 'web', '81')).transcript).toBe(
    'Trying 10.0.0.2...\n! telnet: Unable to connect to remote host: Connection refused\n? 1\n',
  )
})

test('a killed server gives its port back', async () => {
  const lab = new NetLab()
  const one = lab.machine('one', '10.0.0.1')
  const first = lab.start(one, webServer())
  await lab.advance(5)
  first.process.kill('SIGKILL')
  await lab.advance(5)
  expect((await lab.run(one, ss, '-ltnH')).stdout).toBe('')
  const second = lab.start(one, webServer())
  await lab.advance(5)
  expect(second.status).toBeUndefined()
})
