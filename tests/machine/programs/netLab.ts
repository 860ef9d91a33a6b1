import { Clock } from '#simulator/clock.ts'
import { makeDevices } from '#simulator/machine/devices.ts'
import { dnsTypeName } from '#simulator/machine/dnsText.ts'
import { FileSystem } from '#simulator/machine/files.ts'
import { type HttpHandler, serveHttp } from '#simulator/machine/httpServer.ts'
import { Kernel } from '#simulator/machine/kernel.ts'
import { defaultEpoch, Machine } from '#simulator/machine/machine.ts'
import type { Flavour, Process, Program } from '#simulator/machine/program.ts'
import { dnsQuery } from '#simulator/machine/resolver.ts'
import { openUdp } from '#simulator/machine/udp.ts'
import { broadcastOf, parseIpv4, parsePrefix } from '#simulator/network/address.ts'
import type { Bridge } from '#simulator/network/bridge.ts'
import { type DnsRecord, decodeDns, dnsTypes, encodeDns } from '#simulator/network/dns.ts'
import { Network } from '#simulator/network/network.ts'
import { Random } from '#simulator/random.ts'

/** What a command has written so far, and how it ended. */
export class Run {
  stdout = ''
  stderr = ''
  readonly startedAt: number
  endedAt = 0
  process!: Process

  constructor(startedAt: number) {
    this.startedAt = startedAt
  }

  get status(): number | undefined {
    return this.process.status
  }

  /** Everything, for comparisons: stdout, stderr lines behind `! `, the status behind `? ` where it is not 0. */
  get transcript(): string {
    const errors = this.stderr === '' ? '' : this.stderr.replace(/^/gm, '! ').replace(/! $/, '')
    return this.stdout + errors + (this.status === 0 ? '' : `? ${this.status}\n`)
  }
}

/** Machines on one bridge, 10.0.0.0/24. */
export class NetLab {
  readonly clock = new Clock()
  readonly kernel = new Kernel(this.clock, new Random('lab'))
  readonly network = new Network(this.clock, new Random('network'))
  readonly #lan = this.network.createNamespace('', { machine: 'lan' })
  readonly #bridge: Bridge

  constructor() {
    this.#bridge = this.#lan.addBridge('br0')
    this.#bridge.up()
  }

