import { anywhere, parseIpv4, parsePrefix } from '../../../network/address.ts'
import type { NetworkInterface } from '../../../network/interface.ts'
import { pod } from '../../kinds/pod.ts'
import { CniError, type CniExecutable, type CniRequest } from '../executables/executable.ts'
import { podAddressAnnotation } from './endpoint.ts'
import { interfaceNameOf } from './identifiers.ts'

/** Every pod's gateway: an address that nobody has, and for which the node's end of the cable answers. */
const gateway = parseIpv4('169.254.1.1')!
const gatewayMac = 'ee:ee:ee:ee:ee:ee'
const nodeNameFile = '/var/lib/calico/nodename'
const mtuFile = '/var/lib/calico/mtu'

interface Settings {
  readonly mtu?: number
  readonly ipam?: { readonly type?: string }
}

/** Gives a pod a cable to its node and one address: packets are routed from the first step on, there is no bridge. */
export const calico: CniExecutable = {
  type: 'calico',
  kind: 'main',
  add(configuration, request, _before, delegates) {
    const settings = configuration as Settings
    const { files, host, namespace, interfaceName } = request
    if (!files.exists(nodeNameFile))
      throw new CniError(
        `stat ${nodeNameFile}: no such file or directory: check that the calico/node container is running and has mounted /var/lib/calico/`,
      )
    const result = delegates.add({ ...configuration, type: settings.ipam?.type ?? 'calico-ipam' }, request)
    const address = parsePrefix(result.addresses[0]?.address ?? '')
    if (!address) throw new CniError(`IPAM plugin did not return any IP addresses`)
    const name = interfaceNameOf(request.pod.namespace, request.pod.name)
    // The pod may have had another sandbox, whose cable is still there.
    if (host.interface(name)) host.removeInterface(name)
    const inside = namespace.addVeth(interfaceName, host, name)
    const outside = inside.peer
    inside.mtu = mtuOf(settings, request)
    outside.mtu = inside.mtu
    outside.mac = gatewayMac
    outside.up()
    inside.up()
    inside.addAddress(address)
    namespace.addRoute({ address: gateway, length: 32 }, { interface: interfaceName })
    namespace.addRoute(anywhere, { gateway, interface: interfaceName })
    setUp(request, outside)
    host.addRoute(address, { interface: name, isReplacing: true })
    tell(request, result.addresses[0]!.address)
    return result
  },
  remove(configuration, request, delegates) {
    const settings = configuration as Settings
    delegates.remove({ ...configuration, type: settings.ipam?.type ?? 'calico-ipam' }, request)
    if (request.namespace.interface(request.interfaceName)) request.namespace.removeInterface(request.interfaceName)
    const name = interfaceNameOf(request.pod.namespace, request.pod.name)
    if (request.host.interface(name)) return
    for (const setting of settingNames) request.host.sysctl.delete(`net.ipv4.conf.${name}.${setting}`)
  },
}

const settingNames = ['forwarding', 'proxy_arp', 'rp_filter'] as const

/** Lets the node answer for every address, and forward what comes. */
function setUp({ host }: CniRequest, { name }: NetworkInterface): void {
  for (const setting of settingNames) host.sysctl.set(`net.ipv4.conf.${name}.${setting}`, '1')
}

function mtuOf(settings: Settings, { files }: CniRequest): number {
  if (settings.mtu) return settings.mtu
  return files.exists(mtuFile) ? Number(files.readText(mtuFile)) : 1500
}

/** Writes the address down at the pod, where felix reads it. */
function tell({ clientOf, containerId, pod: of }: CniRequest, address: string): void {
  const client = clientOf('kube-system:calico-cni-plugin')
  if (!client.get(pod, of.name, of.namespace)) return
  client.patch(pod, of.name, of.namespace, {
    metadata: {
      annotations: {
        'cni.projectcalico.org/containerID': containerId,
        [podAddressAnnotation]: address,
        'cni.projectcalico.org/podIPs': address,
      },
    },
  })
}
