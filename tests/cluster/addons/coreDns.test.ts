import { expect, test } from 'vitest'
import { createCoreDns } from '../../../src/simulator/cluster/addons/dns/coreDns.ts'
import type { DnsSurroundings } from '../../../src/simulator/cluster/addons/dns/plugin.ts'
import type { Client } from '../../../src/simulator/cluster/client.ts'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { service } from '../../../src/simulator/cluster/kinds/service.ts'
import { formatIpv4 } from '../../../src/simulator/network/address.ts'
import {
  type DnsRecord,
  decodeDns,
  dnsCodes,
  dnsQuery,
  dnsTypeName,
  dnsTypes,
  encodeDns,
} from '../../../src/simulator/network/dns.ts'
import { Random } from '../../../src/simulator/random.ts'
import { startPlane } from '../controllers/controlPlane.ts'

const corefile = `.:53 {
    errors
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    forward . 192.168.64.1
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loadbalance
}
`

function prepare(): Client {
  const plane = startPlane(['node1'])
  const add = (name: string, spec: object) =>
    plane.client.create(service, { metadata: { name, namespace: 'default' }, spec: spec as never })
  const ports = [{ name: 'http', port: 80, targetPort: 8080 }]
  add('web', { clusterIP: '10.96.7.7', ports, selector: { app: 'web' } })
  add('heads', { clusterIP: 'None', ports: [{ name: 'http', port: 8080 }], selector: { app: 'web' } })
  add('away', { type: 'ExternalName', externalName: 'example.com' })
  add('alias', { type: 'ExternalName', externalName: 'web.default.svc.cluster.local' })
  for (const hostname of ['alpha', 'beta'])
    plane.client.create(pod, {
      metadata: { name: hostname, namespace: 'default', labels: { app: 'web' } },
      spec: { hostname, subdomain: 'heads', containers: [{ name: 'c', image: 'nginx' }] },
    })
  plane.settle(1000)
  return plane.client
}

/** Asks a server; gives the code, what it asked upstream, and the answers as text. */
function ask(question: string, text = corefile, changes: Partial<DnsSurroundings> = {}) {
  const [name = '', type = 'A'] = question.split(' ')
  const asked: string[] = []
  const log: string[] = []
  const server = createCoreDns(text, {
    client: prepare(),
    random: new Random(1),
    now: () => 1_772_442_000_000,
    ask(_, request, receive) {
      const { name: outside } = request.questions[0]!
      asked.push(outside)
      const content = { kind: 'A' as const, address: 0xcb00710a }
      const answers = outside === 'example.com.' ? [{ name: outside, type: 1, class: 1, ttl: 300, content }] : []
      receive({ ...request, isResponse: true, code: answers.length > 0 ? 0 : 3, answers })
    },
    readFile: () => undefined,
    log: line => log.push(line),
    ...changes,
  })
  const query = dnsQuery(7, name, dnsTypes[type as keyof typeof dnsTypes])
  let bytes = new Uint8Array()
  server.answer(encodeDns(query), 53, { address: '10.244.1.9:4000', protocol: 'udp' }, answer => {
    bytes = Uint8Array.from(answer)
  })
  const answer = decodeDns(bytes)!
  const code = Object.entries(dnsCodes).find(([, number]) => number === answer.code)![0]
  return {
    code,
    answers: answer.answers.map(format),
    authorities: answer.authorities.map(format),
    asked,
    log,
    answer,
    size: bytes.length,
  }
}

function format({ name, type, ttl, content }: DnsRecord): string {
  const value =
    content.kind === 'A'
      ? formatIpv4(content.address)
      : content.kind === 'SRV'
        ? `${content.priority} ${content.weight} ${content.port} ${content.name}`
        : content.kind === 'SOA'
          ? `${content.server} ${content.minimum}`
          : 'name' in content
            ? content.name
            : ''
  return `${name} ${ttl} ${dnsTypeName(type)} ${value}`
}

const soa = 'cluster.local. 30 SOA ns.dns.cluster.local. 30'

