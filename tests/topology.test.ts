import { expect, test } from 'vitest'
import { Lab } from '#simulator/lab.ts'
import { readLabSettings } from '#simulator/labDefinition.ts'

test.each([
  [{ cni: 'flannel' }, 'cni0', 'flannel.1', 'netfilter'],
  [{ cni: 'flannel', backend: 'host-gw' }, 'cni0', undefined, 'netfilter'],
  [{ cni: 'kubenet' }, 'cbr0', undefined, 'netfilter'],
  [{ cni: 'calico' }, undefined, 'tunl0', 'netfilter'],
  [{ cni: 'calico', backend: 'vxlan' }, undefined, 'vxlan.calico', 'netfilter'],
  [{ cni: 'cilium' }, undefined, 'cilium_vxlan', 'eBPF'],
])('the picture of %o shows the bridge %s, the tunnel %s and %s', async (settings, bridge, tunnel, gate) => {
  const lab = await Lab.boot({ cluster: readLabSettings(settings), files: {} }, 1)
  await lab.run('kubectl run web --image=nginx:1.27')
  await lab.settle()
  const node = lab.topology().machines.find(({ pods }) => pods.some(({ name }) => name === 'web'))!
  expect(node).toMatchObject({ gate, role: 'node' })
  expect([node.bridge?.name, node.tunnel?.name]).toEqual([bridge, tunnel])
  expect(node.pods.find(({ name }) => name === 'web')!.cable).toMatch(/^(veth|cali|lxc)/)
})
