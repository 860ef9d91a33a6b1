import type { Random } from '../../random.ts'
import { contains, maskOf, type Prefix } from '../address.ts'
import type { NetworkInterface } from '../interface.ts'
import { type Protocol, packetLength } from '../packet.ts'
import type { SocketBuffer } from '../socketBuffer.ts'
import type { AddressSet } from './addressSet.ts'
import type { RecentLists } from './recent.ts'
import type {
  AddressType,
  Condition,
  ConnectionState,
  ConntrackMatch,
  Match,
  PortMatch,
  PortRange,
  RecentMatch,
  RuleText,
  StatisticMatch,
} from './rule.ts'

/** What matches may ask of the machine that they run on. */
export interface MatchContext {
  readonly now: number
  readonly random: Random
  readonly recent: RecentLists
  readonly sets: ReadonlyMap<string, AddressSet>
  /** Counters of `-m nfacct` by name. */
  readonly accounts: Map<string, { packets: number; bytes: number }>
  addressType(address: number, device: NetworkInterface | undefined): AddressType
}

/** A condition on packets, ready to be asked. */
export type Test = (buffer: SocketBuffer, context: MatchContext) => boolean

/** Makes the tests of a rule, in the order in which they are asked; a plain destination is the rule's own business. */
export function compile(text: RuleText): Test[] {
  const tests: Test[] = []
  const { protocol } = text
  if (text.source) tests.push(prefixTest(text.source, buffer => buffer.packet.source))
  if (text.destination?.isNegated) tests.push(prefixTest(text.destination, buffer => buffer.packet.destination))
  if (text.inInterface) tests.push(nameTest(text.inInterface, buffer => buffer.input?.name))
  if (text.outInterface) tests.push(nameTest(text.outInterface, buffer => buffer.output?.name))
  if (protocol) tests.push(buffer => (buffer.packet.protocol === protocol.value) !== protocol.isNegated)
  for (const match of text.matches) {
    const test = compileMatch(match)
    if (test) tests.push(test)
  }
  return tests
}

function compileMatch(match: Match): Test | undefined {
  switch (match.kind) {
    case 'comment':
      return undefined
    case 'tcp':
    case 'udp':
    case 'sctp':
      return portTest(match)
    case 'icmp':
      return icmpTest(match.type)
    case 'multiport':
      return multiportTest(match.direction, match.ports)
    case 'mark': {
      const { mark, mask } = match
      return buffer => ((buffer.mark & mask) >>> 0 === mark.value) !== mark.isNegated
    }
    case 'connmark': {
      const { mark, mask } = match
      return buffer => (((buffer.connection?.mark ?? 0) & mask) >>> 0 === mark.value) !== mark.isNegated
    }
    case 'conntrack':
      return conntrackTest(match)
    case 'state':
      return stateTest(match.states)
    case 'statistic':
      return statisticTest(match)
    case 'addrtype':
      return addressTypeTest(match)
    case 'physdev':
      return physicalDeviceTest(match)
    case 'set':
      return setTest(match.name, match.fields)
    case 'recent':
      return recentTest(match)
    case 'nfacct':
      return accountTest(match.name)
    case 'limit':
      return limitTest(match.rate, match.burst)
    case 'mac':
      return buffer => (buffer.bridgedSource === match.source.value) !== match.source.isNegated
    case 'iprange':
      return all([
        match.source && rangeTest(match.source, buffer => buffer.packet.source),
        match.destination && rangeTest(match.destination, buffer => buffer.packet.destination),
      ])
    case 'owner':
      return all([
        match.user && equalTest(match.user, buffer => buffer.owner?.user ?? (buffer.input ? undefined : 0)),
        match.group && equalTest(match.group, buffer => (buffer.input ? undefined : 0)),
      ])
  }
}

function all(tests: readonly (Test | undefined)[]): Test {
  const present = tests.filter(test => test !== undefined)
  return (buffer, context) => present.every(test => test(buffer, context))
}

function equalTest<T>(condition: Condition<T>, read: (buffer: SocketBuffer) => T | undefined): Test {
  return buffer => (read(buffer) === condition.value) !== condition.isNegated
}

function prefixTest(condition: Condition<Prefix>, read: (buffer: SocketBuffer) => number): Test {
  const mask = maskOf(condition.value.length)
  const network = condition.value.address & mask
  const { isNegated } = condition
  return buffer => ((read(buffer) & mask) === network) !== isNegated
}

