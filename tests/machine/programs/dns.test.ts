import { expect, test } from 'vitest'
import { dig } from '#simulator/machine/programs/dig.ts'
import { getent } from '#simulator/machine/programs/getent.ts'
import { host } from '#simulator/machine/programs/host.ts'
import { nslookup } from '#simulator/machine/programs/nslookup.ts'
import { namedLab } from './netLab.ts'

test('dig shows the whole answer', async () => {
  const { lab, one } = await namedLab()
  const run = await lab.run(one, dig, 'web.default.svc.cluster.local')
  expect(run.stdout.replace(/id: \d+/, 'id: N').replace(/COOKIE: \w+/, 'COOKIE: C')).toBe(`
; <<>> DiG 9.18.28-1~deb12u2-Debian <<>> web.default.svc.cluster.local
;; global options: +cmd
;; Got answer:
;; WARNING: .local is reserved for Multicast DNS
;; You are currently testing what happens when an mDNS query is leaked to DNS
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: N
;; flags: qr aa rd; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1
;; WARNING: recursion requested but not available

;; OPT PSEUDOSECTION:
; EDNS: version: 0, flags:; udp: 1232
; COOKIE: C (echoed)
;; QUESTION SECTION:
;web.default.svc.cluster.local.	IN	A

;; ANSWER SECTION:
web.default.svc.cluster.local. 30 IN	A	10.0.0.2

;; Query time: 0 msec
;; SERVER: 10.0.0.3#53(10.0.0.3) (UDP)
;; WHEN: Mon Mar 02 09:00:00 UTC 2026
;; MSG SIZE  rcvd: 86

`)
})

test.each([
  [['+short', 'web'], ''],
  [['+short', '+search', 'web'], '10.0.0.2\n'],
  [['+short', 'alias.default.svc.cluster.local'], 'web.default.svc.cluster.local.\n10.0.0.2\n'],
  [['-x', '10.0.0.2', '+short'], 'web.default.svc.cluster.local.\n'],
  [['+short', '_http._tcp.web.default.svc.cluster.local', 'SRV'], '0 100 80 web.default.svc.cluster.local.\n'],
  [['-t', 'SRV', '_http._tcp.web.default.svc.cluster.local', '+short'], '0 100 80 web.default.svc.cluster.local.\n'],
  [
    ['+noall', '+answer', '@10.0.0.3', 'web.default.svc.cluster.local'],
    'web.default.svc.cluster.local. 30 IN\tA\t10.0.0.2\n',
  ],
])('dig %j', async (words, output) => {
  const { lab, one } = await namedLab()
  expect((await lab.run(one, dig, ...words)).transcript).toBe(output)
})

test('dig goes through the search path and can show every step', async () => {
  const { lab, one } = await namedLab()
  const run = await lab.run(one, dig, '+search', '+showsearch', '+noall', '+question', 'nope')
  expect(run.stdout).toBe(
    ';nope.default.svc.cluster.local.	IN	A\n;nope.svc.cluster.local.		IN	A\n;nope.cluster.local.		IN	A\n;nope.				IN	A\n',
  )
})

test('dig asks a silent server three times', async () => {
  const { lab, one } = await namedLab()
  const run = await lab.run(one, dig, '@10.0.0.77', '+time=1', '+nocmd', 'x')
  expect(run.transcript).toBe(
    `${';; communications error to 10.0.0.77#53: timed out\n'.repeat(3)};; no servers could be reached\n? 9\n`,
  )
  expect(run.endedAt - run.startedAt).toBe(3001)
})

test('nslookup tells who does not recurse, and asks for both kinds of addresses', async () => {
  const { lab, one } = await namedLab()
  expect((await lab.run(one, nslookup, 'alias')).transcript).toBe(`;; Got recursion not available from 10.0.0.3
Server:		10.0.0.3
Address:	10.0.0.3#53

alias.default.svc.cluster.local	canonical name = web.default.svc.cluster.local.
Name:	web.default.svc.cluster.local
Address: 10.0.0.2
;; Got recursion not available from 10.0.0.3

`)
})

test('nslookup names the last candidate that does not exist', async () => {
  const { lab, one } = await namedLab()
  expect((await lab.run(one, nslookup, 'nope')).transcript).toBe(
    `${';; Got recursion not available from 10.0.0.3\n'.repeat(4)}Server:\t\t10.0.0.3\nAddress:\t10.0.0.3#53\n\n** server can't find nope: NXDOMAIN\n\n? 1\n`,
  )
})

test('nslookup without a server', async () => {
  const { lab, one } = await namedLab()
  expect((await lab.run(one, nslookup, '-timeout=1', '-retry=0', 'web', '10.0.0.2')).transcript).toBe(
    ';; communications error to 10.0.0.2#53: connection refused\n;; no servers could be reached\n\n? 1\n',
  )
})

test('BusyBox sends all questions at once and fails when one does', async () => {
  const { lab, busybox } = await namedLab()
  expect((await lab.run(busybox, nslookup, 'web.default.svc.cluster.local')).transcript).toBe(`Server:		10.0.0.3
Address:	10.0.0.3:53


Name:	web.default.svc.cluster.local
Address: 10.0.0.2

`)
  const short = await lab.run(busybox, nslookup, 'web')
  expect(short.stdout).toContain("** server can't find web.svc.cluster.local: NXDOMAIN\n")
  expect(short.stdout).toContain('Name:\tweb.default.svc.cluster.local\nAddress: 10.0.0.2\n')
  expect(short.status).toBe(1)
})

test('BusyBox looks for names with a dot nowhere else', async () => {
  const { lab, busybox } = await namedLab()
  const run = await lab.run(busybox, nslookup, 'web.default')
  expect(run.stdout).toContain("** server can't find web.default: NXDOMAIN\n")
})

test.each([
  [['hosts', 'web'], '10.0.0.2        web.default.svc.cluster.local\n'],
  [['hosts', '10.0.0.2'], '10.0.0.2        web.default.svc.cluster.local\n'],
  [['hosts', 'localhost'], '127.0.0.1       localhost\n'],
  [['hosts', 'nope'], '? 2\n'],
  [
    ['ahosts', 'web'],
    '10.0.0.2        STREAM web.default.svc.cluster.local\n10.0.0.2        DGRAM  \n10.0.0.2        RAW    \n',
  ],
  [['passwd', 'root'], 'root:x:0:0:root:/root:/bin/sh\n'],
])('getent %j', async (words, output) => {
  const { lab, one } = await namedLab()
  expect((await lab.run(one, getent, ...words)).transcript).toBe(output)
})

test('host says each thing in a sentence', async () => {
  const { lab, one } = await namedLab()
  expect((await lab.run(one, host, 'alias')).transcript).toBe(
    'alias.default.svc.cluster.local is an alias for web.default.svc.cluster.local.\nweb.default.svc.cluster.local has address 10.0.0.2\n',
  )
  expect((await lab.run(one, host, 'nope')).transcript).toBe('Host nope not found: 3(NXDOMAIN)\n? 1\n')
})
