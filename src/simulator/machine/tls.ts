import { hashText, Random } from '../random.ts'
import { ByteReader, type ByteStream, concatBytes } from './byteStream.ts'
import type { Certificate } from './certificate.ts'

// Simplified: TLS 1.3 in shape only. The hello messages have their real layout, so a capture shows record types,
// lengths and the server name; everything after them is scrambled with a key that both hellos give away.

/** Why a handshake failed: the other side does not speak TLS, sent an alert, or went away. */
export class TlsError extends Error {
  readonly code: 'wrong version number' | 'alert' | 'ended'
  /** What a client that does not speak TLS sent, or the alert of a server. */
  readonly received: Uint8Array
  constructor(code: TlsError['code'], received: Uint8Array = new Uint8Array(0)) {
    super(code)
    this.code = code
    this.received = received
  }
}

/** What the client offers. */
export interface TlsClientOptions {
  /** The host asked for (SNI); left out for addresses. */
  readonly serverName: string | undefined
  readonly applicationProtocols?: readonly string[]
  readonly certificates?: readonly Certificate[]
}

/** What the server answers with. */
export interface TlsServerOptions {
  /** The chain for a server name, the server's own certificate first; without any the handshake is refused. */
  certificates(serverName: string | undefined): readonly Certificate[]
  readonly applicationProtocols?: readonly string[]
}

const record = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const
const closeNotify = Uint8Array.of(1, 0)
const unrecognizedName = Uint8Array.of(2, 112)
const tagLength = 16
const largestRecord = 16384

/** An encrypted connection: what is written travels in records that a capture cannot read. */
export class TlsStream implements ByteStream {
  /** The certificates that the other side showed. */
  readonly peerCertificates: readonly Certificate[]
  readonly serverName: string | undefined
  readonly applicationProtocol: string | undefined
  #stream: ByteStream
  #reader: ByteReader
  #incoming: Random
  #outgoing: Random
  #isOver = false

  constructor(
    reader: ByteReader,
    ciphers: { readonly incoming: Random; readonly outgoing: Random },
    facts: Pick<TlsStream, 'peerCertificates' | 'serverName' | 'applicationProtocol'>,
  ) {
    this.#stream = reader.stream
    this.#reader = reader
    this.#incoming = ciphers.incoming
    this.#outgoing = ciphers.outgoing
    this.peerCertificates = facts.peerCertificates
    this.serverName = facts.serverName
    this.applicationProtocol = facts.applicationProtocol
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.#isOver) return undefined
    const received = await readRecord(this.#reader)
    if (!received) {
      this.#isOver = true
      return undefined
    }
    const { type, bytes } = open(received, this.#incoming)
    if (type === record.applicationData) return bytes
    this.#isOver = true
    return undefined
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += largestRecord)
      await this.#stream.write(seal(record.applicationData, bytes.subarray(at, at + largestRecord), this.#outgoing))
  }

  /** Says that nothing follows; what the other side sends can still be read. */
  end(): void {
    void this.#stream.write(seal(record.alert, closeNotify, this.#outgoing)).catch(() => {})
  }

  close(): void {
    // The alert is sent without waiting: it is short and nothing depends on it.
    void this.#stream.write(seal(record.alert, closeNotify, this.#outgoing)).catch(() => {})
    this.#stream.close()
  }

  abort(): void {
    this.#stream.abort()
  }
}

/** Opens TLS on a fresh connection, as the client. */
export async function connectTls(stream: ByteStream, random: Random, options: TlsClientOptions): Promise<TlsStream> {
  const reader = new ByteReader(stream)
  const clientRandom = randomBytes(random, 32)
  await stream.write(plainRecord(record.handshake, 0x0301, clientHello(clientRandom, random, options)))
  const hello = await readRecord(reader)
  if (!hello) throw new TlsError('ended')
  if (hello.type === record.alert) throw new TlsError('alert', hello.bytes)
  if (hello.type !== record.handshake) throw new TlsError('wrong version number')
  const ciphers = keySchedule(clientRandom, hello.bytes.subarray(6, 38))
  await readRecord(reader)
  const flight = await readRecord(reader)
  if (!flight) throw new TlsError('ended')
  const facts = readFlight<ServerFlight>(open(flight, ciphers.server).bytes)
  const finished = JSON.stringify({ certificates: options.certificates ?? [] } satisfies ClientFlight)
  await stream.write(
    concatBytes([
      plainRecord(record.changeCipherSpec, 0x0303, Uint8Array.of(1)),
      seal(record.handshake, new TextEncoder().encode(finished), ciphers.client),
    ]),
  )
  return new TlsStream(
    reader,
    { incoming: ciphers.server, outgoing: ciphers.client },
    {
      peerCertificates: facts.certificates,
      serverName: options.serverName,
      applicationProtocol: facts.applicationProtocol,
    },
  )
}

/** Answers a client's TLS handshake. */
export async function acceptTls(stream: ByteStream, random: Random, options: TlsServerOptions): Promise<TlsStream> {
  const reader = new ByteReader(stream)
  const received = await readRecord(reader)
  if (!received) throw new TlsError('ended')
  if (received.type !== record.handshake) throw new TlsError('wrong version number', received.bytes)
  const hello = parseClientHello(received.bytes)
  const chain = options.certificates(hello.serverName)
  if (chain.length === 0) {
    await stream.write(plainRecord(record.alert, 0x0303, unrecognizedName))
    throw new TlsError('alert')
  }
  const serverRandom = randomBytes(random, 32)
  const ciphers = keySchedule(hello.random, serverRandom)
  const applicationProtocol = options.applicationProtocols?.find(name => hello.applicationProtocols.includes(name))
  const flight: ServerFlight = {
    certificates: chain,
    ...(applicationProtocol === undefined ? {} : { applicationProtocol }),
  }
  await stream.write(
    concatBytes([
      plainRecord(record.handshake, 0x0303, serverHello(serverRandom, random, hello.sessionId)),
      plainRecord(record.changeCipherSpec, 0x0303, Uint8Array.of(1)),
      seal(record.handshake, new TextEncoder().encode(JSON.stringify(flight)), ciphers.server),
    ]),
  )
  await readRecord(reader)
  const answer = await readRecord(reader)
  if (!answer) throw new TlsError('ended')
  const opened = open(answer, ciphers.client)
  if (opened.type !== record.handshake) throw new TlsError('alert')
  const { certificates } = readFlight<ClientFlight>(opened.bytes)
  return new TlsStream(
    reader,
    { incoming: ciphers.client, outgoing: ciphers.server },
    { peerCertificates: certificates, serverName: hello.serverName, applicationProtocol },
  )
}

interface ServerFlight {
  readonly certificates: readonly Certificate[]
  readonly applicationProtocol?: string
}

interface ClientFlight {
  readonly certificates: readonly Certificate[]
}

/** What the other side says of itself under cover; an alert when it does not speak this dialect. */
function readFlight<Flight>(bytes: Uint8Array): Flight {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Flight
  } catch {
    throw new TlsError('alert')
  }
}

