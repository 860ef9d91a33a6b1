import { parseIpv4 } from '../../../simulator/network/address.ts'
import type { NetworkNamespace } from '../../../simulator/network/namespace.ts'
import type { Protocol } from './policyCase.ts'

/** How long a probe may take: less than the time after which TCP would send its first segment again. */
export const patience = 900

/** A probe that is on its way. */
export interface Probing {
  /** Whether the other side has answered. */
  isAnswered(): boolean
  /** Gives it up, so that it leaves nothing behind. */
  end(): void
}

/** Answers every probe that reaches a port; refused ports say as much, but silence is easier to tell from a verdict. */
export function answerProbes(network: NetworkNamespace, protocol: Protocol, port: number): void {
  const { sockets } = network
  if (protocol === 'TCP') sockets.listenTcp({ port, onConnection: () => {} })
  else if (protocol === 'SCTP') sockets.sctp.listen({ port, onAssociation: () => {} })
  else {
    const socket = sockets.bindUdp({
      port,
      onDatagram: ({ bytes, source }) => socket.sendTo(bytes, source.address, source.port),
    })
  }
}

/** Sends a probe from a network namespace: the first packet of a connection, or a datagram that wants to be answered. */
export function probe(network: NetworkNamespace, protocol: Protocol, address: string, port: number): Probing {
  const { sockets } = network
  const target = { address: parseIpv4(address)!, port }
  let isAnswered = false
  const onOpen = () => {
    isAnswered = true
  }
  if (protocol === 'UDP') {
    const socket = sockets.bindUdp({ port: 0, onDatagram: onOpen })
    socket.sendTo(question, target.address, port)
    return { isAnswered: () => isAnswered, end: () => socket.close() }
  }
  const connection =
    protocol === 'TCP'
      ? sockets.connectTcp({ ...target, onOpen, onError: () => {} })
      : sockets.sctp.connect({ ...target, onOpen, onError: () => {} })
  return { isAnswered: () => isAnswered, end: () => connection.abort() }
}

const question = Uint8Array.of(1)
