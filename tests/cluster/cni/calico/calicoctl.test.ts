import { beforeAll, expect, test } from 'vitest'
import { node } from '../../../../src/simulator/cluster/kinds/node.ts'
import { TestCluster } from '../../fixture.ts'

let lab: TestCluster

beforeAll(async () => {
  lab = await TestCluster.boot({ cni: { plugin: 'calico' } })
  lab.createPod('web', { nodeName: 'node1', image: 'nginx:1.27' })
  await lab.advance(6)
})

const run = async (words: string) => (await lab.run('lab', `calicoctl ${words}`)).output

test('nodes, pools and pods stand in columns with blanks behind each', async () => {
  expect(await run('get nodes -o wide')).toBe(
    [
      'NAME            ASN       IPV4               IPV6   ',
      'control-plane   (64512)   192.168.64.10/24          ',
      'node1           (64512)   192.168.64.11/24          ',
      'node2           (64512)   192.168.64.12/24          ',
      '\n',
    ].join('\n'),
  )
  expect(await run('get ippool')).toBe(
    'NAME                  CIDR            SELECTOR   \ndefault-ipv4-ippool   10.244.0.0/16   all()      \n\n',
  )
  expect(await run('get wep')).toMatch(
    /^WORKLOAD {3}NODE .*\nweb {8}node1 {3}10\.244\.179\.129\/32 {3}cali[\da-f]{11} {3}\n\n$/,
  )
})

test('ipam show counts what is taken', async () => {
  expect(
    await run('ipam show --show-blocks'),
  ).toBe(`+----------+-------------------+-----------+------------+--------------+
| GROUPING |       CIDR        | IPS TOTAL | IPS IN USE |   IPS FREE   |
+----------+-------------------+-----------+------------+--------------+
| IP Pool  | 10.244.0.0/16     |     65536 | 7 (0%)     | 65529 (100%) |
| Block    | 10.244.121.64/26  |        64 | 3 (5%)     | 61 (95%)     |
| Block    | 10.244.179.128/26 |        64 | 2 (3%)     | 62 (97%)     |
| Block    | 10.244.179.64/26  |        64 | 2 (3%)     | 62 (97%)     |
+----------+-------------------+-----------+------------+--------------+
`)
})

test('node status tells of the other nodes, and is asked on a node', async () => {
  expect(await run('node status')).toBe('Calico process is not running.\n')
  const { output } = await lab.run('node1', 'sudo calicoctl node status')
  expect(output).toContain('Calico process is running.\n\nIPv4 BGP status\n')
  expect(
    output.match(/\| 192\.168\.64\.1[02] \| node-to-node mesh \| up {4}\| \d\d:\d\d:\d\d \| Established \|/g),
  ).toHaveLength(2)
})

test.each([
  ['get ippool nope', 'resource does not exist: ippool(nope) with error: ippool "nope" not found\n'],
  ['get globalnetworkpolicy', 'calicoctl get globalnetworkpolicy is not simulated here\n'],
  ['ipam check', 'calicoctl ipam check is not simulated here\n'],
])('%s', async (words, answer) => {
  expect(await run(words)).toBe(answer)
})

test('the blocks of a node that is gone are given up', async () => {
  lab.client.delete(node, 'node2')
  await lab.advance(30)
  expect(await run('ipam show --show-blocks')).not.toContain('10.244.179.64/26')
})
