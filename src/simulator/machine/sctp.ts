import type { SctpAssociation } from '../network/sctpAssociation.ts'
import type { SctpListener } from '../network/sctpSockets.ts'
import { SocketError, type SocketErrorCode } from '../network/socketError.ts'
import type { Process } from './program.ts'
import { PatienceOver } from './socketFailure.ts'
import { ownerOf } from './socketOwner.ts'

/** Opens an SCTP association; throws `SocketError`, or `PatienceOver` after `timeout` milliseconds. */
export async function connectSctp(
  process: Process,
  address: number,
  port: number,
  timeout: number,
): Promise<SctpAssociation> {
  let result: SctpAssociation | SocketErrorCode | undefined
  let done = () => {}
  const conclude = (how: SctpAssociation | SocketErrorCode) => {
    result = how
    done()
  }
  const attempt = process.network.sockets.sctp.connect({
    address,
    port,
    owner: ownerOf(process),
    onOpen: conclude,
    onError: conclude,
  })
  const forget = process.onExit(() => attempt.abort())
  try {
    await process.waitFor<true>(timeout, wake => {
      done = () => wake(true)
    })
  } finally {
    forget()
  }
  if (result === undefined) {
    attempt.abort()
    throw new PatienceOver('connect')
  }
  if (typeof result === 'string') throw new SocketError(result)
  return result
}

/** Accepts SCTP associations on a port until the process ends; throws `SocketError`. */
export function serveSctp(process: Process, port: number, serve: (association: SctpAssociation) => void): SctpListener {
  const listener = process.network.sockets.sctp.listen({ port, owner: ownerOf(process), onAssociation: serve })
  process.onExit(() => listener.close())
  return listener
}
