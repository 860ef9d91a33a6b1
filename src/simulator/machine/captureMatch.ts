import { broadcastMac, contains, isGroupMac, isMulticast, maskOf, type Prefix, parseIpv4 } from '../network/address.ts'
import {
  type Frame,
  frameLength,
  type Ipv4Packet,
  type Protocol as Ipv4Protocol,
  protocolNumbers,
} from '../network/packet.ts'
import { encodeFrame } from '../network/wire.ts'
import { type Arithmetic, FilterError, type FilterExpression, type Primitive, type Relation } from './captureFilter.ts'

/** A frame that passed an interface under capture. */
export interface CapturedFrame {
  readonly frame: Frame
  readonly direction: 'in' | 'out'
}

/** Says whether a captured frame is wanted. */
export type FrameTest = (captured: CapturedFrame) => boolean

/** What a filter's names stand for. */
export interface FilterNames {
  host(name: string): readonly number[]
  port(name: string): number | undefined
}

/** Turns a parsed filter into a test; throws `FilterError` for names that nobody knows. */
export function compileFilter(expression: FilterExpression, names: FilterNames): FrameTest {
  switch (expression.kind) {
    case 'all':
      return () => true
    case 'and': {
      const [left, right] = [compileFilter(expression.left, names), compileFilter(expression.right, names)]
      return captured => left(captured) && right(captured)
    }
    case 'or': {
      const [left, right] = [compileFilter(expression.left, names), compileFilter(expression.right, names)]
      return captured => left(captured) || right(captured)
    }
    case 'not': {
      const inner = compileFilter(expression.of, names)
      return captured => !inner(captured)
    }
    case 'length':
      return ({ frame }) => compare(expression.operator, frameLength(frame), expression.limit)
    case 'direction':
      return ({ direction }) => direction === expression.direction
    case 'vxlan':
      return ({ frame }) => {
        const packet = ipv4Of(frame)
        return packet?.body.kind === 'udp' && packet.body.destinationPort === 4789
      }
    case 'cast':
      return castTest(expression.layer, expression.to)
    case 'relation':
      return relationTest(expression.left, expression.operator, expression.right)
    case 'primitive':
      return primitiveTest(expression, names)
  }
}

function primitiveTest(primitive: Primitive, names: FilterNames): FrameTest {
  const { type, value, protocol } = primitive
  if (type === 'protocol') return protocolTest(value)
  if (type === 'proto') return protoTest(primitive)
  if (type === 'port' || type === 'portrange') return portTest(primitive, names)
  if (protocol === 'ether') {
    const mac = value.toLowerCase()
    if (!/^([\da-f]{1,2}:){5}[\da-f]{1,2}$/.test(mac)) throw new FilterError(`unknown ether host '${value}'`)
    return ({ frame }) => chosen(primitive.direction, frame.source === mac, frame.destination === mac)
  }
  const test = type === 'net' ? netTest(value) : hostTest(value, names)
  return ({ frame }) => {
    if (frame.payload.kind === 'arp') {
      if (protocol !== undefined && protocol !== 'arp') return false
      return chosen(primitive.direction, test(frame.payload.senderAddress), test(frame.payload.targetAddress))
    }
    if (protocol !== undefined && protocol !== 'ip' && protocol !== frame.payload.protocol) return false
    return chosen(primitive.direction, test(frame.payload.source), test(frame.payload.destination))
  }
}

function hostTest(value: string, names: FilterNames): (address: number) => boolean {
  const address = parseIpv4(value)
  const wanted = address === undefined ? names.host(value) : [address]
  if (wanted.length === 0) throw new FilterError(`unknown host '${value}'`)
  return each => wanted.includes(each)
}

/** `10.244.0.0/16`, or fewer numbers: `10.244`. */
function netTest(value: string): (address: number) => boolean {
  const [network = '', mask] = value.split('/')
  const parts = network.split('.')
  const address = parseIpv4([...parts, 0, 0, 0].slice(0, 4).join('.'))
  if (address === undefined) throw new FilterError(`unknown network '${value}'`)
  const dotted = mask === undefined ? undefined : parseIpv4(mask)
  const length = dotted !== undefined ? Math.clz32(~dotted) : mask === undefined ? parts.length * 8 : Number(mask)
  if (!(length <= 32)) throw new FilterError('mask length must be <= 32')
  if ((address & ~maskOf(length)) !== 0) throw new FilterError(`non-network bits set in "${value}"`)
  const prefix: Prefix = { address, length }
  return each => contains(prefix, each)
}

function portTest(primitive: Primitive, names: FilterNames): FrameTest {
  const [first = '', last = first] = primitive.type === 'portrange' ? primitive.value.split('-') : [primitive.value]
  const [low, high] = [first, last].map(text => (/^\d+$/.test(text) ? Number(text) : names.port(text)))
  if (low === undefined || high === undefined) throw new FilterError(`unknown port '${primitive.value}'`)
  if (low > 65535 || high > 65535) throw new FilterError(`illegal port number ${Math.max(low, high)} > 65535`)
  const isWanted = (port: number) => port >= low && port <= high
  return ({ frame }) => {
    const body = portsOf(ipv4Of(frame))
    if (!body) return false
    if (primitive.protocol !== undefined && primitive.protocol !== 'ip' && primitive.protocol !== body.kind)
      return false
    return chosen(primitive.direction, isWanted(body.sourcePort), isWanted(body.destinationPort))
  }
}