function rangeTest(condition: Condition<readonly [number, number]>, read: (buffer: SocketBuffer) => number): Test {
  const [first, last] = condition.value
  return buffer => {
    const address = read(buffer)
    return (address >= first && address <= last) !== condition.isNegated
  }
}

function nameTest(condition: Condition<string>, read: (buffer: SocketBuffer) => string | undefined): Test {
  const { value, isNegated } = condition
  if (!value.endsWith('+')) return buffer => (read(buffer) === value) !== isNegated
  const start = value.slice(0, -1)
  return buffer => (read(buffer)?.startsWith(start) ?? false) !== isNegated
}

function isInRange(range: PortRange, port: number): boolean {
  return port >= range[0] && port <= range[1]
}

function portTest(match: PortMatch): Test | undefined {
  const { sourcePort, destinationPort, flags } = match
  if (!sourcePort && !destinationPort && !flags) return undefined
  return ({ packet: { body } }) => {
    if (body.kind !== match.kind) return false
    if (sourcePort && isInRange(sourcePort.value, body.sourcePort) === sourcePort.isNegated) return false
    if (destinationPort && isInRange(destinationPort.value, body.destinationPort) === destinationPort.isNegated)
      return false
    if (!flags) return true
    const set = body.kind === 'tcp' ? body.flags & flags.value.mask : 0
    return (set === flags.value.set) !== flags.isNegated
  }
}

function icmpTest(condition: Condition<readonly [type: number, code: number | undefined]>): Test {
  const [type, code] = condition.value
  return ({ packet: { body } }) => {
    if (body.kind !== 'icmp') return false
    const agrees = type === 255 || (body.type === type && (code === undefined || body.code === code))
    return agrees !== condition.isNegated
  }
}

function multiportTest(direction: 'source' | 'destination' | 'either', ports: Condition<readonly PortRange[]>): Test {
  const has = (port: number) => ports.value.some(range => isInRange(range, port))
  return ({ packet: { body } }) => {
    if (body.kind !== 'tcp' && body.kind !== 'udp' && body.kind !== 'sctp') return false
    const agrees =
      (direction !== 'destination' && has(body.sourcePort)) || (direction !== 'source' && has(body.destinationPort))
    return agrees !== ports.isNegated
  }
}

function hasState(buffer: SocketBuffer, states: readonly ConnectionState[]): boolean {
  const { connection, tracking } = buffer
  if (tracking === 'untracked') return states.includes('UNTRACKED')
  if (!connection) return states.includes('INVALID')
  if (connection.changesSource && states.includes('SNAT')) return true
  if (connection.changesDestination && states.includes('DNAT')) return true
  return states.includes(tracking === 'new' ? 'NEW' : tracking === 'related' ? 'RELATED' : 'ESTABLISHED')
}

function stateTest(condition: Condition<readonly ConnectionState[]>): Test {
  return buffer => hasState(buffer, condition.value) !== condition.isNegated
}

function conntrackTest(match: ConntrackMatch): Test {
  const { states, direction } = match
  if (states && Object.keys(match).length === 2) return stateTest(states)
  type Connection = NonNullable<SocketBuffer['connection']>
  const tests: ((connection: Connection) => boolean)[] = []
  const prefix = (condition: Condition<Prefix> | undefined, read: (connection: Connection) => number) => {
    if (condition) tests.push(each => contains(condition.value, read(each)) !== condition.isNegated)
  }
  const port = (condition: Condition<PortRange> | undefined, read: (connection: Connection) => number) => {
    if (condition) tests.push(each => isInRange(condition.value, read(each)) !== condition.isNegated)
  }
  prefix(match.originalSource, each => each.original.source)
  prefix(match.originalDestination, each => each.original.destination)
  prefix(match.replySource, each => each.reply.source)
  prefix(match.replyDestination, each => each.reply.destination)
  port(match.originalSourcePort, each => each.original.sourcePort)
  port(match.originalDestinationPort, each => each.original.destinationPort)
  const { protocol, status } = match
  if (protocol) tests.push(each => (each.original.protocol === protocol.value) !== protocol.isNegated)
  if (status) tests.push(each => hasStatus(each, status.value) !== status.isNegated)
  return buffer => {
    if (states && hasState(buffer, states.value) === states.isNegated) return false
    if (direction && buffer.isReply !== (direction === 'REPLY')) return false
    if (tests.length === 0) return true
    return buffer.connection !== undefined && tests.every(test => test(buffer.connection!))
  }
}

