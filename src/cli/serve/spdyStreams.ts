import type { Duplex } from 'node:stream'
import type { ApiStream } from '../../simulator/cluster/client.ts'
import { pieceBytes } from './answers.ts'
import { SpdySession, type SpdyStream } from './spdySession.ts'

const channels: Readonly<Record<string, number>> = { stdin: 0, stdout: 1, stderr: 2, error: 3 }

/** Carries exec and attach over a SPDY connection: a stream for each of stdin, stdout, stderr, errors and sizes. */
export function carryContainerStreams(connection: Duplex, expected: number, stream: ApiStream): void {
  const session = new SpdySession(connection)
  const open = new Map<number, SpdyStream>()
  session.onClose = () => stream.close()
  session.onStream = spdy => {
    const type = spdy.headers.get('streamtype') ?? ''
    if (type === 'resize') spdy.onData = bytes => resize(stream, bytes)
    if (type === 'stdin') {
      spdy.onData = bytes => stream.send(bytes)
      spdy.onEnd = () => stream.send(undefined)
    }
    open.set(channels[type] ?? -1, spdy)
    if (open.size === expected) begin()
  }
  const begin = () => {
    stream.onData((piece, channel) => open.get(channel)?.send(statusOrBytes(piece, channel)))
    stream.onEnd(() => {
      for (const spdy of open.values()) spdy.end()
      session.close()
    })
  }
}

/**
 * Carries port-forwards over a SPDY connection: for each connection of the client a stream of errors and a stream of
 * data, which share the number of the request.
 */
export function carryForwardedPorts(connection: Duplex, dial: (port: number) => ApiStream): void {
  const session = new SpdySession(connection)
  const waiting = new Map<string, SpdyStream>()
  const dialled = new Set<ApiStream>()
  session.onClose = () => {
    for (const stream of dialled) stream.close()
  }
  session.onStream = spdy => {
    const request = spdy.headers.get('requestid') ?? ''
    if (spdy.headers.get('streamtype') === 'error') {
      waiting.set(request, spdy)
      return
    }
    const errors = waiting.get(request)
    waiting.delete(request)
    const stream = dial(Number(spdy.headers.get('port')))
    dialled.add(stream)
    spdy.onData = bytes => stream.send(bytes)
    spdy.onEnd = () => stream.send(undefined)
    stream.onData(piece => spdy.send(pieceBytes(piece)))
    stream.onEnd(status => {
      dialled.delete(stream)
      const { message } = (status ?? {}) as { message?: string }
      if (message) errors?.send(Buffer.from(message))
      spdy.end()
      errors?.end()
    })
  }
}

/** The size of the client's terminal: `{"Width":80,"Height":24}`. */
export function resize(stream: ApiStream, bytes: Buffer): void {
  const { Width, Height } = JSON.parse(bytes.toString()) as { Width: number; Height: number }
  stream.resize?.(Width, Height)
}

/** The channel of errors carries a Status. */
export function statusOrBytes(piece: unknown, channel: number): Uint8Array {
  return channel === 3 ? Buffer.from(JSON.stringify(piece)) : pieceBytes(piece)
}
