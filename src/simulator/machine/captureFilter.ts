/** A condition on captured packets, as `tcpdump` and `libpcap` understand it. */
export type FilterExpression =
  | { readonly kind: 'and' | 'or'; readonly left: FilterExpression; readonly right: FilterExpression }
  | { readonly kind: 'not'; readonly of: FilterExpression }
  | Primitive
  | { readonly kind: 'relation'; readonly left: Arithmetic; readonly operator: Relation; readonly right: Arithmetic }
  | { readonly kind: 'length'; readonly operator: '<=' | '>='; readonly limit: number }
  | { readonly kind: 'cast'; readonly layer: 'ether' | 'ip'; readonly to: 'broadcast' | 'multicast' }
  | { readonly kind: 'direction'; readonly direction: 'in' | 'out' }
  | { readonly kind: 'vxlan' }
  | { readonly kind: 'all' }

/** `tcp dst port 80`: a protocol, a direction, what is compared, and with what. */
export interface Primitive {
  readonly kind: 'primitive'
  readonly protocol: Protocol | undefined
  readonly direction: Direction
  readonly type: 'host' | 'net' | 'port' | 'portrange' | 'proto' | 'protocol'
  readonly value: string
}

/** A number that is read from the packet or computed. */
export type Arithmetic =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'length' }
  | { readonly kind: 'bytes'; readonly layer: Protocol; readonly at: Arithmetic; readonly size: number }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Arithmetic; readonly right: Arithmetic }

/** What a primitive may be limited to; bytes can be read from each. */
export type Protocol = 'ether' | 'ip' | 'ip6' | 'arp' | 'rarp' | 'tcp' | 'udp' | 'icmp' | 'icmp6' | 'sctp'
/** Which of a packet's two ends has to agree. */
export type Direction = 'src' | 'dst' | 'src or dst' | 'src and dst'
/** How two numbers are compared. */
export type Relation = '=' | '!=' | '<' | '>' | '<=' | '>='

/** A filter that cannot be parsed; the message is libpcap's. */
export class FilterError extends Error {}

const protocols: ReadonlySet<string> = new Set<Protocol>([
  'ether',
  'ip',
  'ip6',
  'arp',
  'rarp',
  'tcp',
  'udp',
  'icmp',
  'icmp6',
  'sctp',
])
const types: ReadonlySet<string> = new Set(['host', 'net', 'port', 'portrange'])
const notSimulated: ReadonlySet<string> = new Set([
  'vlan',
  'mpls',
  'pppoes',
  'pppoed',
  'geneve',
  'wlan',
  'gateway',
  'ifname',
  'on',
  'link',
  'fddi',
  'tr',
  'ppp',
  'slip',
])

/** Names for offsets and values that filters may use (pcap-filter(7)). */
const constants: Readonly<Record<string, number>> = {
  tcpflags: 13,
  'tcp-fin': 1,
  'tcp-syn': 2,
  'tcp-rst': 4,
  'tcp-push': 8,
  'tcp-ack': 16,
  'tcp-urg': 32,
  'tcp-ece': 64,
  'tcp-cwr': 128,
  icmptype: 0,
  icmpcode: 1,
  'icmp-echoreply': 0,
  'icmp-unreach': 3,
  'icmp-sourcequench': 4,
  'icmp-redirect': 5,
  'icmp-echo': 8,
  'icmp-timxceed': 11,
  'icmp-paramprob': 12,
}

/** Parses a filter; empty text matches everything. */
export function parseFilter(text: string): FilterExpression {
  const tokens = tokenize(text)
  if (tokens.length === 0) return { kind: 'all' }
  const parser = new FilterParser(tokens)
  const expression = parser.expression()
  if (!parser.isAtEnd) throw syntaxError()
  return expression
}

/** Host names that a filter mentions and that must be resolved before it can be used. */
export function hostNames(expression: FilterExpression): string[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return [...hostNames(expression.left), ...hostNames(expression.right)]
    case 'not':
      return hostNames(expression.of)
    case 'primitive':
      return expression.type === 'host' && !/^[\d.]+$|:/.test(expression.value) ? [expression.value] : []
    default:
      return []
  }
}

function tokenize(text: string): string[] {
  const pattern =
    /\s*(&&|\|\||<<|>>|<=|>=|!=|==|[()[\]&|^+*/%=<>!-]|(?:[\da-f]*:){2,7}[\da-f]*|:|\\?[\da-z_](?:[-_.\da-z]*[.\da-z])?)/giy
  const tokens: string[] = []
  let at = 0
  for (const match of text.matchAll(pattern)) {
    at = match.index + match[0].length
    tokens.push(match[1]!.replace(/^\\/, ''))
  }
  if (text.slice(at).trim() !== '') throw syntaxError()
  return tokens
}

function syntaxError(): FilterError {
  return new FilterError("can't parse filter expression: syntax error")
}

