import { expect, test } from 'vitest'
import { TestCluster } from '../fixture.ts'

const configuration = '/etc/cni/net.d/10-bridge.conflist'

test('when the last address lies outside the range that is configured now, addresses begin at its start', async () => {
  const lab = await TestCluster.boot({ cni: { plugin: 'bridge', subnet: '172.17.0.0/16' } })
  const { files } = lab.cluster.machines.get('node2')!
  const create = async (name: string) => {
    lab.createPod(name, {
      nodeName: 'node2',
      containers: [{ name: 'c', image: 'nicolaka/netshoot:v0.13', command: ['sleep', 'infinity'] }],
    })
    await lab.advance(6)
    return lab.pod(name).status.podIP
  }
  expect(await create('before')).toBe('172.17.0.2')
  files.writeText(
    configuration,
    files.readText(configuration).replace('"172.17.0.0/16"', '"172.17.0.0/16", "rangeStart": "172.17.2.10"'),
  )
  expect(await create('after')).toBe('172.17.2.10')
  expect(await create('next')).toBe('172.17.2.11')
})
