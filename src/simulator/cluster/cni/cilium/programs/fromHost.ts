import { formatIpv4 } from '../../../../network/address.ts'
import type { InterfaceProgram } from '../../../../network/interfaceProgram.ts'
import type { Datapath } from '../datapath.ts'

/** Sees what the node sends to pods by cilium_host (bpf_host.c: cil_from_host). */
export function fromHost(datapath: Datapath): InterfaceProgram {
  return {
    name: 'cil_from_host',
    run(frame) {
      const { payload } = frame
      if (payload.kind !== 'ipv4') return undefined
      const { options, ipCache } = datapath
      const identity = datapath.identityOf(payload.source)
      const endpoint = datapath.endpoints.get(payload.destination)
      if (endpoint) {
        datapath.deliver(payload, identity, endpoint)
        return undefined
      }
      const entry = ipCache.get(payload.destination)
      if (options.isTunnelling && entry?.tunnelEndpoint) {
        const remote = formatIpv4(entry.tunnelEndpoint)
        const by = () =>
          `cilium_ipcache ${formatIpv4(payload.destination)} identity=${entry.identity} tunnelendpoint=${remote}`
        options.host.note('route', 'cilium_vxlan', `via ${remote}`, by, payload)
        datapath.encapsulate(payload, identity, entry.tunnelEndpoint, entry.identity, 0)
        return undefined
      }
      datapath.drop(
        payload,
        'No tunnel/encapsulation endpoint (datapath BUG!)',
        identity,
        datapath.identityOf(payload.destination),
        undefined,
      )
      return undefined
    },
  }
}
