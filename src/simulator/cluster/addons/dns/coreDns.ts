import {
  type DnsMessage,
  type DnsRecord,
  decodeDns,
  dnsCodes,
  dnsTypeName,
  dnsTypes,
  encodeDns,
} from '../../../network/dns.ts'
import { cachePlugin } from './cache.ts'
import { CorefileError, type Directive, parseCorefile, type ServerBlock } from './corefile.ts'
import { forwardPlugin } from './forward.ts'
import { hostsPlugin } from './hosts.ts'
import { kubernetesPlugin } from './kubernetesPlugin.ts'
import { loadBalancePlugin } from './loadBalance.ts'
import {
  type Answering,
  type DnsPlugin,
  type DnsSurroundings,
  questionOf,
  type Reply,
  replyTo,
  zoneOf,
} from './plugin.ts'
import { rewritePlugin } from './rewrite.ts'

/** Who asked, and over what. */
export interface DnsClient {
  /** `10.244.1.5:41234`. */
  readonly address: string
  readonly protocol: 'udp' | 'tcp'
}

/** A name server made from a Corefile. */
export interface CoreDns {
  readonly blocks: readonly ServerBlock[]
  /** Answers a message that came in on a port; what is no DNS gets no answer. */
  answer(bytes: Uint8Array, port: number, from: DnsClient, send: (bytes: Uint8Array) => void): void
}

/** Plugins that answer or change answers, in the order in which CoreDNS calls them: its plugin.cfg. */
const makers: Readonly<
  Record<string, (directive: Directive, surroundings: DnsSurroundings, server: Answering) => DnsPlugin>
> = {
  loadbalance: (_, surroundings) => loadBalancePlugin(surroundings),
  cache: cachePlugin,
  rewrite: rewritePlugin,
  hosts: hostsPlugin,
  kubernetes: kubernetesPlugin,
  forward: forwardPlugin,
}

/** Plugins that do not take part in an answer. */
const others = ['errors', 'health', 'ready', 'prometheus', 'loop', 'reload', 'log', 'debug', 'bufsize', 'lameduck']

const missing = [
  ...['metadata', 'geoip', 'cancel', 'tls', 'timeouts', 'multisocket', 'nsid', 'bind', 'trace', 'pprof', 'dnstap'],
  ...['local', 'dns64', 'acl', 'any', 'chaos', 'tsig', 'header', 'dnssec', 'autopath', 'minimal', 'template'],
  ...['transfer', 'route53', 'azure', 'clouddns', 'k8s_external', 'file', 'auto', 'secondary', 'etcd', 'grpc'],
  ...['erratic', 'whoami', 'on', 'sign', 'view', 'nomad', 'root'],
]

/** Makes a name server; throws `CorefileError` in CoreDNS' words. */
export function createCoreDns(corefile: string, surroundings: DnsSurroundings): CoreDns {
  const blocks = parseCorefile(corefile)
  const servers = blocks.map(block => ({ block, answer: chainOf(block, surroundings) }))
  return {
    blocks,
    answer(bytes, port, from, send) {
      const request = decodeDns(bytes)
      if (!request || request.isResponse) return
      const here = servers.filter(({ block }) => block.port === port)
      const zone = zoneOf(
        questionOf(request).name,
        here.flatMap(({ block }) => block.zones),
      )
      const server = here.find(({ block }) => zone !== undefined && block.zones.includes(zone))
      const finish = (answer: DnsMessage) => {
        const reply = encode(withOptions(answer, request), request, from)
        if (server?.block.plugins.some(({ name }) => name === 'log'))
          surroundings.log(logLine(request, bytes.length, answer, reply.length, from, surroundings))
        send(reply)
      }
      if (!server) finish(replyTo(request, { code: dnsCodes.REFUSED }))
      else
        server.answer(request, answer => {
          if (!answer && server.block.plugins.some(({ name }) => name === 'errors')) {
            const { name, type } = questionOf(request)
            surroundings.log(
              `[ERROR] plugin/errors: 2 ${name} ${dnsTypeName(type)}: no answer from upstream: i/o timeout`,
            )
          }
          finish(answer ?? replyTo(request, { code: dnsCodes.SERVFAIL }))
        })
    },
  }
}

function chainOf({ plugins }: ServerBlock, surroundings: DnsSurroundings): Answering {
  for (const { name, line } of plugins) {
    if (name in makers || others.includes(name)) continue
    if (missing.includes(name))
      throw new CorefileError(`/etc/coredns/Corefile:${line} - plugin/${name} is not simulated here`)
    throw new CorefileError(`/etc/coredns/Corefile:${line} - Error during parsing: Unknown directive '${name}'`)
  }
  const chain: DnsPlugin[] = []
  const run = (at: number, request: DnsMessage, reply: Reply): void => {
    const plugin = chain[at]
    if (plugin) plugin.answer(request, reply, (next, answer) => run(at + 1, next, answer))
    else reply(undefined)
  }
  const server: Answering = (request, reply) => run(0, request, reply)
  for (const [name, make] of Object.entries(makers))
    for (const directive of plugins) if (directive.name === name) chain.push(make(directive, surroundings, server))
  return server
}

function optionsOf({ additionals }: DnsMessage): DnsRecord | undefined {
  return additionals.find(({ type }) => type === dnsTypes.OPT)
}

/** The client's EDNS record goes back as it came, with the options that CoreDNS knows. */
function withOptions(answer: DnsMessage, request: DnsMessage): DnsMessage {
  const options = optionsOf(request)
  const additionals = answer.additionals.filter(({ type }) => type !== dnsTypes.OPT)
  return { ...answer, additionals: options ? [...additionals, { ...options, ttl: options.ttl & 0x8000 }] : additionals }
}

/** Names are written out in full while the message fits; then compressed; then records are left out. */
function encode(answer: DnsMessage, request: DnsMessage, { protocol }: DnsClient): Uint8Array {
  const limit = protocol === 'tcp' ? 65_535 : Math.max(512, optionsOf(request)?.class ?? 512)
  const full = encodeDns(answer, { isCompressed: false })
  if (full.length <= limit) return full
  let shorter = answer
  let bytes = encodeDns(shorter)
  while (bytes.length > limit && shorter.answers.length > 0) {
    shorter = { ...shorter, isTruncated: true, answers: shorter.answers.slice(0, -1) }
    bytes = encodeDns(shorter)
  }
  return bytes
}

/** A line of the plugin `log` in its common format. */
function logLine(
  request: DnsMessage,
  size: number,
  answer: DnsMessage,
  replySize: number,
  { address, protocol }: DnsClient,
  { random }: DnsSurroundings,
): string {
  const { name, type } = questionOf(request)
  const options = optionsOf(request)
  const isDnssec = ((options?.ttl ?? 0) & 0x8000) !== 0
  const question = `${dnsTypeName(type)} IN ${name.toLowerCase()} ${protocol} ${size} ${isDnssec} ${options?.class ?? 512}`
  const flags = [
    'qr',
    ...(answer.isAuthoritative ? ['aa'] : []),
    ...(answer.isTruncated ? ['tc'] : []),
    ...(answer.recursionDesired ? ['rd'] : []),
    ...(answer.recursionAvailable ? ['ra'] : []),
  ]
  const code = Object.entries(dnsCodes).find(([, number]) => number === answer.code)?.[0] ?? String(answer.code)
  const seconds = (80_000 + random.below(200_000)) / 1e9
  return `[INFO] ${address} - ${request.id} "${question}" ${code} ${flags.join(',')} ${replySize} ${seconds.toFixed(9)}s`
}
