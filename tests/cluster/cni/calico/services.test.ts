import { describe, expect, test } from 'vitest'
import { networkPolicy } from '../../../../src/simulator/cluster/kinds/networkPolicy.ts'
import { pod } from '../../../../src/simulator/cluster/kinds/pod.ts'
import { service } from '../../../../src/simulator/cluster/kinds/service.ts'
import { listRules } from '../../../../src/simulator/network/netfilter/format.ts'
import { TestCluster } from '../../fixture.ts'

async function boot(proxy: 'iptables' | 'nftables' | 'ipvs'): Promise<TestCluster> {
  const lab = await TestCluster.boot({ cni: { plugin: 'calico' }, proxy })
  const create = (name: string, nodeName: string, image: string, command?: string[]) =>
    lab.client.create(pod, {
      metadata: { name, namespace: 'default', labels: { app: name } },
      spec: { nodeName, containers: [{ name: 'c', image, ...(command && { command }) }] } as never,
    })
  create('web', 'node1', 'nginx:1.27')
  create('near', 'node1', 'nicolaka/netshoot:v0.13', ['sleep', 'infinity'])
  create('far', 'node2', 'nicolaka/netshoot:v0.13', ['sleep', 'infinity'])
  lab.client.create(service, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80, nodePort: 30080 }] },
  } as never)
  await lab.advance(40)
  return lab
}

/** The status codes that clients get, or 000. */
async function ask(lab: TestCluster): Promise<string[]> {
  const curl = (url: string) => ['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', '-m', '2', url]
  const codes: string[] = []
  for (const name of ['near', 'far']) codes.push((await lab.exec(name, curl('http://web'))).output)
  for (const node of ['192.168.64.11', '192.168.64.12'])
    codes.push((await lab.run('lab', curl(`http://${node}:30080`).join(' '))).output)
  return codes
}

describe.each(['iptables', 'nftables', 'ipvs'] as const)('with kube-proxy in mode %s', proxy => {
  test('policies judge by the pods at both ends, whatever Service led there', async () => {
    const lab = await boot(proxy)
    expect(await ask(lab)).toEqual(['200', '200', '200', '200'])
    lab.client.create(networkPolicy, {
      metadata: { name: 'p', namespace: 'default' },
      spec: {
        podSelector: { matchLabels: { app: 'web' } },
        ingress: [{ from: [{ podSelector: { matchLabels: { app: 'near' } } }] }],
      },
    } as never)
    await lab.advance(1)
    expect(await ask(lab)).toEqual(['200', '000', '000', '000'])
    lab.client.create(networkPolicy, {
      metadata: { name: 'silent', namespace: 'default' },
      spec: { podSelector: { matchLabels: { app: 'near' } }, policyTypes: ['Egress'] },
    } as never)
    await lab.advance(1)
    expect(await ask(lab)).toEqual(['000', '000', '000', '000'])
    const { netfilter } = lab.cluster.machines.get('node1')!.network
    const hasMarks = netfilter.table('filter').chains.has('cali-set-endpoint-mark')
    expect(hasMarks).toBe(proxy === 'ipvs')
    if (hasMarks)
      expect(listRules(netfilter.table('filter'), 'cali-forward-check').at(-1)).toMatch(
        /"To kubernetes service" -m set ! --match-set cali40this-host dst -j cali-set-endpoint-mark$/,
      )
  })
})
