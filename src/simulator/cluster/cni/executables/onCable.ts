import { broadcastOf, parseIpv4, parsePrefix } from '../../../network/address.ts'
import type { NetworkInterface } from '../../../network/interface.ts'
import { CniError, type CniExecutable, type CniRequest } from './executable.ts'

interface Settings {
  /** The node's interface whose cable is shared. */
  readonly master?: string
  readonly mode?: string
  readonly mtu?: number
  readonly ipam?: {
    readonly type?: string
    readonly routes?: readonly { readonly dst: string; readonly gw?: string }[]
  }
}

/** A plugin that gives a container an interface on a cable of the node. */
export function executableOnCable(
  type: string,
  modes: readonly string[],
  make: (request: CniRequest, master: NetworkInterface) => NetworkInterface,
): CniExecutable {
  return {
    type,
    kind: 'main',
    add(configuration, request, _before, delegates) {
      const settings = configuration as Settings
      const mode = settings.mode ?? modes[0]!
      if (!modes.includes(mode)) {
        if (/^(bridge|private|vepa|passthru|l2|l3|l3s)$/.test(mode))
          throw new CniError(`${type} mode ${mode} is not simulated here`)
        throw new CniError(`unknown ${type} mode: "${mode}"`)
      }
      const master = masterOf(settings, request)
      if (request.namespace.interface(request.interfaceName))
        throw new CniError(`container veth name (${request.interfaceName}) already exists`)
      const device = make(request, master)
      device.mtu = Math.min(settings.mtu ?? master.mtu, master.mtu)
      if (settings.ipam?.type === undefined) {
        device.up()
        return { addresses: [] }
      }
      try {
        const result = delegates.add({ ...configuration, type: settings.ipam.type }, request)
        if (result.addresses.length === 0) throw new CniError('IPAM plugin returned missing IP config')
        for (const { address } of result.addresses) {
          const prefix = parsePrefix(address)!
          device.addAddress(prefix, { broadcast: broadcastOf(prefix) })
        }
        device.up()
        const gateway = parseIpv4(result.addresses[0]!.gateway ?? '')
        for (const { dst, gw } of settings.ipam.routes ?? []) {
          const via = parseIpv4(gw ?? '') ?? gateway
          request.namespace.addRoute(parsePrefix(dst) ?? { address: 0, length: 0 }, {
            interface: device.name,
            ...(via !== undefined && { gateway: via }),
          })
        }
        return result
      } catch (error) {
        request.namespace.removeInterface(request.interfaceName)
        throw error
      }
    },
    remove(configuration, request, delegates) {
      const { ipam } = configuration as Settings
      if (ipam?.type !== undefined) delegates.remove({ ...configuration, type: ipam.type }, request)
      request.namespace.removeInterface(request.interfaceName)
    },
  }
}

/** The interface that a configuration names; without a name, the one that the default route leads out by. */
function masterOf({ master }: Settings, { host }: CniRequest): NetworkInterface {
  const name = master ?? host.routes.list().find(route => route.destination.length === 0)?.interface
  if (name === undefined) throw new CniError('default route not found')
  const found = host.interface(name)
  if (!found) throw new CniError(`failed to lookup master "${name}": Link not found`)
  return found
}
