import { node } from '../kinds/node.ts'
import { defineController, watch } from './controller.ts'

/** Gives every node its part of the pod range: the next /24 that no other node has. */
export const nodeAddressController = defineController({
  name: 'node-ipam-controller',
  component: 'cidrAllocator',
  watches: [watch(node)],
  reconcile(key, { client, plane, record }) {
    const found = client.get(node, key)
    if (!found || !plane.podRange || found.spec?.podCIDR) return
    const taken = new Set(client.list(node).map(({ spec }) => spec?.podCIDR))
    const free = parts(plane.podRange).find(part => !taken.has(part))
    if (free === undefined) {
      record(found, 'Normal', 'CIDRNotAvailable', `Node ${key} status is now: CIDRNotAvailable`)
      return
    }
    client.patch(node, key, undefined, { spec: { podCIDR: free, podCIDRs: [free] } })
  },
})

/** The networks of 256 addresses in a range, in order. */
function parts(range: string): string[] {
  const [address = '', length = '24'] = range.split('/')
  const start = address.split('.').reduce((number, part) => number * 256 + Number(part), 0)
  const count = 2 ** Math.max(0, 24 - Number(length))
  return Array.from({ length: count }, (_, i) => {
    const network = start + i * 256
    return `${[24, 16, 8].map(shift => Math.floor(network / 2 ** shift) % 256).join('.')}.0/24`
  })
}
