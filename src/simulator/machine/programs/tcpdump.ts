import { broadcastMac, formatIpv4, isGroupMac } from '../../network/address.ts'
import type { NetworkInterface } from '../../network/interface.ts'
import type { Frame } from '../../network/packet.ts'
import { encodeFrame } from '../../network/wire.ts'
import type { Random } from '../../random.ts'
import { FilterError, hostNames, parseFilter } from '../captureFilter.ts'
import { compileFilter, type FrameTest } from '../captureMatch.ts'
import { defineProgram } from '../options.ts'
import { asciiDump, hexDump, PacketText } from '../packetText.ts'
import type { Process } from '../program.ts'
import { ResolveError, resolveAddress, resolveHost } from '../resolver.ts'
import { serviceName, servicePort } from '../services.ts'

/** Shows the frames that pass an interface. */
export const tcpdump = defineProgram({
  name: 'tcpdump',
  summary: 'dump traffic on a network',
  usage: '[-AbdDefhIJKlLnNOpqStuUvxX#] [-c count] [-i interface] [-Q in|out|inout] [-s snaplen] [expression]',
  options: [
    { short: 'A', help: 'print each packet in ASCII' },
    { short: 'c', value: 'count', help: 'exit after receiving count packets' },
    { short: 'D', long: 'list-interfaces', help: 'print the list of the network interfaces' },
    { short: 'e', help: 'print the link-level header on each dump line' },
    { short: 'i', long: 'interface', value: 'interface', help: 'listen on this interface, or any' },
    { short: 'K', long: 'dont-verify-checksums', help: "don't attempt to verify checksums" },
    { short: 'l', help: 'make stdout line buffered' },
    { short: 'n', help: "don't convert addresses to names" },
    { short: 'N', help: "don't print domain name qualification of host names" },
    { short: 'p', long: 'no-promiscuous-mode', help: "don't put the interface into promiscuous mode" },
    { short: 'q', help: 'quick output' },
    { short: 'Q', long: 'direction', value: 'in|out|inout', help: 'choose send/receive direction' },
    { short: 's', long: 'snapshot-length', value: 'snaplen', help: 'snarf snaplen bytes of data from each packet' },
    { short: 'S', long: 'absolute-tcp-sequence-numbers', help: 'print absolute TCP sequence numbers' },
    { short: 't', help: "don't print a timestamp on each dump line" },
    { short: 'U', long: 'packet-buffered', help: 'make saved packets packet-buffered' },
    { short: 'v', help: 'produce more verbose output' },
    { short: 'x', help: 'print the data of each packet in hex' },
    { short: 'X', help: 'print the data of each packet in hex and ASCII' },
    { short: '#', long: 'number', help: 'print an optional packet number at the beginning of the line' },
  ],
  notSimulated:
    '-a -b -B -C -d -E -f -F -G -h -H -I -j -J -L -m -M -O -P -r -R -T -u -V -w -W -y -z -Z --print --count',
  async run(process, args) {
    if (args.has('list-interfaces')) return listInterfaces(process)
    if (process.user.uid !== 0) {
      const name = args.get('interface') ?? defaultInterface(process)?.name ?? 'eth0'
      return process.fail(
        `${name}: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)`,
      )
    }
    const name = args.get('interface') ?? defaultInterface(process)?.name
    if (name === undefined) return process.fail('no suitable device found')
    const device = name === 'any' ? 'any' : process.network.interface(name)
    if (!device) return process.fail(`${name}: No such device exists\n(No such device exists)`)
    const count = args.get('c')
    if (count !== undefined && !/^[1-9]\d*$/.test(count)) return process.fail(`invalid packet count ${count}`)
    let test: FrameTest
    try {
      test = await readFilter(process, args.operands.join(' '))
    } catch (error) {
      if (error instanceof FilterError) return process.fail(error.message)
      throw error
    }
    const direction = args.get('direction') ?? 'inout'
    if (!['in', 'out', 'inout'].includes(direction)) return process.fail(`unknown capture direction \`${direction}'`)
    const verbosity = args.count('v')
    await process.stderr.write(heading(device, verbosity))
    const capture = new Capture(process, {
      device,
      test,
      direction: direction === 'inout' ? undefined : (direction as 'in' | 'out'),
      count: count === undefined ? Number.POSITIVE_INFINITY : Number(count),
      isLineBuffered: args.has('l') || process.stdout.terminal !== undefined,
      hasNames: !args.has('n'),
      isShortNamed: args.has('N'),
      isNumbered: args.has('number'),
      timeStyle: args.count('t'),
      dump: args.has('X') ? 'both' : args.has('x') ? 'hex' : args.has('A') ? 'ascii' : undefined,
      isDumpWithLink: args.count('X') > 1 || args.count('x') > 1,
      isQuiet: args.has('q'),
      verbosity,
      areSequencesAbsolute: args.has('absolute-tcp-sequence-numbers'),
      hasLinkHeader: args.has('e'),
    })
    return capture.run()
  },
})

