import type { WebSocket } from 'ws'
import { ApiError } from '../../simulator/cluster/api/error.ts'
import type { Status } from '../../simulator/cluster/api/status.ts'
import type { ApiStream } from '../../simulator/cluster/client.ts'
import { pieceBytes } from './answers.ts'
import { resize, statusOrBytes } from './spdyStreams.ts'

/** Ends the input of a channel, from version 5 of the protocol on: a frame of this channel names the other one. */
const closeChannel = 255

/** Carries exec and attach over a WebSocket: the first byte (or digit) of every message is its channel. */
export function carryChannels(socket: WebSocket, protocol: string, stream: ApiStream): void {
  const send = sender(socket, protocol)
  socket.on('message', (message: Buffer) => {
    const [channel, bytes] = readMessage(message, protocol)
    if (channel === 4) resize(stream, bytes)
    else if (channel === closeChannel) stream.send(undefined, bytes[0])
    else if (channel >= 0) stream.send(bytes, channel)
  })
  socket.on('close', () => stream.close())
  stream.onData((piece, channel) => {
    const said = passedOn(piece, channel)
    if (channel !== 3 || /^v[45]/.test(protocol)) send(statusOrBytes(said, channel), channel)
    else tellPlainly(said as Partial<Status>, text => send(Buffer.from(text), channel))
  })
  stream.onEnd(() => socket.close(1000))
}

/** Before version 4 of the protocol success is silent, and a failure is its message alone. */
function tellPlainly({ status, message = '' }: Partial<Status>, tell: (text: string) => void): void {
  if (status !== 'Success') tell(message)
}

/** The API server passes on what the kubelet says; a failure of the kubelet is one of its own then. */
function passedOn(piece: unknown, channel: number): unknown {
  if (channel !== 3) return piece
  const { reason, message } = piece as Partial<Status>
  return reason === 'InternalError' ? ApiError.internal(message ?? '').status : piece
}

/** Carries a log or a watch over a WebSocket, each piece a message. */
export function carryPieces(socket: WebSocket, protocol: string, stream: ApiStream): void {
  socket.on('close', () => stream.close())
  stream.onData(piece => {
    const bytes = Buffer.from(pieceBytes(piece))
    if (protocol.startsWith('base64')) socket.send(bytes.toString('base64'))
    else if (protocol.startsWith('binary')) socket.send(bytes)
    else socket.send(typeof piece === 'string' ? piece : JSON.stringify(piece))
  })
  stream.onEnd(() => socket.close(1000))
}

/**
 * Carries port-forwards over a WebSocket: each port has two channels, one for data and one for what goes wrong. On both
 * the server begins with the port's number.
 */
export function carryPortChannels(
  socket: WebSocket,
  protocol: string,
  ports: readonly number[],
  dial: (port: number) => ApiStream,
): void {
  const send = sender(socket, protocol)
  const streams = ports.map((port, index) => {
    const number = Buffer.from([port & 0xff, port >> 8])
    for (const channel of [2 * index, 2 * index + 1]) send(number, channel)
    const stream = dial(port)
    stream.onData(piece => send(pieceBytes(piece), 2 * index))
    stream.onEnd(status => {
      const { message } = (status ?? {}) as Partial<Status>
      if (message) send(Buffer.from(message), 2 * index + 1)
      socket.close(1000)
    })
    return stream
  })
  socket.on('message', (message: Buffer) => {
    const [channel, bytes] = readMessage(message, protocol)
    if (channel % 2 === 0) streams[channel / 2]?.send(bytes)
  })
  socket.on('close', () => {
    for (const stream of streams) stream.close()
  })
}

/** Sends bytes under the number of their channel: in text protocols a digit before base64. */
function sender(socket: WebSocket, protocol: string): (bytes: Uint8Array, channel: number) => void {
  return (bytes, channel) =>
    protocol.includes('base64')
      ? socket.send(`${channel}${Buffer.from(bytes).toString('base64')}`)
      : socket.send(Buffer.concat([Buffer.from([channel]), bytes]))
}

function readMessage(message: Buffer, protocol: string): [channel: number, bytes: Buffer] {
  return protocol.includes('base64')
    ? [message[0]! - 48, Buffer.from(message.toString('latin1', 1), 'base64')]
    : [message[0] ?? -1, message.subarray(1)]
}
