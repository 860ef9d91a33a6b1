import { bytesOf } from '../../../machine/bytes.ts'
import type { SocketErrorCode } from '../../../network/socketError.ts'
import type { TcpConnection } from '../../../network/tcpConnection.ts'
import type { Sandbox } from '../sandbox.ts'
import { Channel } from './channel.ts'

const loopback = 0x7f000001

/** Joins a client to a port of a pod's own loopback address. */
export function forwardPort(sandbox: Sandbox, port: number): Channel {
  let connection: TcpConnection | undefined
  const early: Uint8Array[] = []
  const channel = new Channel({
    onSend(data) {
      const bytes = typeof data === 'string' ? bytesOf(data) : (data as Uint8Array | undefined)
      if (!bytes) connection?.end()
      else if (connection) connection.send(bytes)
      else early.push(bytes)
    },
    onClose: () => connection?.close(),
  })
  sandbox.network.sockets.connectTcp({
    address: loopback,
    port,
    onOpen(opened) {
      connection = opened
      opened.onData = bytes => channel.emit(bytes)
      opened.onEnd = () => {
        opened.close()
        channel.end()
      }
      opened.onClose = () => channel.end()
      for (const bytes of early.splice(0)) opened.send(bytes)
      if (channel.isClosed) opened.close()
    },
    onError: code => channel.end({ status: 'Failure', message: refusal(sandbox, port, code) }),
  })
  return channel
}

function refusal(sandbox: Sandbox, port: number, code: SocketErrorCode): string {
  const reason = code === 'ETIMEDOUT' ? 'connection timed out' : 'connection refused'
  const where = sandbox.ownsNetwork
    ? `failed to execute portforward in network namespace "/var/run/netns/${sandbox.network.name}"`
    : 'failed to execute portforward in network namespace ""'
  return `error forwarding port ${port} to pod ${sandbox.id}, uid : ${where}: failed to connect to localhost:${port} inside namespace "${sandbox.id}", IPv4: dial tcp4 127.0.0.1:${port}: connect: ${reason} IPv6 dial tcp6 [::1]:${port}: connect: ${reason} `
}
