import type { InterfaceProgram } from '../../../../network/interfaceProgram.ts'
import { type Datapath, unknownFlow } from '../datapath.ts'
import { reservedIdentity } from '../identity.ts'
import { answerOutside } from './nodePort.ts'

/** Sees what comes out of the tunnel: the id of each frame is the identity of its sender (bpf_overlay.c). */
export function fromOverlay(datapath: Datapath): InterfaceProgram {
  return {
    name: 'cil_from_overlay',
    run(frame, buffer, device) {
      const { payload } = frame
      if (payload.kind !== 'ipv4') return undefined
      if (answerOutside(datapath, payload)) return undefined
      const told = buffer?.tunnel?.id ?? reservedIdentity.unknown
      // All that nodes send is `remote-node` in the tunnel; the address may say more, as of the API server's node.
      const identity =
        told === reservedIdentity['remote-node'] ? (datapath.ipCache.get(payload.source)?.identity ?? told) : told
      const endpoint = datapath.endpoints.get(payload.destination)
      if (endpoint) {
        datapath.deliver(payload, identity, endpoint)
        return undefined
      }
      datapath.seen('to-stack', payload, identity, datapath.identityOf(payload.destination), 0, undefined, unknownFlow)
      return { ...frame, destination: device.mac }
    },
  }
}
