import { parseIpv4 } from '../../../network/address.ts'
import type { Client } from '../../client.ts'
import { type Pod, pod } from '../../kinds/pod.ts'
import type { Datapath } from './datapath.ts'
import type { Frontend } from './serviceMap.ts'

/** Keeps the ports of the node that lead to its pods in the map of Services, until the answer is called. */
export function watchHostPorts(client: Client, datapath: Datapath): () => void {
  return client.watchNode(pod, datapath.options.nodeName, ({ type, object, previous }) => {
    const isOver = type === 'DELETED' || ['Succeeded', 'Failed'].includes(object.status.phase ?? '')
    if (previous && previous.status.podIP === object.status.podIP && !isOver) return
    const { namespace, name } = object.metadata
    const key = `${namespace}/${name}/host-port`
    datapath.services.set(key, isOver || object.spec.hostNetwork ? [] : frontendsOf(key, object, datapath))
  })
}

function frontendsOf(service: string, { spec, status }: Pod, { services, options }: Datapath): Frontend[] {
  const address = parseIpv4(status.podIP ?? '')
  if (address === undefined) return []
  return spec.containers.flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort, hostIP, containerPort, protocol = 'TCP' }) => {
      if (!hostPort) return []
      const backend = { address, port: containerPort, state: 'active', isLocal: true } as const
      const own = parseIpv4(hostIP ?? '') || undefined
      return (own === undefined ? [0, options.nodeAddress] : [own]).map(
        (at): Frontend => ({
          id: services.numberOf(`HostPort ${at}:${hostPort}/${protocol}`),
          address: at,
          port: hostPort,
          protocol: protocol.toLowerCase(),
          kind: 'HostPort',
          service,
          backends: [backend],
          outsideBackends: [backend],
          affinitySeconds: undefined,
          sourceRanges: undefined,
          isInternalLocal: false,
          isExternalLocal: false,
        }),
      )
    }),
  )
}
