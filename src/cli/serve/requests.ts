import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { load } from 'js-yaml'
import type { ApiRequest } from '../../simulator/cluster/client.ts'
import { textOf } from '../../simulator/machine/bytes.ts'
import { duplicatesInJson, duplicatesInYaml } from './duplicates.ts'
import { decodeObject, isProtobuf } from './protobuf.ts'

/** What a request asks for, apart from its body. */
export function readHead(message: IncomingMessage): Required<Omit<ApiRequest, 'body' | 'duplicates'>> {
  const [path = '/', search = ''] = splitOnce(message.url ?? '/', '?')
  const query: Record<string, string> = {}
  const repeated: Record<string, string[]> = {}
  for (const [name, value] of new URLSearchParams(search)) {
    query[name] ??= value
    repeated[name] = [...(repeated[name] ?? []), value]
  }
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
  return { method: message.method as ApiRequest['method'], path, query, repeated, headers }
}

/** The whole body of a request. */
export async function readBytes(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of message) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

/**
 * A body as the API server takes it: objects in JSON, YAML or Protocol Buffers are parsed, all else stays text. The
 * type of what was not JSON changes with it.
 */
export function parseBody(
  bytes: Buffer,
  contentType: string,
): { readonly body?: unknown; readonly duplicates?: readonly string[]; readonly type: string } {
  if (bytes.length === 0) return { type: contentType }
  if (isProtobuf(contentType)) return { body: decodeObject(bytes), type: 'application/json' }
  const text = textOf(bytes)
  try {
    return { body: JSON.parse(text), duplicates: duplicatesInJson(text), type: contentType }
  } catch {
    const isYaml = /\byaml$/.test(contentType.split(';')[0]!)
    if (!isYaml) return { body: text, type: contentType }
    return { body: parseYaml(text), duplicates: duplicatesInYaml(text), type: contentType }
  }
}

function parseYaml(text: string): unknown {
  try {
    return load(text, { json: true })
  } catch {
    return text
  }
}

/** The names in a client's certificate: the user, and the groups. */
export function readCertificate(socket: TLSSocket): { user: string; groups: string[] } | undefined {
  if (!socket.authorized) return undefined
  const { subject } = socket.getPeerCertificate()
  if (!subject?.CN) return undefined
  const organizations: string | string[] = subject.O ?? []
  return { user: String(subject.CN), groups: [organizations].flat() }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}
