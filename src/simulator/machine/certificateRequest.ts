import { hashText } from '../random.ts'
import { concatBytes } from './byteStream.ts'
import { decodePem, encodePem } from './certificate.ts'

/** What somebody wants a certificate for. */
export interface CertificateRequest {
  /** `O=team, CN=jane`. */
  readonly subject: string
  /** Subject alternative names: host names and addresses. */
  readonly names: readonly string[]
  /** Identifies the key pair that the certificate is to speak for. */
  readonly key: string
}

/** One value of ASN.1: its tag and what is in it. */
interface Value {
  readonly tag: number
  readonly content: Uint8Array
}

class Malformed extends Error {}

const attributeNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
}
const alternativeNames = '2.5.29.17'

/** Reads a request for a certificate (PKCS #10) from a PEM file; undefined when it holds none. */
export function decodeCertificateRequest(pem: string): CertificateRequest | undefined {
  const [bytes] = decodePem('(?:NEW )?CERTIFICATE REQUEST', pem)
  if (!bytes) return undefined
  try {
    const [body] = children(only(bytes))
    const [, subject, key, ...attributes] = children(body!)
    return {
      subject: readName(subject!),
      names: attributes.flatMap(({ content }) => namesIn(content)),
      key: identify(key!.content),
    }
  } catch (error) {
    if (error instanceof Malformed || error instanceof TypeError) return undefined
    throw error
  }
}

function only(bytes: Uint8Array): Value {
  const [value] = values(bytes)
  if (!value) throw new Malformed()
  return value
}

function children({ content }: Value): Value[] {
  return values(content)
}

/** Values one after another: a tag, a length, and so many bytes. */
function values(bytes: Uint8Array): Value[] {
  const found: Value[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at++]!
    let length = bytes[at++]!
    if (length & 0x80) {
      const count = length & 0x7f
      if (count > 4) throw new Malformed()
      length = 0
      for (let i = 0; i < count; i++) length = length * 256 + (bytes[at++] ?? Number.NaN)
    }
    if (!(at + length <= bytes.length)) throw new Malformed()
    found.push({ tag, content: bytes.subarray(at, at + length) })
    at += length
  }
  return found
}

/** Organizations come first and the common name last, as certificates show them. */
function readName(name: Value): string {
  const parts = children(name).flatMap(set =>
    children(set).map(pair => {
      const [type, value] = children(pair)
      const oid = readOid(type!.content)
      return `${attributeNames[oid] ?? oid}=${new TextDecoder().decode(value!.content)}`
    }),
  )
  return [...parts.filter(part => !part.startsWith('CN=')), ...parts.filter(part => part.startsWith('CN='))].join(', ')
}

function readOid(bytes: Uint8Array): string {
  const numbers: number[] = []
  let number = 0
  for (const byte of bytes) {
    number = number * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    numbers.push(number)
    number = 0
  }
  const [first = 0, ...rest] = numbers
  return [Math.min(2, Math.floor(first / 40)), first - Math.min(2, Math.floor(first / 40)) * 40, ...rest].join('.')
}

/** Looks through attributes, however deep they lie, for the extension with alternative names. */
function namesIn(bytes: Uint8Array): string[] {
  const found: string[] = []
  let isNext = false
  for (const { tag, content } of values(bytes)) {
    if (tag === 0x06) isNext = readOid(content) === alternativeNames
    else if (tag === 0x04 && isNext) found.push(...children(only(content)).flatMap(readAlternative))
    else if (tag & 0x20) found.push(...namesIn(content))
  }
  return found
}

function readAlternative({ tag, content }: Value): string[] {
  if (tag === 0x82) return [new TextDecoder().decode(content)]
  return tag === 0x87 && content.length === 4 ? [content.join('.')] : []
}

/** A short name for a public key; keys that were made here carry their name. */
function identify(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes)
  const own = /kubehop key ([0-9a-f]+)$/.exec(text)?.[1]
  if (own !== undefined) return own
  return [0, 1, 2, 3].map(salt => hashText(`${salt}${text}`).toString(16).padStart(8, '0')).join('')
}

/** A request as a PEM file holds it (PKCS #10); its signature is a name. */
export function encodeCertificateRequest({ subject, names, key }: CertificateRequest): string {
  const oidOf = (name: string) => Object.keys(attributeNames).find(oid => attributeNames[oid] === name) ?? '2.5.4.3'
  const name = subject
    .split(/,\s*/)
    .filter(Boolean)
    .map(part => {
      const [type = '', value = ''] = part.split(/\s*=\s*(.*)/)
      return encode(0x31, encode(0x30, encodeOid(oidOf(type)), encode(0x0c, text(value))))
    })
  const alternatives = names.map(each =>
    /^\d+(?:\.\d+){3}$/.test(each) ? encode(0x87, Uint8Array.from(each.split('.'), Number)) : encode(0x82, text(each)),
  )
  const extension = encode(0x30, encodeOid(alternativeNames), encode(0x04, encode(0x30, ...alternatives)))
  const attribute = encode(0x30, encodeOid('1.2.840.113549.1.9.14'), encode(0x31, encode(0x30, extension)))
  const body = encode(
    0x30,
    encode(0x02, Uint8Array.of(0)),
    encode(0x30, ...name),
    encode(0x30, encode(0x30, encodeOid('1.2.840.113549.1.1.1')), encode(0x03, text(`kubehop key ${key}`))),
    encode(0xa0, ...(names.length > 0 ? [attribute] : [])),
  )
  const algorithm = encode(0x30, encodeOid('1.2.840.113549.1.1.11'))
  return encodePem('CERTIFICATE REQUEST', encode(0x30, body, algorithm, encode(0x03, text(`signed by ${key}`))))
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

/** One value of ASN.1 with others in it. */
function encode(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(parts)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return concatBytes([Uint8Array.of(tag, ...size), content])
}

function encodeOid(oid: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const number of rest) {
    const digits = [number & 0x7f]
    for (let left = number >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80)
    bytes.push(...digits)
  }
  return encode(0x06, Uint8Array.from(bytes))
}
