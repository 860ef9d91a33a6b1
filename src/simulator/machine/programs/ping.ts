import { formatIpv4, parseIpv4 } from '../../network/address.ts'
import { icmpType } from '../../network/packet.ts'
import { SocketError } from '../../network/socketError.ts'
import type { SocketFault } from '../../network/sockets.ts'
import type { Random } from '../../random.ts'
import { type IcmpPort, openIcmp } from '../icmp.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { type HostEntry, ResolveError, resolveAddress, resolveHost, usesMusl } from '../resolver.ts'
import { socketErrorTexts } from '../socketFailure.ts'

/** Sends echo requests to a host and tells what comes back. */
export const ping = defineProgram({
  name: 'ping',
  summary: 'send ICMP ECHO_REQUEST to network hosts',
  usage: '[OPTIONS] HOST',
  options: [
    { short: '4', help: 'use IPv4' },
    { short: '6', help: 'use IPv6' },
    { short: 'a', help: 'use audible ping', only: 'gnu' },
    { short: 'A', help: 'ping as soon as a reply is received' },
    { short: 'b', help: 'allow pinging broadcast', only: 'gnu' },
    { short: 'c', value: 'count', help: 'stop after <count> replies' },
    { short: 'D', help: 'print timestamps', only: 'gnu' },
    { short: 'i', value: 'interval', help: 'seconds between sending each packet' },
    { short: 'I', value: 'interface', help: 'either interface name or address' },
    { short: 'M', value: 'pmtud opt', help: 'define mtu discovery, can be one of <do|dont|want>', only: 'gnu' },
    { short: 'n', help: 'no dns name resolution', only: 'gnu' },
    { short: 'O', help: 'report outstanding replies', only: 'gnu' },
    { short: 'q', help: 'quiet output' },
    { short: 's', value: 'size', help: 'use <size> as number of data bytes to be sent' },
    { short: 't', value: 'ttl', help: 'define time to live' },
    { short: 'v', help: 'verbose output', only: 'gnu' },
    { short: 'w', value: 'deadline', help: 'reply wait <deadline> in seconds' },
    { short: 'W', value: 'timeout', help: 'time to wait for response' },
  ],
  notSimulated: '-f -l -p -Q -R -S -T -U -L -m -F -N -B -d -h -V -C -e -H',
  async run(process, args) {
    if (args.has('6')) return process.fail('IPv6 is not simulated here')
    const target = args.operands.at(-1)
    if (target === undefined) {
      if (process.flavour === 'busybox') throw args.misuse('')
      return process.fail('usage error: Destination address required')
    }
    const plan = readPlan(args.get.bind(args))
    if (typeof plan === 'string') return process.fail(plan, process.flavour === 'gnu' ? 1 : 1)
    let host: HostEntry
    try {
      host = await resolveHost(process, target)
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error
      if (process.flavour === 'busybox') return process.fail(`bad address '${target}'`)
      return process.fail(`${target}: ${error.message}`, 2)
    }
    const isNumeric = args.has('n') || parseIpv4(target) !== undefined
    const round = new Round(process, target, host, plan, {
      isNumeric,
      isQuiet: args.has('q'),
      hasTimes: args.has('D'),
      tellsOutstanding: args.has('O'),
      isAdaptive: args.has('A'),
      device: args.get('I'),
      mayFragment: args.get('M') !== 'do',
    })
    return round.run()
  },
})

/** How much is sent, and how long answers are waited for, in milliseconds. */
interface Plan {
  readonly count: number
  readonly interval: number
  readonly size: number
  readonly ttl: number | undefined
  readonly linger: number
  readonly deadline: number
}

interface Style {
  readonly isNumeric: boolean
  readonly isQuiet: boolean
  readonly hasTimes: boolean
  readonly tellsOutstanding: boolean
  readonly isAdaptive: boolean
  readonly device: string | undefined
  readonly mayFragment: boolean
}

type Letter = 'c' | 'i' | 's' | 't' | 'w' | 'W'