interface CaptureOptions {
  readonly device: NetworkInterface | 'any'
  readonly test: FrameTest
  readonly direction: 'in' | 'out' | undefined
  readonly count: number
  readonly isLineBuffered: boolean
  readonly hasNames: boolean
  readonly isShortNamed: boolean
  readonly isNumbered: boolean
  /** How often `-t` was given. */
  readonly timeStyle: number
  readonly dump: 'hex' | 'both' | 'ascii' | undefined
  readonly isDumpWithLink: boolean
  readonly isQuiet: boolean
  readonly verbosity: number
  readonly areSequencesAbsolute: boolean
  readonly hasLinkHeader: boolean
}

interface Captured {
  readonly frame: Frame
  readonly direction: 'in' | 'out'
  readonly link: NetworkInterface
  /** Microseconds since 1970. */
  readonly at: number
}

/** What libc collects before it writes to something that is not a terminal. */
const outputBuffer = 4096

/** One run of tcpdump, from the first frame to the counts. */
class Capture {
  readonly #process: Process
  readonly #options: CaptureOptions
  readonly #text: PacketText
  readonly #random: Random
  readonly #names = new Map<number, string>()
  readonly #waiting: Captured[] = []
  #wake: () => void = () => {}
  #matched = 0
  #shown = 0
  #isInterrupted = false
  #lastTime = 0
  #firstShownAt: number | undefined
  #lastShownAt: number | undefined
  #unwritten = ''

  constructor(process: Process, options: CaptureOptions) {
    this.#process = process
    this.#options = options
    this.#random = process.kernel.random.fork(`tcpdump ${process.pid} ${process.kernel.clock.now}`)
    this.#text = new PacketText({
      ...options,
      host: address => this.#names.get(address) ?? formatIpv4(address),
      port: (port, protocol) => (options.hasNames ? serviceName(process, port, protocol) : undefined) ?? String(port),
    })
  }

  async run(): Promise<number> {
    const stop = this.#listen()
    const forget = this.#process.onExit(stop)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      this.#process.onSignal(signal, () => {
        this.#isInterrupted = true
        this.#wake()
      })
    }
    while (!this.#isInterrupted && this.#shown < this.#options.count) {
      const captured = this.#waiting.shift()
      if (captured) await this.#show(captured)
      else
        await this.#process.wait<void>(wake => {
          this.#wake = wake
        })
    }
    stop()
    forget()
    if (this.#isInterrupted) {
      while (this.#waiting.length > 0 && this.#shown < this.#options.count) await this.#show(this.#waiting.shift()!)
      // A line may have been left unfinished (tcpdump.c).
      await this.#write('\n')
    }
    await this.#flush()
    await this.#process.stderr.write(
      `${plural(this.#shown, 'captured')}\n${plural(this.#matched, 'received by filter')}\n${plural(0, 'dropped by kernel')}\n`,
    )
    return 0
  }

  #listen(): () => void {
    const { device } = this.#options
    if (device === 'any')
      return this.#process.network.captureAny((link, frame, direction) => this.#hear(link, frame, direction))
    return device.capture((frame, direction) => this.#hear(device, frame, direction))
  }

  #hear(link: NetworkInterface, frame: Frame, direction: 'in' | 'out'): void {
    // What a loopback interface sends comes back in: it is shown once (libpcap, pcap-linux.c).
    if (link.kind === 'loopback' && direction === 'out') return
    if (this.#options.direction && this.#options.direction !== direction) return
    if (!this.#options.test({ frame, direction })) return
    this.#matched++
    const now = this.#process.machine.now() * 1000
    // The simulated clock counts milliseconds: frames within one follow each other by some microseconds.
    this.#lastTime = Math.max(now, this.#lastTime + 4 + this.#random.below(30))
    this.#waiting.push({ frame, direction, link, at: this.#lastTime })
    this.#wake()
  }

  async #show(captured: Captured): Promise<void> {
    this.#shown++
    if (this.#options.hasNames) await this.#learnNames(captured.frame)
    const number = this.#options.isNumbered ? `${String(this.#shown).padStart(5)}  ` : ''
    const text = number + this.#time(captured.at) + this.#cooked(captured) + this.#body(captured)
    await this.#write(`${text}${this.#dump(captured.frame)}\n`)
  }

  #cooked({ link, frame, direction }: Captured): string {
    if (this.#options.device !== 'any') return ''
    return `${link.name.padEnd(5)} ${(direction === 'out' ? 'Out' : incomingKind(frame, link)).padEnd(3)} `
  }

  #body({ frame, link }: Captured): string {
    if (this.#options.device === 'any') return this.#text.cooked(frame, link.index)
    return isRaw(link) ? this.#text.raw(frame) : this.#text.frame(frame)
  }

  #dump(frame: Frame): string {
    const { dump } = this.#options
    if (!dump) return ''
    const { device, isDumpWithLink } = this.#options
    const hasLink = isDumpWithLink && device !== 'any' && !isRaw(device)
    const bytes = encodeFrame(frame).subarray(hasLink ? 0 : 14)
    return dump === 'ascii' ? asciiDump(bytes) : hexDump(bytes, dump === 'both')
  }

  #time(at: number): string {
    const clock = (micros: number) => {
      const seconds = Math.floor(micros / 1e6)
      const two = (value: number) => String(value).padStart(2, '0')
      return `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${String(micros % 1e6).padStart(6, '0')}`
    }
    this.#firstShownAt ??= at
    const previous = this.#lastShownAt ?? at
    this.#lastShownAt = at
    switch (this.#options.timeStyle) {
      case 0:
        return `${clock(at)} `
      case 1:
        return ''
      case 2:
        return `${Math.floor(at / 1e6)}.${String(at % 1e6).padStart(6, '0')} `
      case 3:
        return ` ${clock(at - previous)} `
      case 4:
        return `${new Date(Math.floor(at / 1000)).toISOString().slice(0, 10)} ${clock(at)} `
      default:
        return ` ${clock(at - this.#firstShownAt)} `
    }
  }

  async #learnNames(frame: Frame): Promise<void> {
    for (const address of addressesIn(frame)) {
      if (this.#names.has(address)) continue
      this.#names.set(address, formatIpv4(address))
      const name = (await resolveAddress(this.#process, address))?.name
      if (name !== undefined) this.#names.set(address, this.#options.isShortNamed ? name.replace(/\..*/, '') : name)
    }
  }

  async #write(text: string): Promise<void> {
    this.#unwritten += text
    if (this.#options.isLineBuffered || this.#unwritten.length >= outputBuffer) await this.#flush()
  }

  async #flush(): Promise<void> {
    const text = this.#unwritten
    this.#unwritten = ''
    if (text !== '') await this.#process.write(text)
  }
}

