/** Types of DNS records. */
export const dnsTypes = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  ANY: 255,
} as const

/** Answers of a name server. */
export const dnsCodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const

export interface DnsQuestion {
  /** With the final dot. */
  readonly name: string
  readonly type: number
  readonly class: number
}

/** What a record says, by type. */
export type DnsContent =
  | { readonly kind: 'A'; readonly address: number }
  | { readonly kind: 'AAAA'; readonly address: string }
  | { readonly kind: 'NS' | 'CNAME' | 'PTR'; readonly name: string }
  | { readonly kind: 'MX'; readonly preference: number; readonly name: string }
  | { readonly kind: 'TXT'; readonly texts: readonly string[] }
  | {
      readonly kind: 'SRV'
      readonly priority: number
      readonly weight: number
      readonly port: number
      readonly name: string
    }
  | {
      readonly kind: 'SOA'
      readonly server: string
      readonly mailbox: string
      readonly serial: number
      readonly refresh: number
      readonly retry: number
      readonly expire: number
      readonly minimum: number
    }
  | { readonly kind: 'OPT'; readonly options: readonly { readonly code: number; readonly value: Uint8Array }[] }
  | { readonly kind: 'other'; readonly value: Uint8Array }

export interface DnsRecord {
  readonly name: string
  readonly type: number
  /** For OPT the size of datagrams that the sender takes. */
  readonly class: number
  /** For OPT the extended code, version and flags. */
  readonly ttl: number
  readonly content: DnsContent
}

export interface DnsMessage {
  readonly id: number
  readonly isResponse: boolean
  readonly opcode: number
  readonly isAuthoritative: boolean
  readonly isTruncated: boolean
  readonly recursionDesired: boolean
  readonly recursionAvailable: boolean
  readonly authenticData: boolean
  readonly checkingDisabled: boolean
  readonly code: number
  readonly questions: readonly DnsQuestion[]
  readonly answers: readonly DnsRecord[]
  readonly authorities: readonly DnsRecord[]
  readonly additionals: readonly DnsRecord[]
}

/** A message as it runs on the wire, with names compressed. */
export function encodeDns(_message: DnsMessage): Uint8Array {
  throw new Error('unfinished')
}

/** Reads a message; undefined when it is malformed. */
export function decodeDns(_bytes: Uint8Array): DnsMessage | undefined {
  throw new Error('unfinished')
}
