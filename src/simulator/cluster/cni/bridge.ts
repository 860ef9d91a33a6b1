import type { NetworkPlugin } from './plugin.ts'

/** A bridge on every node with the same range of addresses, and nothing between the nodes. */
export const bridge: NetworkPlugin = {
  name: 'bridge',
  summary: 'A bridge on every node, each with the same addresses; nothing carries packets from node to node.',
  install({ nodes }, { subnet = '10.244.88.0/24', without }) {
    const configuration = {
      cniVersion: '0.3.1',
      name: 'bridge',
      plugins: [
        {
          type: 'bridge',
          bridge: 'br0',
          isGateway: true,
          ipMasq: true,
          hairpinMode: true,
          ipam: { type: 'host-local', subnet, routes: [{ dst: '0.0.0.0/0' }] },
        },
        { type: 'portmap', capabilities: { portMappings: true } },
      ],
    }
    for (const node of nodes) {
      if (without.includes(node.name)) continue
      node.files.mkdir('/etc/cni/net.d', { parents: true })
      node.files.writeText('/etc/cni/net.d/10-bridge.conflist', `${JSON.stringify(configuration, undefined, 2)}\n`)
    }
  },
}
