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
  const isText = protocol.includes('base64')
  const send = (bytes: Uint8Array, channel: number) =>
    isText
      ? socket.send(`${channel}${Buffer.from(bytes).toString('base64')}`)
      : socket.send(Buffer.concat([Buffer.from([channel]), bytes]))
  socket.on('message', (message: Buffer) => {
    const [channel, bytes] = isText
      ? [message[0]! - 48, Buffer.from(message.toString('latin1', 1), 'base64')]
      : [message[0], message.subarray(1)]
    if (channel === 4) resize(stream, bytes)
    else if (channel === closeChannel) stream.send(undefined, bytes[0])
    else if (channel !== undefined) stream.send(bytes, channel)
  })
  socket.on('close', () => stream.close())
  stream.onData((piece, channel) => send(statusOrBytes(passedOn(piece, channel), channel), channel))
  stream.onEnd(() => socket.close(1000))
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
