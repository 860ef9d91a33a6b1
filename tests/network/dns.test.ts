import { expect, test } from 'vitest'
import {
  type DnsMessage,
  type DnsRecord,
  decodeDns,
  dnsCodes,
  dnsQuery,
  dnsTypeName,
  dnsTypes,
  encodeDns,
} from '#simulator/network/dns.ts'
import { ip } from './world.ts'

function record(name: string, type: number, content: DnsRecord['content'], ttl = 30): DnsRecord {
  return { name, type, class: 1, ttl, content }
}

const cookie: DnsRecord = {
  name: '.',
  type: dnsTypes.OPT,
  class: 1232,
  ttl: 0,
  content: { kind: 'OPT', options: [{ code: 10, value: new Uint8Array(8) }] },
}

const question = dnsQuery(0x1234, 'far.default.svc.cluster.local.', dnsTypes.A)
const answer: DnsMessage = {
  ...question,
  isResponse: true,
  isAuthoritative: true,
  answers: [record('far.default.svc.cluster.local.', dnsTypes.A, { kind: 'A', address: ip('10.102.213.243') })],
  additionals: [cookie],
}

test.each([
  ['a question', question, {}, 47],
  ['a question with a cookie', { ...question, additionals: [cookie] }, {}, 70],
  ['an answer with names in full', answer, { isCompressed: false }, 115],
  ['an answer with compressed names', answer, {}, 86],
] as [string, DnsMessage, { isCompressed?: boolean }, number][])(
  '%s takes as many bytes as on a real wire',
  (_, message, options, length) => {
    expect(encodeDns(message, options)).toHaveLength(length)
  },
)

test.each([
  record('a.example.', dnsTypes.A, { kind: 'A', address: ip('203.0.113.10') }),
  record('a.example.', dnsTypes.AAAA, { kind: 'AAAA', address: '2001:db8:0:0:0:0:0:1' }),
  record('a.example.', dnsTypes.CNAME, { kind: 'CNAME', name: 'b.a.example.' }),
  record('a.example.', dnsTypes.NS, { kind: 'NS', name: 'ns.a.example.' }),
  record('10.113.0.203.in-addr.arpa.', dnsTypes.PTR, { kind: 'PTR', name: 'a.example.' }),
  record('a.example.', dnsTypes.MX, { kind: 'MX', preference: 10, name: 'mail.a.example.' }),
  record('a.example.', dnsTypes.TXT, { kind: 'TXT', texts: ['v=1', 'ein zweiter Text', ''] }),
  record('_http._tcp.a.example.', dnsTypes.SRV, {
    kind: 'SRV',
    priority: 0,
    weight: 100,
    port: 80,
    name: 'a.example.',
  }),
  record('example.', dnsTypes.SOA, {
    kind: 'SOA',
    server: 'ns.example.',
    mailbox: 'hostmaster.example.',
    serial: 2026030209,
    refresh: 7200,
    retry: 1800,
    expire: 86400,
    minimum: 30,
  }),
  record('a.example.', 257, { kind: 'other', value: Uint8Array.from([0, 5, 105]) }),
])('a record of type $type survives the wire', given => {
  const message = { ...answer, answers: [given], authorities: [given] }
  expect(decodeDns(encodeDns(message))).toEqual(message)
  expect(decodeDns(encodeDns(message, { isCompressed: false }))).toEqual(message)
})

test('the bits of the header survive the wire', () => {
  const message: DnsMessage = {
    ...question,
    isResponse: true,
    opcode: 2,
    isTruncated: true,
    recursionAvailable: true,
    authenticData: true,
    checkingDisabled: true,
    code: dnsCodes.NXDOMAIN,
  }
  expect(decodeDns(encodeDns(message))).toEqual(message)
})

test('an IPv6 address may be written short', () => {
  const short = { ...answer, answers: [record('a.', dnsTypes.AAAA, { kind: 'AAAA', address: '2001:db8::1' })] }
  expect(decodeDns(encodeDns(short))!.answers[0]!.content).toEqual({ kind: 'AAAA', address: '2001:db8:0:0:0:0:0:1' })
})

test('a dot within a label is escaped', () => {
  const soa = record('a.', dnsTypes.CNAME, { kind: 'CNAME', name: 'first\\.last.example.' })
  expect(decodeDns(encodeDns({ ...answer, answers: [soa] }))!.answers[0]).toEqual(soa)
})

test('malformed messages are refused', () => {
  const bytes = encodeDns(answer)
  for (let length = 0; length < 47; length++) expect(decodeDns(bytes.slice(0, length))).toBeUndefined()
  const circle = Uint8Array.from([...bytes.slice(0, 12), 0xc0, 12, 0, 1, 0, 1])
  expect(decodeDns(circle)).toBeUndefined()
})

test('types have names', () => {
  expect([1, 28, 33, 257].map(dnsTypeName)).toEqual(['A', 'AAAA', 'SRV', 'TYPE257'])
})
