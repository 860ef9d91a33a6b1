import { expect, test } from 'vitest'
import { Lab } from '../../../src/simulator/lab.ts'
import { readLabSettings } from '../../../src/simulator/labDefinition.ts'

async function boot(proxy: string) {
  const lab = await Lab.boot({ cluster: readLabSettings({ proxy }), files: {} }, 1)
  return async (command: string) => {
    const { stdout, stderr } = await lab.run(command, 60_000)
    return (stdout + stderr).trimEnd()
  }
}

test('in mode ipvs kube-proxy warns in its log and on its node', async () => {
  const run = await boot('ipvs')
  const message =
    "The ipvs proxier is now deprecated and may be removed in a future release. Please use 'nftables' instead."
  expect(await run('kubectl -n kube-system logs ds/kube-proxy')).toMatch(
    /"Using ipvs Proxier"\nE0302 [\d:.]+ +1 server_linux\.go:196\] "The ipvs proxier is now deprecated/,
  )
  expect(await run('kubectl describe node node1')).toMatch(
    new RegExp(`Warning +IPVSDeprecation +\\w+ +kube-proxy +${message}`),
  )
  expect(await run('ssh node1 sudo ipvsadm -Ln')).toContain('TCP  10.96.0.1:443 rr\n  -> 192.168.64.10:6443 ')
  expect(await run('ssh node1 ip addr show kube-ipvs0')).toMatch(/state DOWN[\s\S]*inet 10\.96\.0\.1\/32 scope global/)
})

test('an echo request to a Service is lost in mode iptables and refused in the others', async () => {
  const answers: Record<string, string> = {}
  for (const proxy of ['iptables', 'nftables', 'ipvs'])
    answers[proxy] = await (await boot(proxy))('ssh node1 ping -c 1 -W 1 10.96.0.1')
  expect(answers['iptables']).toMatch(/1 packets transmitted, 0 received, 100% packet loss/)
  expect(answers['nftables']).toMatch(/Destination Port Unreachable|Operation not permitted/)
  expect(answers['ipvs']).toMatch(/Destination Port Unreachable|Operation not permitted/)
})

test('kube-proxy says that it is well', async () => {
  const run = await boot('iptables')
  expect(await run('ssh node1 curl -s http://localhost:10256/healthz')).toMatch(
    /^\{"lastUpdated": "2026-03-02 [\d:.]+ \+0000 UTC","currentTime": "[^"]+", "nodeEligible": true\}$/,
  )
})

test('kube-proxy changes its mode when it starts again with another configuration', async () => {
  const run = await boot('iptables')
  const change = async (mode: string) => {
    await run(
      `kubectl -n kube-system get cm kube-proxy -o yaml | sed 's/mode: .*/mode: "${mode}"/' | kubectl replace -f -`,
    )
    await run('kubectl -n kube-system rollout restart ds kube-proxy')
    await run('kubectl -n kube-system rollout status ds kube-proxy --timeout=100s; sleep 3')
    return {
      answer: await run('ssh node1 curl -sk -m 3 -o /dev/null -w "%{http_code}" https://10.96.0.1/healthz'),
      balanced: await run('ssh node1 sudo ipvsadm -Ln | grep -c :443'),
      tables: await run('ssh node1 sudo nft list tables | grep -c kube-proxy'),
      chains: Number(await run('ssh node1 sudo iptables-save | grep -c KUBE-SVC')) > 0,
    }
  }
  expect(await change('ipvs')).toEqual({ answer: '200', balanced: '1', tables: '0', chains: true })
  expect(await change('nftables')).toEqual({ answer: '200', balanced: '0', tables: '2', chains: false })
  expect(await change('iptables')).toEqual({ answer: '200', balanced: '0', tables: '0', chains: true })
})
