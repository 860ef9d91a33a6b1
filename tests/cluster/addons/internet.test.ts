import { beforeAll, expect, test } from 'vitest'
import { Lab } from '../../../src/simulator/lab.ts'
import { readLabSettings } from '../../../src/simulator/labDefinition.ts'

let lab: Lab

beforeAll(async () => {
  lab = await Lab.boot({ cluster: readLabSettings({}), files: {} }, 1)
  await lab.run('kubectl run client --image=nicolaka/netshoot --command -- sleep 1000000')
  await lab.run('kubectl wait --for=condition=Ready pod/client --timeout=60s', 70_000)
})

async function inPod(command: string): Promise<string> {
  const { stdout } = await lab.run(`kubectl exec client -- ${command}`, 30_000)
  return stdout.trimEnd()
}

test('a pod reads a page over HTTPS and trusts its certificate', async () => {
  expect(await inPod('curl -sS https://example.com')).toContain('<h1>Example Domain</h1>')
  expect(await inPod("curl -s -o /dev/null -w '%{http_code}' https://203.0.113.10")).toBe('000')
  expect(await inPod("curl -sL -o /dev/null -w '%{url_effective}' http://www.example.net")).toBe('https://example.net/')
})

test('a server outside sees the address of the gateway, and its log says so', async () => {
  expect(await inPod('curl -s https://api.example.org/ip')).toBe('198.51.100.2')
  const { stdout } = await lab.run('ssh example.org tail -n 1 /var/log/nginx/access.log')
  expect(stdout).toMatch(
    /^198\.51\.100\.2 - - \[02\/Mar\/2026:[\d:]+ \+0000\] "GET \/ip HTTP\/1\.1" 200 13 "-" "curl\/[\d.]+"$/m,
  )
})

test('the way out leads over the node, the gateway and the router of the provider', async () => {
  const hops = await inPod('traceroute -n -m 6 -q 1 -w 1 203.0.113.10')
  expect([...hops.matchAll(/^ \d +([\d.]+)/gm)].map(([, address]) => address)).toEqual([
    expect.stringMatching(/^10\.244\.\d\.1$/),
    '192.168.64.1',
    '198.51.100.1',
    '203.0.113.10',
  ])
})

test('what the lab does not have on the internet is silence', async () => {
  expect(await inPod("curl -s -m 2 http://8.8.8.8 || echo 'exit status' $?")).toBe('exit status 28')
  const { status } = await lab.run('curl -s -m 2 http://8.8.8.8')
  expect(status).toBe(28)
})

test('names outside have addresses, aliases, mail servers, texts and a way back', async () => {
  expect(await inPod('dig +short www.example.com')).toBe('example.com.\n203.0.113.10')
  expect(await inPod('dig +short example.com MX')).toBe('10 mail.example.com.')
  expect(await inPod('dig +short example.com TXT')).toBe('"v=spf1 mx -all"')
  expect(await inPod('dig +short -x 192.0.2.20')).toBe('example.org.')
  expect(await inPod("sh -c 'dig nowhere.example.com | grep -o status:.[A-Z]*'")).toBe('status: NXDOMAIN')
  expect(await inPod("sh -c 'dig example.com AAAA | grep -o status:.[A-Z]*'")).toBe('status: NOERROR')
})