interface TlsRecord {
  readonly type: number
  readonly bytes: Uint8Array
}

async function readRecord(reader: ByteReader): Promise<TlsRecord | undefined> {
  const head = await reader.exactly(5)
  if (head.length === 0) return undefined
  const [type = 0, major = 0] = head
  if (major !== 3 || type < record.changeCipherSpec || type > record.applicationData)
    return { type: 0, bytes: concatBytes([head, (await reader.some()) ?? new Uint8Array(0)]) }
  const bytes = await reader.exactly((head[3]! << 8) | head[4]!)
  return { type, bytes }
}

function plainRecord(type: number, version: number, bytes: Uint8Array): Uint8Array {
  return concatBytes([Uint8Array.of(type), uint16(version), uint16(bytes.length), bytes])
}

/** A record as TLS 1.3 sends it: the true type inside, a tag of 16 bytes behind. */
function seal(type: number, bytes: Uint8Array, cipher: Random): Uint8Array {
  const inner = scramble(concatBytes([bytes, Uint8Array.of(type)]), cipher)
  return plainRecord(record.applicationData, 0x0303, concatBytes([inner, randomBytes(cipher, tagLength)]))
}

function open(received: TlsRecord, cipher: Random): TlsRecord {
  if (received.type !== record.applicationData) return { type: record.alert, bytes: received.bytes }
  const inner = scramble(received.bytes.subarray(0, -tagLength), cipher)
  randomBytes(cipher, tagLength)
  return { type: inner.at(-1) ?? record.alert, bytes: inner.subarray(0, -1) }
}

function scramble(bytes: Uint8Array, cipher: Random): Uint8Array {
  const scrambled = new Uint8Array(bytes.length)
  for (let i = 0, word = 0; i < bytes.length; i++, word >>>= 8) {
    if (i % 4 === 0) word = cipher.integer()
    scrambled[i] = bytes[i]! ^ (word & 0xff)
  }
  return scrambled
}

function keySchedule(clientRandom: Uint8Array, serverRandom: Uint8Array): { client: Random; server: Random } {
  const secret = hashText(String.fromCharCode(...clientRandom, ...serverRandom))
  return {
    client: new Random(secret ^ hashText('c ap traffic')),
    server: new Random(secret ^ hashText('s ap traffic')),
  }
}