function protoTest(primitive: Primitive): FrameTest {
  const { value } = primitive
  if (primitive.protocol === 'ether') {
    const number = { ip: 0x0800, arp: 0x0806, ip6: 0x86dd }[value] ?? Number(value)
    return ({ frame }) => number === (frame.payload.kind === 'arp' ? 0x0806 : 0x0800)
  }
  const number = protocolNumbers[value as Ipv4Protocol] ?? Number(value)
  if (Number.isNaN(number)) throw new FilterError(`unknown ip proto '${value}'`)
  return ({ frame }) => {
    const packet = ipv4Of(frame)
    return packet !== undefined && protocolNumbers[packet.protocol] === number
  }
}

function protocolTest(protocol: string): FrameTest {
  if (protocol === 'ether') throw new FilterError("'ether' modifier applied to host")
  if (protocol === 'ip') return ({ frame }) => frame.payload.kind === 'ipv4'
  if (protocol === 'arp') return ({ frame }) => frame.payload.kind === 'arp'
  return ({ frame }) => ipv4Of(frame)?.protocol === protocol
}

function castTest(layer: 'ether' | 'ip', to: 'broadcast' | 'multicast'): FrameTest {
  if (layer === 'ether')
    return ({ frame }) => (to === 'broadcast' ? frame.destination === broadcastMac : isGroupMac(frame.destination))
  return ({ frame }) => {
    const packet = ipv4Of(frame)
    if (!packet) return false
    return to === 'broadcast' ? packet.destination === 0xffffffff : isMulticast(packet.destination)
  }
}

function relationTest(left: Arithmetic, operator: Relation, right: Arithmetic): FrameTest {
  return ({ frame }) => {
    const view = new FrameView(frame)
    const [one, other] = [view.evaluate(left), view.evaluate(right)]
    return one !== undefined && other !== undefined && compare(operator, one, other)
  }
}

/** Reads numbers from a frame's bytes. */
class FrameView {
  #frame: Frame
  #bytes: Uint8Array | undefined

  constructor(frame: Frame) {
    this.#frame = frame
  }

  /** Undefined when the frame has no such bytes. */
  evaluate(expression: Arithmetic): number | undefined {
    switch (expression.kind) {
      case 'number':
        return expression.value
      case 'length':
        return frameLength(this.#frame)
      case 'bytes': {
        const at = this.evaluate(expression.at)
        const start = this.#start(expression.layer)
        if (at === undefined || start === undefined) return undefined
        return this.#read(start + at, expression.size)
      }
      case 'binary': {
        const [left, right] = [this.evaluate(expression.left), this.evaluate(expression.right)]
        if (left === undefined || right === undefined) return undefined
        return compute(expression.operator, left, right)
      }
    }
  }

  #start(layer: string): number | undefined {
    const { payload } = this.#frame
    if (layer === 'ether') return 0
    if (layer === 'arp') return payload.kind === 'arp' ? 14 : undefined
    if (layer === 'ip') return payload.kind === 'ipv4' ? 14 : undefined
    const isWhole = payload.kind === 'ipv4' && (payload.body.kind !== 'fragment' || payload.body.offset === 0)
    return isWhole && payload.protocol === layer ? 34 : undefined
  }

  #read(at: number, size: number): number | undefined {
    this.#bytes ??= encodeFrame(this.#frame)
    if (at + size > this.#bytes.length) return undefined
    let value = 0
    for (let i = 0; i < size; i++) value = value * 256 + this.#bytes[at + i]!
    return value
  }
}

function compute(operator: string, left: number, right: number): number | undefined {
  switch (operator) {
    case '&':
      return (left & right) >>> 0
    case '|':
      return (left | right) >>> 0
    case '^':
      return (left ^ right) >>> 0
    case '<<':
      return (left << right) >>> 0
    case '>>':
      return left >>> right
    case '+':
      return (left + right) >>> 0
    case '-':
      return (left - right) >>> 0
    case '*':
      return Math.imul(left, right) >>> 0
    case '/':
      return right === 0 ? undefined : Math.floor(left / right)
    default:
      return right === 0 ? undefined : left % right
  }
}

function compare(operator: Relation, left: number, right: number): boolean {
  switch (operator) {
    case '=':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '>':
      return left > right
    case '<=':
      return left <= right
    case '>=':
      return left >= right
  }
}

function chosen(direction: Primitive['direction'], source: boolean, destination: boolean): boolean {
  switch (direction) {
    case 'src':
      return source
    case 'dst':
      return destination
    case 'src or dst':
      return source || destination
    case 'src and dst':
      return source && destination
  }
}

function ipv4Of(frame: Frame): Ipv4Packet | undefined {
  return frame.payload.kind === 'ipv4' ? frame.payload : undefined
}

/** The ports of a packet; of fragments only the first one has them. */
function portsOf(
  packet: Ipv4Packet | undefined,
): { kind: 'tcp' | 'udp' | 'sctp'; sourcePort: number; destinationPort: number } | undefined {
  const body = packet?.body.kind === 'fragment' && packet.body.offset === 0 ? packet.body.whole.body : packet?.body
  return body?.kind === 'tcp' || body?.kind === 'udp' || body?.kind === 'sctp' ? body : undefined
}
