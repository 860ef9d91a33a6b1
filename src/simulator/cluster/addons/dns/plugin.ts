import type { DnsMessage, DnsQuestion, DnsRecord } from '../../../network/dns.ts'
import type { Endpoint } from '../../../network/sockets.ts'
import type { Random } from '../../../random.ts'
import type { Client } from '../../client.ts'

/** Takes the answer to a question; undefined means that nobody could answer. */
export type Reply = (answer: DnsMessage | undefined) => void

/** Answers a request, now or later. */
export type Answering = (request: DnsMessage, reply: Reply) => void

/** One plugin of a server block: answers, or passes the question on. */
export interface DnsPlugin {
  answer(request: DnsMessage, reply: Reply, next: Answering): void
}

/** What a name server needs from the machine it runs on. */
export interface DnsSurroundings {
  readonly client: Client
  readonly random: Random
  /** Milliseconds since 1970. */
  now(): number
  /** Sends a question to another name server; undefined when no answer comes. */
  ask(server: Endpoint, question: DnsMessage, receive: (answer: DnsMessage | undefined) => void): void
  /** The text of a file, if it is there. */
  readFile(path: string): string | undefined
  /** Writes a line to standard output. */
  log(line: string): void
}

export function questionOf(request: DnsMessage): DnsQuestion {
  return request.questions[0] ?? { name: '.', type: 0, class: 1 }
}

/** An answer to a request, with nothing in it yet. */
export function replyTo(request: DnsMessage, changes: Partial<DnsMessage> = {}): DnsMessage {
  return {
    id: request.id,
    isResponse: true,
    opcode: request.opcode,
    isAuthoritative: false,
    isTruncated: false,
    recursionDesired: request.recursionDesired,
    recursionAvailable: false,
    authenticData: false,
    checkingDisabled: request.checkingDisabled,
    code: 0,
    questions: request.questions,
    answers: [],
    authorities: [],
    additionals: [],
    ...changes,
  }
}

/** The zone, of those given, to which a name belongs most closely. */
export function zoneOf(name: string, zones: readonly string[]): string | undefined {
  const lower = name.toLowerCase()
  return zones
    .filter(zone => zone === '.' || lower === zone || lower.endsWith(`.${zone}`))
    .sort((a, b) => b.length - a.length)[0]
}

export function record(name: string, type: number, ttl: number, content: DnsRecord['content']): DnsRecord {
  return { name, type, class: 1, ttl, content }
}