/** Reads the numbers of the command line, or says which one is wrong. */
function readPlan(get: (name: Letter) => string | undefined): Plan | string {
  const numbers = new Map<Letter, number>()
  const limits: readonly [Letter, number, number][] = [
    ['c', 1, Number.MAX_SAFE_INTEGER],
    ['i', 0, 2147483],
    ['s', 0, 65507],
    ['t', 0, 255],
    ['w', 0, 2147483],
    ['W', 0, 2147483],
  ]
  for (const [letter, least, most] of limits) {
    const text = get(letter)
    if (text === undefined) continue
    const value = Number(text)
    const isNumber = letter === 'i' || letter === 'W' ? /^\d*\.?\d+$/.test(text) : /^\d+$/.test(text)
    if (!isNumber) return `invalid argument: '${text}'`
    if (value < least || value > most) {
      const shown = most === Number.MAX_SAFE_INTEGER ? '9223372036854775807' : most
      return `invalid argument: '${text}': out of range: ${least} <= value <= ${shown}`
    }
    numbers.set(letter, value)
  }
  return {
    count: numbers.get('c') ?? Number.POSITIVE_INFINITY,
    interval: Math.round((numbers.get('i') ?? 1) * 1000),
    size: numbers.get('s') ?? 56,
    ttl: numbers.get('t') || undefined,
    linger: Math.round((numbers.get('W') ?? 10) * 1000),
    deadline: (numbers.get('w') ?? Number.POSITIVE_INFINITY) * 1000,
  }
}

/** One run of ping: from the first request to the statistics. */
class Round {
  readonly #process: Process
  readonly #target: string
  readonly #host: HostEntry
  readonly #address: number
  readonly #plan: Plan
  readonly #style: Style
  readonly #isBusybox: boolean
  readonly #random: Random
  readonly #sentAt = new Map<number, number>()
  readonly #answered = new Set<number>()
  readonly #times: number[] = []
  #sent = 0
  #received = 0
  #duplicates = 0
  #errors = 0
  #startedAt = 0
  #lastAt = 0
  #isInterrupted = false

  constructor(process: Process, target: string, host: HostEntry, plan: Plan, style: Style) {
    this.#process = process
    this.#target = target
    this.#host = host
    this.#address = host.addresses[0]!
    this.#plan = plan
    this.#style = style
    this.#isBusybox = process.flavour === 'busybox'
    this.#random = process.kernel.random.fork(`ping ${process.pid} ${process.kernel.clock.now}`)
  }

  async run(): Promise<number> {
    const source = this.#source()
    if (typeof source === 'string') return this.#process.fail(source, 2)
    if (!this.#process.network.routeTo(this.#address)) return this.#noRoute()
    const port = openIcmp(this.#process, source)
    this.#process.onSignal('SIGINT', () => {
      this.#isInterrupted = true
      port.interrupt()
    })
    await this.#heading(source)
    this.#startedAt = this.#process.kernel.clock.now
    const status = await this.#exchange(port)
    port.close()
    if (status !== undefined) return status
    await this.#statistics()
    if (this.#received === 0) return 1
    const isShort = this.#plan.deadline < Number.POSITIVE_INFINITY && this.#received < this.#plan.count
    return isShort && this.#plan.count < Number.POSITIVE_INFINITY ? 1 : 0
  }

  /** What `-I` says: an address, or the interface and its address. */
  #source(): { address?: number; interface?: string } | string {
    const { device } = this.#style
    if (device === undefined) return {}
    const address = parseIpv4(device)
    if (address !== undefined)
      return this.#process.network.isLocal(address) ? { address } : `bind: ${socketErrorTexts.EADDRNOTAVAIL}`
    const found = this.#process.network.interface(device)
    if (!found) return this.#isBusybox ? `SO_BINDTODEVICE: ${socketErrorTexts.ENODEV}` : `unknown iface: ${device}`
    const own = found.addresses[0]?.address
    return { interface: device, ...(own === undefined ? {} : { address: own }) }
  }

