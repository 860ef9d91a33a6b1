import { broadcastOf, formatIpv4 } from '../../../network/address.ts'
import { Bridge } from '../../../network/bridge.ts'
import { CniError, type CniExecutable, type CniRequest } from '../executables/executable.ts'
import { Addresses } from './addresses.ts'
import { controlPort, podRange, withLength } from './range.ts'

/** Plugs a container into the bridge `weave` with an address from the router of its node. */
export const weaveNet: CniExecutable = {
  type: 'weave-net',
  kind: 'main',
  add(configuration, request) {
    const { host, namespace, containerId, interfaceName } = request
    const addresses = new Addresses(request.files)
    if (!isRouterThere(request)) throw new CniError(`unable to allocate IP address: ${refusal('Post', containerId)}`)
    const address = addresses.allocate(containerId)
    if (address === undefined) throw new CniError('unable to allocate IP address: 503 Service Unavailable')
    const bridge = host.interface('weave')
    if (!(bridge instanceof Bridge)) {
      addresses.release(containerId)
      throw new CniError('bridge "weave" not present; did you launch weave?')
    }
    const cable = namespace.addVeth(interfaceName, host, `vethwepl${containerId.slice(0, 7)}`)
    cable.mtu = bridge.mtu
    cable.peer.mtu = bridge.mtu
    bridge.addPort(cable.peer)
    cable.peer.port.hairpin = configuration['hairpinMode'] === true
    cable.peer.up()
    const own = { address, length: podRange.length }
    cable.addAddress(own, { broadcast: broadcastOf(own) })
    cable.up()
    const gateway = bridge.addresses[0]!.address
    namespace.addRoute({ address: 0, length: 0 }, { gateway, interface: cable.name })
    // Addresses are handed out again at once: who still knows the last owner must hear of the new one.
    namespace.neighbours.announce(cable, address)
    return { addresses: [{ address: withLength(address), gateway: formatIpv4(gateway) }] }
  },
  remove(_configuration, request) {
    const { namespace, containerId, interfaceName } = request
    if (namespace.interface(interfaceName)) namespace.removeInterface(interfaceName)
    if (!isRouterThere(request)) throw new CniError(`unable to release IP address: ${refusal('Delete', containerId)}`)
    new Addresses(request.files).release(containerId)
  },
}

/** Whether the router listens to the plugins of its node. */
function isRouterThere({ host }: CniRequest): boolean {
  return host.sockets.list().some(({ state, local }) => state === 'LISTEN' && local.port === controlPort)
}

function refusal(method: string, containerId: string): string {
  return `${method} "http://127.0.0.1:${controlPort}/ip/${containerId}": dial tcp 127.0.0.1:${controlPort}: connect: connection refused`
}
