import type { NetworkInterface } from '../../../network/interface.ts'
import { AddressSet } from '../../../network/netfilter/addressSet.ts'
import type { Datapath } from './datapath.ts'
import { fromHost } from './programs/fromHost.ts'
import { fromOverlay } from './programs/fromOverlay.ts'
import { fromNetdev, toNetdev } from './programs/nodePort.ts'
import { socketTranslation } from './programs/socketTranslation.ts'
import { nodeSet, writeRules } from './rules.ts'

/** Makes what a node needs besides pods: interfaces, routes, rules, and programs at each of them. */
export function setUpNode(datapath: Datapath, nativeRange: string | undefined): void {
  const { host, outside, nodeAddress, isTunnelling } = datapath.options
  host.sysctl.set('net.ipv4.ip_forward', '1')
  const cable = setUpCable(datapath)
  if (isTunnelling && !host.interface('cilium_vxlan')) {
    const tunnel = host.addVxlan('cilium_vxlan', {
      id: 0,
      local: nodeAddress,
      isExternal: true,
      isLearning: false,
      mtu: 1500,
    })
    tunnel.up()
    tunnel.ingress = fromOverlay(datapath)
  }
  cable.egress ??= fromHost(datapath)
  const lan = host.interface(outside)
  if (lan) {
    lan.ingress ??= fromNetdev(datapath)
    lan.egress ??= toNetdev(datapath)
  }
  host.sockets.program ??= socketTranslation(datapath)
  if (!isTunnelling) {
    const nodes = host.netfilter.sets.get(nodeSet) ?? new AddressSet(nodeSet, 'hash:ip')
    nodes.add({ prefix: { address: nodeAddress, length: 32 } })
    host.netfilter.sets.set(nodeSet, nodes)
  }
  writeRules(datapath, nativeRange)
}

/** cilium_host, which has the node's address among pods, and cilium_net at its other end. */
function setUpCable({ options }: Datapath): NetworkInterface {
  const { host, router, range } = options
  const known = host.interface('cilium_host')
  if (known) return known
  // The other end is made first: it gets the lower number.
  const net = host.addVeth('cilium_net', host, 'cilium_host')
  const cable = host.interface('cilium_host')!
  for (const device of [net, cable]) {
    device.isArpOff = true
    device.up()
  }
  cable.addAddress({ address: router, length: 32 })
  const common = { kind: 'unicast', interface: cable.name, protocol: 'kernel', table: 'main' } as const
  host.routes.add({ ...common, destination: { address: router, length: 32 }, scope: 'link' })
  host.routes.add({ ...common, destination: range, gateway: router, source: router, scope: 'global' })
  return cable
}
