import { anywhere, formatIpv4 } from '../../../network/address.ts'
import { Random } from '../../../random.ts'
import { CniError, type CniExecutable, type CniRequest, type CniResult } from '../executables/executable.ts'
import { Datapath } from './datapath.ts'
import { allocate, release } from './ipam.ts'
import { fromContainer } from './programs/fromContainer.ts'
import { socketTranslation } from './programs/socketTranslation.ts'

const socket = '/var/run/cilium/cilium.sock'

/** Joins a pod to the node by a cable with a program at its end, as the agent tells it. */
// Simplified: where no agent answers, it gives up at once and not after half a minute.
export const ciliumCni: CniExecutable = {
  type: 'cilium-cni',
  kind: 'main',
  add(_configuration, request) {
    const datapath = Datapath.of(request.host)
    const agent = datapath?.agent
    if (!datapath || !agent)
      throw new CniError(
        `unable to connect to Cilium agent: failed to create cilium agent client after 30.000000 seconds timeout: Get "http://localhost/v1/config": dial unix ${socket}: connect: ${reasonOf(request)}\nIs the agent running?`,
      )
    const { name, namespace } = request.pod
    const address = allocate(datapath, `${namespace}/${name}`)
    if (address === undefined)
      throw new CniError(
        'unable to allocate IP via local cilium agent: [POST /ipam][502] postIpamFailure "range is full"',
      )
    const device = plug(request)
    const inside = device.peer
    inside.addAddress({ address, length: 32 })
    inside.up()
    device.up()
    const { router, isTunnelling } = datapath.options
    const gateway = { address: router, length: 32 }
    request.namespace.addRoute(gateway, { interface: inside.name, scope: 'link' })
    // The tunnel's header takes 50 bytes of a frame: the pod's packets must leave room for it.
    const mtu = isTunnelling ? inside.mtu - 50 : inside.mtu
    request.namespace.addRoute(anywhere, { gateway: router, interface: inside.name, mtu })
    const endpoint = agent.connect({
      containerId: request.containerId,
      pod: request.pod,
      address,
      device,
      inside,
      network: request.namespace,
    })
    device.ingress = fromContainer(datapath, endpoint)
    request.namespace.sockets.program = socketTranslation(datapath)
    const result: CniResult = { addresses: [{ address: `${formatIpv4(address)}/32`, gateway: formatIpv4(router) }] }
    return result
  },
  // Simplified: without an agent the pod is forgotten at once, and not when the next agent starts.
  remove(_configuration, request) {
    const datapath = Datapath.of(request.host)
    for (const endpoint of [...(datapath?.endpoints.values() ?? [])])
      if (datapath && endpoint.containerId === request.containerId) {
        datapath.agent?.disconnect(endpoint)
        datapath.endpoints.delete(endpoint.address)
        datapath.ipCache.delete(endpoint.address)
        release(datapath, endpoint.address)
      }
    if (request.namespace.interface(request.interfaceName)) request.namespace.removeInterface(request.interfaceName)
  },
}

function reasonOf({ files }: CniRequest): string {
  return files.exists(socket) ? 'connection refused' : 'no such file or directory'
}

function plug(request: CniRequest) {
  // The real name is the start of a SHA-256 of the endpoint's id.
  const name = `lxc${new Random(request.containerId).hex(12)}`
  return request.host.addVeth(name, request.namespace, request.interfaceName)
}
