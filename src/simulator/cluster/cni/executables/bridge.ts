import { broadcastOf, formatPrefix, type Prefix, parseIpv4, parsePrefix } from '../../../network/address.ts'
import { Bridge } from '../../../network/bridge.ts'
import { parseRule } from '../../../network/netfilter/parse.ts'
import { Rule } from '../../../network/netfilter/rule.ts'
import { Random } from '../../../random.ts'
import {
  CniError,
  type CniExecutable,
  type CniRequest,
  type CniResult,
  type PluginConfiguration,
} from './executable.ts'

interface Settings {
  readonly bridge?: string
  readonly isGateway?: boolean
  readonly isDefaultGateway?: boolean
  readonly ipMasq?: boolean
  readonly hairpinMode?: boolean
  readonly mtu?: number
  readonly ipam?: {
    readonly type?: string
    readonly routes?: readonly { readonly dst: string; readonly gw?: string }[]
  }
}

/** Plugs a container into a bridge of the node with a pair of interfaces, and makes the bridge where it is missing. */
export const bridge: CniExecutable = {
  type: 'bridge',
  kind: 'main',
  add(configuration, request, _before, delegates) {
    const settings = configuration as Settings
    const ports = settings.bridge ?? 'cni0'
    const found = request.host.interface(ports)
    if (found && !(found instanceof Bridge)) throw new CniError(`"${ports}" already exists but is not a bridge`)
    const device = found ?? request.host.addBridge(ports)
    if (settings.mtu !== undefined) device.mtu = settings.mtu
    if (!device.isUp) device.up()

    const [inside, outside] = plug(request, settings, device)
    const result = settings.ipam?.type === undefined ? undefined : allocate(configuration, request, delegates.add)
    const given = result?.addresses[0]
    const address = given && parsePrefix(given.address)
    const gateway = given?.gateway === undefined ? undefined : parseIpv4(given.gateway)
    if (!address) {
      inside.up()
      outside.up()
      return { addresses: [] }
    }
    inside.addAddress(address, { broadcast: broadcastOf(address) })
    outside.up()
    inside.up()
    if (gateway !== undefined) {
      for (const route of routesOf(settings))
        request.namespace.addRoute(route.destination, { gateway: route.gateway ?? gateway, interface: inside.name })
      if (settings.isGateway || settings.isDefaultGateway) {
        const own: Prefix = { address: gateway, length: address.length }
        if (!device.addresses.some(each => each.address === gateway)) {
          const other = device.addresses[0]
          if (other)
            throw new CniError(
              `failed to set bridge addr: "${ports}" already has an IP address different from ${formatPrefix(own)}`,
            )
          device.addAddress(own, { broadcast: broadcastOf(own) })
        }
        request.host.sysctl.set('net.ipv4.ip_forward', '1')
      }
    }
    if (settings.ipMasq) masquerade(configuration, request, address)
    return result!
  },
  remove(configuration, request, delegates) {
    const settings = configuration as Settings
    if (settings.ipMasq) unmasquerade(configuration, request)
    if (settings.ipam?.type !== undefined) delegates.remove({ ...configuration, type: settings.ipam.type }, request)
    if (request.namespace.interface(request.interfaceName)) request.namespace.removeInterface(request.interfaceName)
  },
}

function plug(request: CniRequest, settings: Settings, device: Bridge) {
  if (request.namespace.interface(request.interfaceName))
    throw new CniError(
      `failed to create bridge port: container veth name provided (${request.interfaceName}) already exists`,
    )
  const inside = request.namespace.addVeth(request.interfaceName, request.host, `veth${request.random.hex(8)}`)
  const outside = inside.peer
  inside.mtu = settings.mtu ?? inside.mtu
  outside.mtu = settings.mtu ?? outside.mtu
  device.addPort(outside)
  outside.port.hairpin = settings.hairpinMode ?? false
  return [inside, outside] as const
}

function allocate(
  configuration: PluginConfiguration,
  request: CniRequest,
  add: (configuration: PluginConfiguration, request: CniRequest) => CniResult,
): CniResult {
  try {
    return add({ ...configuration, type: (configuration as Settings).ipam!.type! }, request)
  } catch (error) {
    request.namespace.removeInterface(request.interfaceName)
    throw error
  }
}

function routesOf(settings: Settings): { destination: Prefix; gateway: number | undefined }[] {
  const named = (settings.ipam?.routes ?? []).map(route => ({
    destination: parsePrefix(route.dst) ?? { address: 0, length: 0 },
    gateway: route.gw === undefined ? undefined : parseIpv4(route.gw),
  }))
  const hasDefault = named.some(route => route.destination.length === 0)
  const gateway =
    settings.isDefaultGateway && !hasDefault ? [{ destination: { address: 0, length: 0 }, gateway: undefined }] : []
  return [...named, ...gateway]
}

/** The chain that bears the container's name; the real one is the start of a SHA-512. */
function chainOf(configuration: PluginConfiguration, request: CniRequest): string {
  return `CNI-${new Random(`${configuration.name}${request.containerId}`).hex(24)}`
}

function masquerade(configuration: PluginConfiguration, request: CniRequest, address: Prefix): void {
  const nat = request.host.netfilter.table('nat')
  const chain = chainOf(configuration, request)
  const comment = `-m comment --comment "name: \\"${configuration.name}\\" id: \\"${request.containerId}\\""`
  nat.newChain(chain)
  nat.append(chain, new Rule(parseRule(`-d ${formatPrefix(address)} ${comment} -j ACCEPT`)))
  nat.append(chain, new Rule(parseRule(`! -d 224.0.0.0/4 ${comment} -j MASQUERADE`)))
  const own = formatPrefix({ address: address.address, length: 32 })
  nat.append('POSTROUTING', new Rule(parseRule(`-s ${own} ${comment} -j ${chain}`)))
}

function unmasquerade(configuration: PluginConfiguration, request: CniRequest): void {
  const nat = request.host.netfilter.table('nat')
  const chain = chainOf(configuration, request)
  if (!nat.chains.has(chain)) return
  const jumps = nat.chain('POSTROUTING').rules
  const at = jumps.findIndex(({ text }) => text.target?.kind === 'jump' && text.target.chain === chain)
  if (at >= 0) nat.delete('POSTROUTING', at + 1)
  nat.flush(chain)
  nat.deleteChain(chain)
}
