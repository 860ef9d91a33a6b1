import { parseIpv4 } from '../../../network/address.ts'
import { pod } from '../../kinds/pod.ts'
import { CniError, type CniExecutable, type CniRequest } from '../executables/executable.ts'
import { hostText, Ipam, type Taker } from './ipam.ts'

const annotations = 'cni.projectcalico.org'

/** Takes an address for a pod out of the blocks of its node. */
export const calicoIpam: CniExecutable = {
  type: 'calico-ipam',
  kind: 'ipam',
  add(configuration, request) {
    const client = request.clientOf('kube-system:calico-cni-plugin')
    const ipam = Ipam.open(client)
    if (!ipam)
      throw new CniError(
        'error getting ClusterInformation: resource does not exist: ClusterInformation(default) with error: the server could not find the requested resource (get ClusterInformations.crd.projectcalico.org default)',
      )
    const { pod: of, node, containerId } = request
    const taker: Taker = {
      node: node.name,
      handle: handleOf(configuration.name, containerId),
      facts: { namespace: of.namespace, pod: of.name, timestamp: `${new Date(node.now()).toISOString()}` },
    }
    const found = client.get(pod, of.name, of.namespace)?.metadata.annotations ?? {}
    const asked = found[`${annotations}/ipAddrs`]
    if (asked !== undefined) return result(assignAsked(ipam, asked, taker))
    const pools = found[`${annotations}/ipv4pools`]
    const wanted = pools === undefined ? undefined : chosenPools(ipam, pools)
    const address = ipam.assign(taker, wanted)
    if (address === undefined) throw new CniError(exhausted(ipam, request))
    return result(address)
  },
  remove(configuration, request) {
    const client = request.clientOf('kube-system:calico-cni-plugin')
    Ipam.open(client)?.release(handleOf(configuration.name, request.containerId))
  },
}

/** The address that an annotation asks for: `["10.244.1.10"]`. */
function assignAsked(ipam: Ipam, text: string, taker: Taker): number {
  const [address, ...more] = readList(text, 'ipAddrs')
  if (address === undefined || more.length > 0)
    throw new CniError(
      `Annotation 'cni.projectcalico.org/ipAddrs' with ${more.length + 1} addresses is not simulated here`,
    )
  const number = parseIpv4(address)
  if (number === undefined) throw new CniError(`invalid IP format: ${address}`)
  const isFree = ipam.assignAddress(number, taker)
  if (isFree === undefined) throw new CniError(`The provided IP address is not in a configured pool\n`)
  if (!isFree) throw new CniError(`Failed to assign IPv4 address ${address}: resource already exists`)
  return number
}

function chosenPools(ipam: Ipam, text: string) {
  const names = readList(text, 'ipv4pools')
  const pools = ipam.pools().filter(({ metadata, spec }) => names.includes(metadata.name) || names.includes(spec.cidr))
  if (pools.length === 0)
    throw new CniError(`error getting IPv4 pools: error parsing pool "${names[0]}": invalid CIDR address: ${names[0]}`)
  return pools
}

function readList(text: string, name: string): string[] {
  try {
    return JSON.parse(text) as string[]
  } catch {
    throw new CniError(`failed to parse '${text}' as JSON: annotation ${annotations}/${name}`)
  }
}

function exhausted(ipam: Ipam, { node }: CniRequest): string {
  const pools = ipam.pools().map(({ spec }) => spec.cidr)
  if (pools.length === 0)
    return `failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; no configured Calico pools for node ${node.name}`
  return `failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; No IPs available in pools: [${pools.join(' ')}]`
}

function result(address: number) {
  return { addresses: [{ address: hostText(address), gateway: undefined as string | undefined }] }
}

function handleOf(network: string, containerId: string): string {
  return `${network}.${containerId}`
}