function clientHello(clientRandom: Uint8Array, random: Random, options: TlsClientOptions): Uint8Array {
  const encoder = new TextEncoder()
  const extensions: Uint8Array[] = []
  if (options.serverName !== undefined) {
    const name = encoder.encode(options.serverName)
    extensions.push(extension(0, sized(concatBytes([Uint8Array.of(0), sized(name)]))))
  }
  extensions.push(extension(10, sized(uint16(0x001d))))
  extensions.push(extension(13, sized(concatBytes([uint16(0x0403), uint16(0x0804), uint16(0x0401)]))))
  if (options.applicationProtocols?.length) {
    const names = options.applicationProtocols.map(name =>
      concatBytes([Uint8Array.of(name.length), encoder.encode(name)]),
    )
    extensions.push(extension(16, sized(concatBytes(names))))
  }
  extensions.push(extension(43, Uint8Array.of(2, 3, 4)))
  extensions.push(extension(51, sized(concatBytes([uint16(0x001d), sized(randomBytes(random, 32))]))))
  const suites = concatBytes([uint16(0x1302), uint16(0x1303), uint16(0x1301)])
  const front = concatBytes([
    uint16(0x0303),
    clientRandom,
    Uint8Array.of(32),
    randomBytes(random, 32),
    sized(suites),
    Uint8Array.of(1, 0),
  ])
  // OpenSSL pads hellos to 512 bytes (RFC 7685).
  const length = front.length + 2 + extensions.reduce((sum, each) => sum + each.length, 0) + 4
  if (length < 508) extensions.push(extension(21, new Uint8Array(508 - length)))
  return handshake(1, concatBytes([front, sized(concatBytes(extensions))]))
}

function serverHello(serverRandom: Uint8Array, random: Random, sessionId: Uint8Array): Uint8Array {
  const extensions = concatBytes([
    extension(43, Uint8Array.of(3, 4)),
    extension(51, concatBytes([uint16(0x001d), sized(randomBytes(random, 32))])),
  ])
  return handshake(
    2,
    concatBytes([
      uint16(0x0303),
      serverRandom,
      Uint8Array.of(sessionId.length),
      sessionId,
      uint16(0x1302),
      Uint8Array.of(0),
      sized(extensions),
    ]),
  )
}

/** What the first bytes of a connection ask for, when they are the greeting of a TLS client. */
export function peekTls(bytes: Uint8Array): Pick<ClientHello, 'serverName' | 'applicationProtocols'> | undefined {
  if (bytes[0] !== record.handshake || bytes[1] !== 3 || bytes.length < 5) return undefined
  try {
    return readClientHello(bytes.subarray(5))
  } catch (error) {
    if (error instanceof RangeError) return { serverName: undefined, applicationProtocols: [] }
    throw error
  }
}

interface ClientHello {
  readonly random: Uint8Array
  readonly sessionId: Uint8Array
  readonly serverName: string | undefined
  readonly applicationProtocols: readonly string[]
}

function parseClientHello(bytes: Uint8Array): ClientHello {
  try {
    return readClientHello(bytes)
  } catch (error) {
    // A hello that is too short for what it announces.
    if (error instanceof RangeError) throw new TlsError('wrong version number', bytes)
    throw error
  }
}

function readClientHello(bytes: Uint8Array): ClientHello {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const random = bytes.slice(6, 38)
  let at = 38
  const sessionId = bytes.slice(at + 1, at + 1 + bytes[at]!)
  at += 1 + sessionId.length
  at += 2 + view.getUint16(at)
  at += 1 + bytes[at]!
  const end = at + 2 + view.getUint16(at)
  at += 2
  let serverName: string | undefined
  const applicationProtocols: string[] = []
  while (at + 4 <= end) {
    const type = view.getUint16(at)
    const value = bytes.subarray(at + 4, at + 4 + view.getUint16(at + 2))
    if (type === 0) serverName = new TextDecoder().decode(value.subarray(5))
    if (type === 16)
      for (let each = 2; each < value.length; each += 1 + value[each]!)
        applicationProtocols.push(new TextDecoder().decode(value.subarray(each + 1, each + 1 + value[each]!)))
    at += 4 + value.length
  }
  return { random, sessionId, serverName, applicationProtocols }
}

function handshake(type: number, body: Uint8Array): Uint8Array {
  return concatBytes([Uint8Array.of(type, body.length >> 16), uint16(body.length & 0xffff), body])
}

function extension(type: number, value: Uint8Array): Uint8Array {
  return concatBytes([uint16(type), sized(value)])
}

/** Bytes behind their 16-bit length. */
function sized(bytes: Uint8Array): Uint8Array {
  return concatBytes([uint16(bytes.length), bytes])
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff)
}

function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256))
}