function addressesIn(frame: Frame): number[] {
  const { payload } = frame
  if (payload.kind === 'arp') return [payload.senderAddress, payload.targetAddress]
  const { body } = payload
  const inner = body.kind === 'udp' && body.encapsulated ? addressesIn(body.encapsulated.frame) : []
  const quoted = body.kind === 'icmp' && body.original ? [body.original.source, body.original.destination] : []
  return [payload.source, payload.destination, ...inner, ...quoted]
}

async function readFilter(process: Process, text: string): Promise<FrameTest> {
  const expression = parseFilter(text)
  const hosts = new Map<string, readonly number[]>()
  for (const name of hostNames(expression)) {
    try {
      hosts.set(name, (await resolveHost(process, name)).addresses)
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error
    }
  }
  return compileFilter(expression, {
    host: name => hosts.get(name) ?? [],
    port: name => servicePort(process, name, 'tcp') ?? servicePort(process, name, 'udp'),
  })
}

/** How -i any marks what comes in: to the interface, to all, to many, or to somebody else and heard all the same. */
function incomingKind({ destination }: Frame, link: NetworkInterface): 'In' | 'B' | 'M' | 'P' {
  if (destination === broadcastMac) return 'B'
  if (isGroupMac(destination)) return 'M'
  return isRaw(link) || destination === link.mac ? 'In' : 'P'
}

/** Whether an interface has no Ethernet headers. */
function isRaw(device: NetworkInterface): boolean {
  return device.kind === 'ipip'
}

function heading(device: NetworkInterface | 'any', verbosity: number): string {
  const name = device === 'any' ? 'any' : device.name
  const ethernet = device !== 'any' && isRaw(device) ? 'RAW (Raw IP)' : 'EN10MB (Ethernet)'
  const type = device === 'any' ? 'LINUX_SLL2 (Linux cooked v2)' : ethernet
  const listening = `listening on ${name}, link-type ${type}, snapshot length 262144 bytes\n`
  const cooked = name === 'any' ? 'tcpdump: data link type LINUX_SLL2\n' : ''
  if (verbosity > 0) return `${cooked}tcpdump: ${listening}`
  return `${cooked}tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n${listening}`
}

function plural(count: number, what: string): string {
  return `${count} packet${count === 1 ? '' : 's'} ${what}`
}

function defaultInterface(process: Process): NetworkInterface | undefined {
  const links = process.network.interfaces
  return links.find(link => link.isUp && link.kind !== 'loopback') ?? links.find(link => link.isUp)
}

async function listInterfaces(process: Process): Promise<number> {
  const links = process.network.interfaces
  const states = (link: NetworkInterface) =>
    [link.isUp && 'Up', link.isUp && link.hasCarrier && 'Running', link.kind === 'loopback' && 'Loopback'].filter(
      Boolean,
    )
  const lines = [
    ...links
      .filter(link => link.kind !== 'loopback')
      .map(link => `${link.name} [${[...states(link), 'Connected'].join(', ')}]`),
    'any (Pseudo-device that captures on all interfaces) [Up, Running]',
    ...links.filter(link => link.kind === 'loopback').map(link => `${link.name} [${states(link).join(', ')}]`),
  ]
  await process.write(lines.map((line, i) => `${i + 1}.${line}\n`).join(''))
  return 0
}