function hasStatus(
  connection: NonNullable<SocketBuffer['connection']>,
  status: NonNullable<ConntrackMatch['status']>['value'],
): boolean {
  if (connection.hasReply && status.includes('SEEN_REPLY')) return true
  if (connection.isAssured && status.includes('ASSURED')) return true
  if (connection.isConfirmed) return status.includes('CONFIRMED')
  return status.includes('NONE')
}

/** A rule's own count makes it match every so many packets; chance is compared in 31 bits, as the kernel does. */
function statisticTest(match: StatisticMatch): Test {
  if (match.mode === 'random') {
    const { value, isNegated } = match.probability
    return (_, context) => context.random.integer() >>> 1 < value !== isNegated
  }
  const { value: every, isNegated } = match.every
  let count = every - match.packet - 1
  return () => {
    count = count >= every - 1 ? 0 : count + 1
    return (count === 0) !== isNegated
  }
}

function addressTypeTest(match: Extract<Match, { kind: 'addrtype' }>): Test {
  const { source, destination, limit } = match
  return (buffer, context) => {
    const device = limit === 'in' ? buffer.input : limit === 'out' ? buffer.output : undefined
    const has = (condition: Condition<readonly AddressType[]>, address: number) =>
      condition.value.includes(context.addressType(address, device)) !== condition.isNegated
    return (
      (!source || has(source, buffer.packet.source)) && (!destination || has(destination, buffer.packet.destination))
    )
  }
}

function physicalDeviceTest(match: Extract<Match, { kind: 'physdev' }>): Test {
  const is = (condition: Condition<true>, read: (buffer: SocketBuffer) => boolean): Test => {
    return buffer => read(buffer) !== condition.isNegated
  }
  return all([
    match.in && nameTest(match.in, buffer => buffer.physicalIn?.name),
    match.out && nameTest(match.out, buffer => buffer.physicalOut?.name),
    match.isIn && is(match.isIn, buffer => buffer.physicalIn !== undefined),
    match.isOut && is(match.isOut, buffer => buffer.physicalOut !== undefined),
    match.isBridged &&
      is(match.isBridged, buffer => buffer.physicalIn !== undefined && buffer.physicalOut !== undefined),
  ])
}

function setTest(name: Condition<string>, fields: readonly ('src' | 'dst')[]): Test {
  return ({ packet }, context) => {
    const set = context.sets.get(name.value)
    const { body, protocol } = packet
    const hasPorts = body.kind === 'tcp' || body.kind === 'udp' || body.kind === 'sctp'
    const portField = fields[1] ?? fields[0]
    const port = hasPorts ? (portField === 'src' ? body.sourcePort : body.destinationPort) : undefined
    const address = fields[0] === 'src' ? packet.source : packet.destination
    const other = fields[2] && (fields[2] === 'src' ? packet.source : packet.destination)
    return (set?.has(address, protocol as Protocol, port, other) ?? false) !== name.isNegated
  }
}

function recentTest(match: RecentMatch): Test {
  const { action, name, seconds, hitCount } = match
  return ({ packet }, { recent, now }) => {
    const address = ((match.side === 'rsource' ? packet.source : packet.destination) & match.mask) >>> 0
    if (action.value === 'set') {
      recent.set(name, address, now)
      return !action.isNegated
    }
    if (match.reap && seconds !== undefined) recent.reap(name, now, seconds)
    if (action.value === 'remove') return recent.remove(name, address) !== action.isNegated
    const isKnown = recent.has(name, address, now, seconds, hitCount)
    if (isKnown && action.value === 'update') recent.set(name, address, now)
    return isKnown !== action.isNegated
  }
}

function accountTest(name: string): Test {
  return ({ packet }, { accounts }) => {
    const account = accounts.get(name) ?? { packets: 0, bytes: 0 }
    account.packets++
    account.bytes += packetLength(packet)
    accounts.set(name, account)
    return true
  }
}

const unitsOfTime: Readonly<Record<string, number>> = { sec: 1_000, min: 60_000, hour: 3_600_000, day: 86_400_000 }

/** A bucket of `burst` tokens that fills at `rate`: `5/min`. */
function limitTest(rate: string, burst: number): Test {
  const [count = '3', unit = 'hour'] = rate.split('/')
  const interval = unitsOfTime[unit]! / Number(count)
  let tokens = burst
  let filledAt: number | undefined
  return (_, { now }) => {
    tokens = Math.min(burst, tokens + (now - (filledAt ?? now)) / interval)
    filledAt = now
    if (tokens < 1) return false
    tokens--
    return true
  }
}