  /** A machine with an address on the bridge. */
  machine(name: string, address: string, flavour: Flavour = 'gnu'): Machine {
    const network = this.network.createNamespace('', { machine: name })
    const card = network.addVeth('eth0', this.#lan, `to-${name}`.slice(0, 15))
    const prefix = parsePrefix(`${address}/24`)!
    card.addAddress(prefix, { broadcast: broadcastOf(prefix) })
    card.up()
    card.peer.up()
    this.#bridge.addPort(card.peer)
    const files = new FileSystem({ now: () => defaultEpoch + this.clock.now })
    files.mkdir('/etc')
    files.mkdir('/tmp')
    makeDevices(files, this.kernel)
    files.writeText('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n')
    files.writeText('/etc/hosts', '127.0.0.1\tlocalhost\n')
    return new Machine({ kernel: this.kernel, name, files, network, flavour })
  }

  /** Starts a program; it runs while time passes. */
  start(machine: Machine, program: Program, ...words: string[]): Run {
    return this.startAs(machine, program, [program.name, ...words])
  }

  startAs(machine: Machine, program: Program, argv: readonly string[], stdin = ''): Run {
    const run = new Run(this.clock.now)
    let input: string | undefined = stdin
    run.process = machine.start({
      argv,
      program,
      stdin: {
        read: async () => {
          const text = input || undefined
          input = undefined
          return text
        },
        unread(text) {
          input = text + (input ?? '')
        },
        close() {},
      },
      stdout: { write: async text => void (run.stdout += text), close() {} },
      stderr: { write: async text => void (run.stderr += text), close() {} },
    })
    run.process.onExit(() => {
      run.endedAt = this.clock.now
    })
    return run
  }

  /** Runs a program to its end. */
  async run(machine: Machine, program: Program, ...words: string[]): Promise<Run> {
    return this.finish(this.start(machine, program, ...words))
  }

  async finish(run: Run): Promise<Run> {
    await this.kernel.advance(3_600_000, () => run.status !== undefined)
    return run
  }

  advance(duration: number): Promise<void> {
    return this.kernel.advance(duration)
  }
}

/** A lab with a name server on 10.0.0.3 that knows `web` (10.0.0.2) in a search path like a cluster's. */
export async function namedLab(): Promise<{
  lab: NetLab
  one: Machine
  two: Machine
  three: Machine
  busybox: Machine
}> {
  const lab = new NetLab()
  const one = lab.machine('one', '10.0.0.1')
  const two = lab.machine('two', '10.0.0.2')
  const three = lab.machine('three', '10.0.0.3')
  const busybox = lab.machine('busybox', '10.0.0.4', 'busybox')
  for (const machine of [one, busybox]) {
    machine.files.writeText(
      '/etc/resolv.conf',
      'search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.0.0.3\noptions ndots:5\n',
    )
  }
  lab.start(
    three,
    nameServer({
      'web.default.svc.cluster.local. A': '10.0.0.2',
      'alias.default.svc.cluster.local. CNAME': 'web.default.svc.cluster.local.',
      '2.0.0.10.in-addr.arpa. PTR': 'web.default.svc.cluster.local.',
      '_http._tcp.web.default.svc.cluster.local. SRV': '0 100 80 web.default.svc.cluster.local.',
    }),
  )
  await lab.advance(5)
  return { lab, one, two, three, busybox }
}

/** An HTTP server on port 80 that answers `hello`, and what else the handler says. */
export function webServer(
  handler: HttpHandler = () => ({ status: 200, headers: textPlain, body: 'hello\n' }),
): Program {
  return {
    name: 'httpd',
    summary: 'web server for tests',
    async run(process) {
      serveHttp(process, 80, handler)
      await process.wait(() => {})
      return 0
    },
  }
}

const textPlain = { 'Content-Type': 'text/plain' }

/** Records of a small zone: `name type` and what it says. */
export type Zone = Readonly<Record<string, string>>

/** A name server for a zone: authoritative, without recursion, like a cluster's. */
export function nameServer(zone: Zone): Program {
  return {
    name: 'named',
    summary: 'name server for tests',
    async run(process) {
      const port = openUdp(process, { port: 53 })
      for (;;) {
        const datagram = await port.receive()
        const query = datagram && decodeDns(datagram.bytes)
        const question = query?.questions[0]
        if (!datagram || !query || !question) continue
        const name = question.name.toLowerCase()
        const answers = recordsOf(zone, name, question.type)
        const isKnown = answers.length > 0 || Object.keys(zone).some(key => key.startsWith(`${name} `))
        const message = dnsQuery(query.id, question.name, question.type, {
          isResponse: true,
          isAuthoritative: true,
          code: isKnown ? 0 : 3,
          answers,
          additionals: query.additionals,
        })
        port.send(encodeDns(message), datagram.source.address, datagram.source.port)
      }
    },
  }
}

function recordsOf(zone: Zone, name: string, type: number): DnsRecord[] {
  const common = { name, class: 1, ttl: 30 }
  const alias = zone[`${name} CNAME`]
  if (alias !== undefined)
    return [
      { ...common, type: dnsTypes.CNAME, content: { kind: 'CNAME', name: alias } },
      ...recordsOf(zone, alias, type),
    ]
  const text = zone[`${name} ${dnsTypeName(type)}`]
  if (text === undefined) return []
  if (type === dnsTypes.A)
    return text.split(' ').map(each => ({ ...common, type, content: { kind: 'A', address: parseIpv4(each)! } }))
  if (type === dnsTypes.PTR) return [{ ...common, type, content: { kind: 'PTR', name: text } }]
  const [priority, weight, port, target = ''] = text.split(' ')
  const srv = { priority: Number(priority), weight: Number(weight), port: Number(port), name: target }
  return [{ ...common, type, content: { kind: 'SRV', ...srv } }]
}
