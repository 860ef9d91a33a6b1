import { broadcastOf, formatIpv4, networkOf, parseIpv4, parsePrefix } from '../../../network/address.ts'
import { CniError, type CniExecutable, type CniRequest, type PluginConfiguration } from './executable.ts'

interface Settings {
  readonly subnet?: string
  readonly ranges?: readonly (readonly { readonly subnet: string; readonly gateway?: string }[])[]
  readonly gateway?: string
  readonly rangeStart?: string
  readonly rangeEnd?: string
  readonly dataDir?: string
}

/** Hands out the addresses of one node's range, each next one after the last, and remembers them in files. */
export const hostLocal: CniExecutable = {
  type: 'host-local',
  kind: 'ipam',
  add(configuration, request) {
    const settings = (configuration['ipam'] ?? {}) as Settings
    const inner = settings.ranges?.[0]?.[0]
    const text = settings.subnet ?? inner?.subnet
    const subnet = text === undefined ? undefined : parsePrefix(text)
    if (!subnet) throw new CniError('no IP ranges specified')
    const network = networkOf(subnet)
    const gateway = parseIpv4(settings.gateway ?? inner?.gateway ?? '') ?? network.address + 1
    const first = parseIpv4(settings.rangeStart ?? '') ?? network.address + 1
    const last = parseIpv4(settings.rangeEnd ?? '') ?? broadcastOf(network) - 1
    const store = storeOf(configuration, settings)
    const { files } = request
    files.mkdir(store, { parents: true })
    const lastReserved = `${store}/last_reserved_ip.0`
    const before = files.exists(lastReserved) ? parseIpv4(files.readText(lastReserved)) : undefined
    const start = before !== undefined && before >= first && before <= last ? before + 1 : first
    const count = last - first + 1
    for (let i = 0; i < count; i++) {
      const address = first + ((start - first + i + count) % count)
      const file = `${store}/${formatIpv4(address)}`
      if (address === gateway || files.exists(file)) continue
      files.writeText(file, `${request.containerId}\r\n${request.interfaceName}`)
      files.writeText(lastReserved, formatIpv4(address))
      return { addresses: [{ address: `${formatIpv4(address)}/${network.length}`, gateway: formatIpv4(gateway) }] }
    }
    throw new CniError(
      `failed to allocate for range 0: no IP addresses available in range set: ${formatIpv4(first)}-${formatIpv4(last)}`,
    )
  },
  remove(configuration, request) {
    const store = storeOf(configuration, (configuration['ipam'] ?? {}) as Settings)
    const file = reservationOf(request, store)
    if (file) request.files.remove(file)
  },
}

function storeOf(configuration: PluginConfiguration, settings: Settings): string {
  return `${settings.dataDir ?? '/var/lib/cni/networks'}/${configuration.name}`
}

/** The file of a container's address: first the one that is named as its interface's, then any. */
function reservationOf(
  { files, containerId, namespace, interfaceName }: CniRequest,
  store: string,
): string | undefined {
  if (!files.isDirectory(store)) return undefined
  const isOwn = (file: string) => files.exists(file) && files.readText(file).startsWith(`${containerId}\r\n`)
  const [address] = namespace.interface(interfaceName)?.addresses ?? []
  const likely = address && `${store}/${formatIpv4(address.address)}`
  if (likely && isOwn(likely)) return likely
  return files
    .list(store)
    .map(name => `${store}/${name}`)
    .find(isOwn)
}