class FilterParser {
  #tokens: readonly string[]
  #at = 0
  /** What a bare value after `or` stands for: `port 80 or 443`. */
  #last: Pick<Primitive, 'protocol' | 'direction' | 'type'> | undefined

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length
  }

  /** `and` and `or` bind equally, to the left (pcap-filter(7)). */
  expression(): FilterExpression {
    let left = this.#unary()
    for (;;) {
      const kind = this.#accept('and', '&&') ? 'and' : this.#accept('or', '||') ? 'or' : undefined
      if (!kind) return left
      left = { kind, left, right: this.#unary() }
    }
  }

  #unary(): FilterExpression {
    if (this.#accept('not', '!')) return { kind: 'not', of: this.#unary() }
    const start = this.#at
    if (this.#isArithmeticAhead()) {
      const relation = this.#relation()
      if (relation) return relation
      this.#at = start
    }
    if (this.#accept('(')) {
      const inner = this.expression()
      this.#expect(')')
      return inner
    }
    return this.#primitive()
  }

  #primitive(): FilterExpression {
    const word = this.#next()
    if (notSimulated.has(word)) throw new FilterError(`${word} in a filter is not simulated here`)
    if (word === 'less' || word === 'greater')
      return { kind: 'length', operator: word === 'less' ? '<=' : '>=', limit: this.#number() }
    if (word === 'inbound' || word === 'outbound')
      return { kind: 'direction', direction: word === 'inbound' ? 'in' : 'out' }
    if (word === 'vxlan') return { kind: 'vxlan' }
    if (word === 'broadcast' || word === 'multicast') return { kind: 'cast', layer: 'ether', to: word }
    this.#at--
    return this.#qualified()
  }

  #qualified(): FilterExpression {
    const protocol = protocols.has(this.#peek()) ? (this.#next() as Protocol) : undefined
    if (protocol && (this.#peek() === 'broadcast' || this.#peek() === 'multicast'))
      return {
        kind: 'cast',
        layer: protocol === 'ether' ? 'ether' : 'ip',
        to: this.#next() as 'broadcast' | 'multicast',
      }
    if (this.#accept('proto')) return this.#remember({ protocol, direction: 'src or dst', type: 'proto' })
    const direction = this.#direction()
    const type = types.has(this.#peek()) ? (this.#next() as Primitive['type']) : undefined
    if (protocol && !direction && !type) {
      if (this.#isValue()) return this.#remember({ protocol, direction: 'src or dst', type: 'host' })
      return { kind: 'primitive', protocol, direction: 'src or dst', type: 'protocol', value: protocol }
    }
    if (!protocol && !direction && !type) {
      if (!this.#last) {
        if (this.#isValue()) return this.#remember({ protocol: undefined, direction: 'src or dst', type: 'host' })
        throw syntaxError()
      }
      return this.#remember(this.#last)
    }
    return this.#remember({ protocol, direction: direction ?? 'src or dst', type: type ?? 'host' })
  }

  #remember(qualifiers: Pick<Primitive, 'protocol' | 'direction' | 'type'>): Primitive {
    if (!this.#isValue()) throw syntaxError()
    this.#last = qualifiers
    let value = this.#next()
    // `net 10.0.0.0/8`, `net 10.0.0.0 mask 255.0.0.0`
    if (qualifiers.type === 'net' && this.#accept('/')) value += `/${this.#next()}`
    if (qualifiers.type === 'net' && this.#accept('mask')) value += `/${this.#next()}`
    return { kind: 'primitive', ...qualifiers, value }
  }

  #direction(): Direction | undefined {
    const word = this.#peek()
    if (word !== 'src' && word !== 'dst') return undefined
    this.#at++
    const joint = this.#peek()
    const other = this.#tokens[this.#at + 1]
    if ((joint === 'or' || joint === 'and') && (other === 'src' || other === 'dst') && other !== word) {
      this.#at += 2
      return joint === 'or' ? 'src or dst' : 'src and dst'
    }
    return word
  }

  #isArithmeticAhead(): boolean {
    const word = this.#peek()
    return (
      word === 'len' ||
      word === '(' ||
      word in constants ||
      /^\d+$|^0x/i.test(word) ||
      (protocols.has(word) && this.#tokens[this.#at + 1] === '[')
    )
  }

  #relation(): FilterExpression | undefined {
    try {
      const left = this.#sum()
      const operator = this.#accept('=', '==') ? '=' : this.#accept('!=', '<', '>', '<=', '>=')
      if (!operator) return undefined
      return { kind: 'relation', left, operator: operator as Relation, right: this.#sum() }
    } catch {
      return undefined
    }
  }

  /** Binary operators from loose to tight, as libpcap's grammar ranks them. */
  #sum(level = 0): Arithmetic {
    const ranks = [['|'], ['^'], ['&'], ['<<', '>>'], ['+', '-'], ['*', '/', '%']]
    const operators = ranks[level]
    if (!operators) return this.#term()
    let left = this.#sum(level + 1)
    for (;;) {
      const operator = this.#accept(...operators)
      if (!operator) return left
      left = { kind: 'binary', operator, left, right: this.#sum(level + 1) }
    }
  }

  #term(): Arithmetic {
    if (this.#accept('(')) {
      const inner = this.#sum()
      this.#expect(')')
      return inner
    }
    const word = this.#next()
    if (word === 'len') return { kind: 'length' }
    if (protocols.has(word) && this.#accept('[')) {
      const at = this.#sum()
      const size = this.#accept(':') ? this.#number() : 1
      this.#expect(']')
      return { kind: 'bytes', layer: word as Protocol, at, size }
    }
    const value = constants[word] ?? (/^\d+$|^0x[\da-f]+$/i.test(word) ? Number(word) : undefined)
    if (value === undefined) throw syntaxError()
    return { kind: 'number', value }
  }

  #isValue(): boolean {
    const word = this.#peek()
    return word !== '' && /^[\w\d.:\\]/.test(word) && !['and', 'or', 'not'].includes(word)
  }

  #number(): number {
    const word = this.#next()
    if (!/^\d+$|^0x[\da-f]+$/i.test(word)) throw syntaxError()
    return Number(word)
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? ''
  }

  #next(): string {
    const word = this.#tokens[this.#at++]
    if (word === undefined) throw syntaxError()
    return word
  }

  #accept(...words: string[]): string | undefined {
    const word = this.#tokens[this.#at]
    if (word === undefined || !words.includes(word)) return undefined
    this.#at++
    return word
  }

  #expect(word: string): void {
    if (!this.#accept(word)) throw syntaxError()
  }
}