test.each<[string, string, string[]]>([
  ['web.default.svc.cluster.local. A', 'NOERROR', ['web.default.svc.cluster.local. 30 A 10.96.7.7']],
  ['WEB.default.svc.Cluster.local. A', 'NOERROR', ['WEB.default.svc.Cluster.local. 30 A 10.96.7.7']],
  ['web.default.svc.cluster.local. AAAA', 'NOERROR', []],
  ['nope.default.svc.cluster.local. A', 'NXDOMAIN', []],
  ['web.nowhere.svc.cluster.local. A', 'NXDOMAIN', []],
  ['default.svc.cluster.local. A', 'NOERROR', []],
  ['nowhere.svc.cluster.local. A', 'NXDOMAIN', []],
  ['alpha.heads.default.svc.cluster.local. A', 'NOERROR', ['alpha.heads.default.svc.cluster.local. 30 A 10.244.1.2']],
  ['gamma.heads.default.svc.cluster.local. A', 'NXDOMAIN', []],
  [
    '_http._tcp.web.default.svc.cluster.local. SRV',
    'NOERROR',
    ['_http._tcp.web.default.svc.cluster.local. 30 SRV 0 100 80 web.default.svc.cluster.local.'],
  ],
  [
    '_http._tcp.heads.default.svc.cluster.local. SRV',
    'NOERROR',
    ['alpha', 'beta'].map(
      name => `_http._tcp.heads.default.svc.cluster.local. 30 SRV 0 50 8080 ${name}.heads.default.svc.cluster.local.`,
    ),
  ],
  ['_https._tcp.web.default.svc.cluster.local. SRV', 'NXDOMAIN', []],
  ['7.7.96.10.in-addr.arpa. PTR', 'NOERROR', ['7.7.96.10.in-addr.arpa. 30 PTR web.default.svc.cluster.local.']],
  [
    '2.1.244.10.in-addr.arpa. PTR',
    'NOERROR',
    ['10-244-1-2.web', 'alpha.heads'].map(name => `2.1.244.10.in-addr.arpa. 30 PTR ${name}.default.svc.cluster.local.`),
  ],
  ['10-1-2-3.default.pod.cluster.local. A', 'NOERROR', ['10-1-2-3.default.pod.cluster.local. 30 A 10.1.2.3']],
  ['ten-1-2-3.default.pod.cluster.local. A', 'NXDOMAIN', []],
  ['away.default.svc.cluster.local. CNAME', 'NOERROR', ['away.default.svc.cluster.local. 30 CNAME example.com.']],
  [
    'alias.default.svc.cluster.local. A',
    'NOERROR',
    [
      'alias.default.svc.cluster.local. 30 CNAME web.default.svc.cluster.local.',
      'web.default.svc.cluster.local. 30 A 10.96.7.7',
    ],
  ],
  ['cluster.local. SOA', 'NOERROR', [soa]],
])('%s is answered', (question, code, answers) => {
  const found = ask(question)
  expect(found.code).toBe(code)
  expect(found.answers).toEqual(expect.arrayContaining(answers))
  expect(found.answers).toHaveLength(answers.length)
  expect(found.answer.isAuthoritative).toBe(true)
  expect(found.asked).toEqual([])
  if (answers.length === 0) expect(found.authorities).toEqual([soa])
})

test('a headless Service gives the addresses of its pods', () => {
  expect(ask('heads.default.svc.cluster.local. A').answers.sort()).toEqual([
    'heads.default.svc.cluster.local. 30 A 10.244.1.2',
    'heads.default.svc.cluster.local. 30 A 10.244.1.3',
  ])
})

test('names outside of the cluster are asked upstream, and kept for thirty seconds at most', () => {
  const { answers, asked } = ask('example.com. A')
  expect(answers).toEqual(['example.com. 30 A 203.0.113.10'])
  expect(asked).toEqual(['example.com.'])
})

test('an ExternalName leads outside', () => {
  const { answers, asked } = ask('away.default.svc.cluster.local. A')
  expect(answers).toEqual(['away.default.svc.cluster.local. 30 CNAME example.com.', 'example.com. 30 A 203.0.113.10'])
  expect(asked).toEqual(['example.com.'])
})

test('an address that the cluster does not know is looked for upstream', () => {
  expect(ask('1.0.0.172.in-addr.arpa. PTR')).toMatchObject({ code: 'NXDOMAIN', asked: ['1.0.0.172.in-addr.arpa.'] })
})

test('an upstream server that is silent makes the answer a failure', () => {
  expect(ask('example.com. A', corefile, { ask: (_, __, receive) => receive(undefined) }).code).toBe('SERVFAIL')
})

test('names are written out in full while the answer fits', () => {
  const name = 'far.default.svc.cluster.local.'
  expect(ask('web.default.svc.cluster.local. A').size).toBe(12 + (name.length + 1 + 4) + (name.length + 1 + 10 + 4))
})

test('the plugin log writes a line for each answer', () => {
  const { log } = ask('web.default.svc.cluster.local. A', corefile.replace('errors', 'log'))
  expect(log).toHaveLength(1)
  expect(log[0]).toMatch(
    /^\[INFO\] 10\.244\.1\.9:4000 - 7 "A IN web\.default\.svc\.cluster\.local\. udp 47 false 512" NOERROR qr,aa,rd 92 0\.000\d{6}s$/,
  )
})

test('hosts and rewrite change what a name leads to', () => {
  const hosts = corefile.replace('errors', 'hosts {\n 10.1.1.1 printer.office\n fallthrough\n }')
  expect(ask('printer.office. A', hosts).answers).toEqual(['printer.office. 30 A 10.1.1.1'])
  expect(ask('web.default.svc.cluster.local. A', hosts).code).toBe('NOERROR')
  const rewrite = corefile.replace('errors', 'rewrite name shop.example web.default.svc.cluster.local')
  expect(ask('shop.example. A', rewrite).answers).toEqual(['shop.example. 30 A 10.96.7.7'])
})

test.each([
  ['.:53 {\n nonsense\n}', "/etc/coredns/Corefile:2 - Error during parsing: Unknown directive 'nonsense'"],
  ['.:53 {\n template\n}', '/etc/coredns/Corefile:2 - plugin/template is not simulated here'],
  ['.:53 {\n errors\n', "Corefile:2 - Error during parsing: Unexpected EOF, expecting '}'"],
])('a Corefile with a mistake is refused', (text, message) => {
  expect(() => ask('web. A', text)).toThrow(message)
})