  #noRoute(): Promise<number> {
    if (!this.#isBusybox) return this.#process.fail(`connect: ${socketErrorTexts.ENETUNREACH}`, 2)
    return this.#process.fail(
      `sendto: ${usesMusl(this.#process) ? 'Network unreachable' : socketErrorTexts.ENETUNREACH}`,
    )
  }

  async #heading(source: { address?: number; interface?: string }): Promise<void> {
    const address = formatIpv4(this.#address)
    const { size } = this.#plan
    if (this.#isBusybox) {
      await this.#process.write(`PING ${this.#target} (${address}): ${size} data bytes\n`)
      return
    }
    const own = source.address === undefined ? '' : ` from ${formatIpv4(source.address)} ${source.interface ?? ''}:`
    await this.#process.write(`PING ${this.#host.name} (${address})${own} ${size}(${size + 28}) bytes of data.\n`)
  }

  /** Sends and listens until all is done; a number is an exit status that leaves the statistics out. */
  async #exchange(port: IcmpPort): Promise<number | undefined> {
    const { clock } = this.#process.kernel
    const end = this.#startedAt + this.#plan.deadline
    while (!this.#isInterrupted) {
      const isDone = this.#sent >= this.#plan.count
      if (isDone && this.#answered.size + this.#errors >= this.#sent) return undefined
      if (!isDone) {
        await this.#tellOutstanding()
        const status = await this.#send(port)
        if (status !== undefined) return status
      }
      const waitsUntil = Math.min(
        end,
        this.#sent >= this.#plan.count ? this.#lastAt + this.#patience() : this.#nextAt(),
      )
      while (!this.#isInterrupted && clock.now < waitsUntil) {
        const event = await port.next(waitsUntil - clock.now)
        if (event?.kind === 'reply') await this.#reply(event.message.sequence, event.packet.ttl)
        else if (event) await this.#fault(event.fault)
        if (this.#sent >= this.#plan.count && this.#answered.size + this.#errors >= this.#sent) return undefined
        if (event && this.#style.isAdaptive) break
      }
      if (clock.now >= end || (this.#sent >= this.#plan.count && clock.now >= waitsUntil)) return undefined
    }
    return undefined
  }

  /**
   * After the last request: twice the longest time so far, or the time-out when nothing has come back yet. When all of
   * them have failed already, ping sees it as soon as its wait for one answer, a second at most, is over.
   */
  #patience(): number {
    if (this.#answered.size + this.#errors >= this.#sent) return Math.min(this.#plan.interval, 1000)
    if (this.#received === 0) return this.#plan.linger
    return Math.max(this.#isBusybox ? 1 : 0, Math.ceil(2 * Math.max(...this.#times)), 1000)
  }

  #nextAt(): number {
    return this.#lastAt + this.#plan.interval
  }

  async #send(port: IcmpPort): Promise<number | undefined> {
    const sequence = (this.#sent + (this.#isBusybox ? 0 : 1)) & 0xffff
    this.#sent++
    this.#lastAt = this.#process.kernel.clock.now
    this.#sentAt.set(sequence, this.#lastAt)
    try {
      port.sendEcho({
        destination: this.#address,
        sequence,
        size: this.#plan.size,
        ...(this.#plan.ttl === undefined ? {} : { ttl: this.#plan.ttl }),
        ...(this.#style.mayFragment ? {} : { dontFragment: true }),
      })
    } catch (error) {
      if (!(error instanceof SocketError)) throw error
      if (this.#isBusybox) return this.#process.fail(`sendto: ${socketErrorTexts[error.code]}`)
      if (error.code === 'EMSGSIZE') {
        const mtu = this.#process.network.ipv4.pathMtu(this.#address)
        await this.#process.fail(`local error: message too long, mtu=${mtu}`)
        this.#errors++
      } else await this.#process.fail(`sendmsg: ${socketErrorTexts[error.code]}`)
    }
    return undefined
  }

  async #reply(sequence: number, ttl: number): Promise<void> {
    const sentAt = this.#sentAt.get(sequence)
    if (sentAt === undefined) return
    const isDuplicate = this.#answered.has(sequence)
    const time = this.#process.kernel.clock.now - sentAt + travelTime(this.#random)
    if (isDuplicate) this.#duplicates++
    else {
      this.#answered.add(sequence)
      this.#received++
    }
    this.#times.push(time)
    if (this.#style.isQuiet) return
    const bytes = this.#plan.size + 8
    const from = formatIpv4(this.#address)
    const hasTime = this.#plan.size >= 16
    const tail = `${hasTime ? ` time=${milliseconds(time, this.#isBusybox)} ms` : ''}${isDuplicate ? ' (DUP!)' : ''}\n`
    if (this.#isBusybox) await this.#process.write(`${bytes} bytes from ${from}: seq=${sequence} ttl=${ttl}${tail}`)
    else
      await this.#process.write(
        `${this.#stamp()}${bytes} bytes from ${await this.#named(this.#address)}: icmp_seq=${sequence} ttl=${ttl}${tail}`,
      )
  }

  async #fault(fault: SocketFault): Promise<void> {
    // BusyBox leaves out errors about its requests.
    if (this.#isBusybox) return
    this.#errors++
    if (this.#style.isQuiet) return
    const body = fault.message.original?.body
    const sequence = body?.kind === 'icmp' ? body.sequence : this.#sent
    await this.#process.write(
      `${this.#stamp()}From ${await this.#named(fault.from)} icmp_seq=${sequence} ${faultText(fault)}\n`,
    )
  }

  async #tellOutstanding(): Promise<void> {
    if (!this.#style.tellsOutstanding || this.#sent === 0 || this.#answered.has(this.#sent)) return
    await this.#process.write(`${this.#stamp()}no answer yet for icmp_seq=${this.#sent}\n`)
  }

  /** iputils asks for the name that belongs to each answering address. */
  async #named(address: number): Promise<string> {
    const text = formatIpv4(address)
    if (this.#style.isNumeric) return text
    return `${(await resolveAddress(this.#process, address))?.name ?? text} (${text})`
  }

  #stamp(): string {
    if (!this.#style.hasTimes) return ''
    return `[${(this.#process.machine.now() / 1000).toFixed(6)}] `
  }

  async #statistics(): Promise<void> {
    const loss = this.#sent === 0 ? 0 : Math.round(((this.#sent - this.#received) * 1e6) / this.#sent) / 1e4
    const name = this.#isBusybox ? this.#target : this.#host.name
    let text = `\n--- ${name} ping statistics ---\n${this.#sent} packets transmitted, ${this.#received} `
    if (this.#isBusybox) {
      text += `packets received, ${this.#duplicates > 0 ? `${this.#duplicates} duplicates, ` : ''}`
      text += `${Math.floor(loss)}% packet loss\n`
      if (this.#received > 0) text += `round-trip min/avg/max = ${this.#summary(true)} ms\n`
      await this.#process.write(text)
      return
    }
    text += `received${this.#duplicates > 0 ? `, +${this.#duplicates} duplicates` : ''}`
    text += this.#errors > 0 ? `, +${this.#errors} errors` : ''
    text += `, ${Number(loss.toPrecision(6))}% packet loss, time ${this.#lastAt - this.#startedAt}ms\n`
    if (this.#received > 0 && this.#plan.size >= 16) text += `rtt min/avg/max/mdev = ${this.#summary(false)} ms`
    await this.#process.write(`${text}\n`)
  }

  #summary(isBusybox: boolean): string {
    const average = this.#times.reduce((sum, time) => sum + time, 0) / this.#times.length
    const squares = this.#times.reduce((sum, time) => sum + time * time, 0) / this.#times.length
    const values = [Math.min(...this.#times), average, Math.max(...this.#times)]
    if (!isBusybox) values.push(Math.sqrt(Math.max(0, squares - average * average)))
    return values.map(value => value.toFixed(3)).join('/')
  }
}

function faultText(fault: SocketFault): string {
  if (fault.message.type === icmpType.timeExceeded)
    return fault.message.code === 0 ? 'Time to live exceeded' : 'Frag reassembly time exceeded'
  if (fault.message.type === icmpType.redirect)
    return `Redirect Host(New nexthop: ${formatIpv4(fault.message.gateway ?? 0)})`
  if (fault.message.code === 4) return `Frag needed and DF set (mtu = ${fault.message.mtu ?? 0})`
  const texts: Readonly<Record<number, string>> = {
    0: 'Destination Net Unreachable',
    1: 'Destination Host Unreachable',
    2: 'Destination Protocol Unreachable',
    3: 'Destination Port Unreachable',
    9: 'Destination Net Prohibited',
    10: 'Destination Host Prohibited',
    13: 'Packet filtered',
  }
  return texts[fault.message.code] ?? `Dest Unreachable, Bad Code: ${fault.message.code}`
}

/** iputils shows three digits that count: 0.118, 1.25, 12.3, 123. */
function milliseconds(time: number, isBusybox: boolean): string {
  if (isBusybox || time < 1) return time.toFixed(3)
  if (time < 10) return time.toFixed(2)
  return time < 100 ? time.toFixed(1) : String(Math.round(time))
}

/** What the simulated clock cannot see of a way there and back: 0.05 to 0.3 milliseconds. */
function travelTime(random: Random): number {
  return (50 + random.below(250)) / 1000
}
