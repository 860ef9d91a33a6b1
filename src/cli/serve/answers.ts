import type { ServerResponse } from 'node:http'
import type { ApiResponse, ApiStream } from '../../simulator/cluster/client.ts'
import { bytesOf } from '../../simulator/machine/bytes.ts'

/** Sends an answer of the API server over HTTP: whole, or piece by piece for as long as the stream and the client last. */
export function sendAnswer(answer: ApiResponse, response: ServerResponse): void {
  if (answer.later) {
    answer.later(settled => sendAnswer(settled, response))
    return
  }
  // What a proxied server says of its connection concerns only that connection.
  for (const [name, value] of Object.entries(answer.headers))
    if (!/^(connection|transfer-encoding|content-length)$/i.test(name)) response.setHeader(name, value)
  response.setHeader('cache-control', 'no-cache, private')
  response.statusCode = answer.status
  if (answer.stream) sendStream(answer.stream, response)
  else response.end(bodyBytes(answer.body))
}

/** One piece of a stream as bytes: watch events are JSON, one to a line; logs are text or bytes as they are. */
export function pieceBytes(piece: unknown): Uint8Array {
  if (piece instanceof Uint8Array) return piece
  return bytesOf(typeof piece === 'string' ? piece : `${JSON.stringify(piece)}\n`)
}

function bodyBytes(body: unknown): Uint8Array {
  if (body === undefined) return new Uint8Array()
  if (body instanceof Uint8Array) return body
  return bytesOf(typeof body === 'string' ? body : `${JSON.stringify(body)}\n`)
}

function sendStream(stream: ApiStream, response: ServerResponse): void {
  response.flushHeaders()
  response.on('close', () => stream.close())
  stream.onData(piece => response.write(pieceBytes(piece)))
  stream.onEnd(() => response.end())
}
