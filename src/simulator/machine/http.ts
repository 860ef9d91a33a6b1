import { type ByteReader, type ByteStream, concatBytes } from './byteStream.ts'

/** Header fields in the order and spelling in which they are sent. */
export class HttpHeaders {
  #fields: [name: string, value: string][] = []

  constructor(fields: Iterable<readonly [string, string]> | Readonly<Record<string, string>> = []) {
    for (const [name, value] of Symbol.iterator in fields ? fields : Object.entries(fields)) this.append(name, value)
  }

  get(name: string): string | undefined {
    return this.#fields.find(field => isSameName(field[0], name))?.[1]
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  append(name: string, value: string): void {
    this.#fields.push([name, value])
  }

  set(name: string, value: string): void {
    const field = this.#fields.find(each => isSameName(each[0], name))
    if (field) field[1] = value
    else this.append(name, value)
  }

  delete(name: string): void {
    this.#fields = this.#fields.filter(field => !isSameName(field[0], name))
  }

  [Symbol.iterator](): IterableIterator<readonly [string, string]> {
    return this.#fields[Symbol.iterator]()
  }
}

/** The first lines of a request. */
export interface HttpRequestHead {
  readonly method: string
  /** Path and query, as they stand in the request line. */
  readonly target: string
  readonly version: '1.0' | '1.1'
  readonly headers: HttpHeaders
}

/** The first lines of an answer. */
export interface HttpResponseHead {
  readonly version: '1.0' | '1.1'
  readonly status: number
  readonly reason: string
  readonly headers: HttpHeaders
}

/** A message that is not HTTP, or that ends too early. */
export class HttpError extends Error {
  readonly code: 'malformed' | 'ended' | 'empty'
  constructor(code: HttpError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** Reads the head of a request; undefined when the client has gone without asking for more. */
export async function readRequestHead(reader: ByteReader): Promise<HttpRequestHead | undefined> {
  const line = (await reader.line()) || (await reader.line())
  if (line === undefined) return undefined
  const parts = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+) HTTP\/(1\.[01])$/.exec(line)
  if (!parts) throw new HttpError('malformed', `not a request line: ${line}`)
  return {
    method: parts[1]!,
    target: parts[2]!,
    version: parts[3] === '1.0' ? '1.0' : '1.1',
    headers: await readHeaders(reader),
  }
}

/** Reads the head of an answer, passing over `100 Continue`. */
export async function readResponseHead(
  reader: ByteReader,
  onInterim?: (head: HttpResponseHead) => Promise<void>,
): Promise<HttpResponseHead> {
  for (;;) {
    const line = await reader.line()
    if (line === undefined) throw new HttpError('empty', 'no answer')
    const parts = /^HTTP\/(1\.[01]) (\d{3})(?: (.*))?$/.exec(line)
    if (!parts) throw new HttpError('malformed', line)
    const head: HttpResponseHead = {
      version: parts[1] === '1.0' ? '1.0' : '1.1',
      status: Number(parts[2]),
      reason: parts[3] ?? '',
      headers: await readHeaders(reader),
    }
    if (head.status >= 200 || head.status === 101) return head
    await onInterim?.(head)
  }
}

/** The pieces of a request's body. */
export function requestBody(reader: ByteReader, head: HttpRequestHead): AsyncIterable<Uint8Array> {
  if (isChunked(head.headers)) return chunks(reader)
  return counted(reader, Number(head.headers.get('content-length') ?? 0))
}

/** The pieces of an answer's body, as they come; how it ends depends on the head (RFC 9112, 6.3). */
export function responseBody(reader: ByteReader, head: HttpResponseHead, method: string): AsyncIterable<Uint8Array> {
  if (!hasBody(head.status, method)) return counted(reader, 0)
  if (isChunked(head.headers)) return chunks(reader)
  const length = head.headers.get('content-length')
  return length === undefined ? untilEnd(reader) : counted(reader, Number(length))
}

/** Whether the connection may carry another exchange after this one. */
export function isKeptAlive(version: string, headers: HttpHeaders): boolean {
  const connection = headers.get('connection')?.toLowerCase() ?? ''
  return version === '1.1' ? !connection.includes('close') : connection.includes('keep-alive')
}

/** Everything that a body holds. */
export async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return concatBytes(all)
}

/** The bytes of a request head. */
export function formatRequestHead(head: HttpRequestHead): Uint8Array {
  return formatHead(`${head.method} ${head.target} HTTP/${head.version}`, head.headers)
}

/** The bytes of an answer's head. */
export function formatResponseHead(head: HttpResponseHead): Uint8Array {
  return formatHead(`HTTP/${head.version} ${head.status} ${head.reason}`, head.headers)
}

/** Sends a body in chunks, each as soon as it is there. */
export async function writeChunked(stream: ByteStream, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of pieces) {
    if (piece.length === 0) continue
    await stream.write(concatBytes([ascii(`${piece.length.toString(16)}\r\n`), piece, ascii('\r\n')]))
  }
  await stream.write(ascii('0\r\n\r\n'))
}

/** Whether an answer has a body at all. */
export function hasBody(status: number, method: string): boolean {
  return method !== 'HEAD' && status >= 200 && status !== 204 && status !== 304
}

/** The phrase that goes with a status number. */
export function reasonPhrase(status: number): string {
  return reasonPhrases[status] ?? ''
}

/** A time as HTTP dates write it: `Mon, 02 Mar 2026 09:00:00 GMT`. */
export function httpDate(time: number): string {
  return new Date(time).toUTCString()
}

async function readHeaders(reader: ByteReader): Promise<HttpHeaders> {
  const headers = new HttpHeaders()
  for (;;) {
    const line = await reader.line()
    if (line === undefined) throw new HttpError('ended', 'the head breaks off')
    if (line === '') return headers
    const colon = line.indexOf(':')
    if (colon < 1) throw new HttpError('malformed', `not a header line: ${line}`)
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim())
  }
}

async function* counted(reader: ByteReader, length: number): AsyncIterable<Uint8Array> {
  let left = length
  while (left > 0) {
    const piece = await reader.some(left)
    if (!piece) throw new HttpError('ended', `transfer closed with ${left} bytes remaining to read`)
    left -= piece.length
    yield piece
  }
}

async function* chunks(reader: ByteReader): AsyncIterable<Uint8Array> {
  for (;;) {
    const line = await reader.line()
    const size = Number.parseInt(line ?? '', 16)
    if (line === undefined || Number.isNaN(size))
      throw new HttpError('ended', 'transfer closed with outstanding read data remaining')
    if (size === 0) break
    yield* counted(reader, size)
    await reader.line()
  }
  while (await reader.line());
}

async function* untilEnd(reader: ByteReader): AsyncIterable<Uint8Array> {
  for (let piece = await reader.some(); piece; piece = await reader.some()) yield piece
}

function formatHead(firstLine: string, headers: HttpHeaders): Uint8Array {
  let text = `${firstLine}\r\n`
  for (const [name, value] of headers) text += `${name}: ${value}\r\n`
  return ascii(`${text}\r\n`)
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function isChunked(headers: HttpHeaders): boolean {
  return headers.get('transfer-encoding')?.toLowerCase().includes('chunked') ?? false
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** The words behind a status code. */
export const reasonPhrases: Readonly<Record<number, string>> = {
  100: 'Continue',
  101: 'Switching Protocols',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  416: 'Requested Range Not Satisfiable',
  418: "I'm a teapot",
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}
