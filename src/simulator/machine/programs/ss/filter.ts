import { contains, type Prefix, parsePrefix } from '../../../network/address.ts'
import type { SocketEntry } from '../../../network/sockets.ts'
import type { Process } from '../../program.ts'
import { servicePort } from '../../services.ts'

/** A filter that ss does not understand. */
export class FilterSyntaxError extends Error {}

/** Which sockets are shown. */
export interface Filter {
  readonly states: ReadonlySet<string> | undefined
  test(entry: SocketEntry): boolean
}

const stateGroups: Readonly<Record<string, readonly string[]>> = {
  established: ['ESTAB'],
  'syn-sent': ['SYN-SENT'],
  'syn-recv': ['SYN-RECV'],
  'fin-wait-1': ['FIN-WAIT-1'],
  'fin-wait-2': ['FIN-WAIT-2'],
  'time-wait': ['TIME-WAIT'],
  closed: ['CLOSED', 'UNCONN'],
  'close-wait': ['CLOSE-WAIT'],
  'last-ack': ['LAST-ACK'],
  listening: ['LISTEN'],
  listen: ['LISTEN'],
  closing: ['CLOSING'],
  all: [
    'ESTAB',
    'SYN-SENT',
    'SYN-RECV',
    'FIN-WAIT-1',
    'FIN-WAIT-2',
    'TIME-WAIT',
    'CLOSED',
    'UNCONN',
    'CLOSE-WAIT',
    'LAST-ACK',
    'LISTEN',
    'CLOSING',
  ],
  connected: [
    'ESTAB',
    'SYN-SENT',
    'SYN-RECV',
    'FIN-WAIT-1',
    'FIN-WAIT-2',
    'TIME-WAIT',
    'CLOSE-WAIT',
    'LAST-ACK',
    'CLOSING',
  ],
  synchronized: ['ESTAB', 'SYN-RECV', 'FIN-WAIT-1', 'FIN-WAIT-2', 'TIME-WAIT', 'CLOSE-WAIT', 'LAST-ACK', 'CLOSING'],
}

type Test = (entry: SocketEntry) => boolean

/** Reads `state established`, `sport = :80`, `dst 10.0.0.0/8`, joined by `and`, `or`, `not` and brackets. */
export class FilterParser {
  readonly #process: Process
  readonly #words: readonly string[]
  #at = 0
  #states: Set<string> | undefined

  constructor(process: Process, words: readonly string[]) {
    this.#process = process
    this.#words = words
      .flatMap(word => word.split(/\s+/))
      .flatMap(word => word.split(/([()])/))
      .filter(Boolean)
  }

  parse(): Filter {
    while (this.#peek() === 'state' || this.#peek() === 'exclude') {
      const isExcluding = this.#next() === 'exclude'
      const name = this.#next()
      const group = stateGroups[name]
      if (!group) throw new FilterSyntaxError(`wrong state name: ${name}`)
      this.#states ??= new Set(isExcluding ? stateGroups['all'] : [])
      for (const state of group) {
        if (isExcluding) this.#states.delete(state)
        else this.#states.add(state)
      }
    }
    const test = this.#at < this.#words.length ? this.#either() : () => true
    if (this.#at < this.#words.length) throw this.#error()
    return { states: this.#states, test }
  }

  #either(): Test {
    let left = this.#both()
    while (['or', '|', '||'].includes(this.#peek())) {
      this.#at++
      const [one, other] = [left, this.#both()]
      left = entry => one(entry) || other(entry)
    }
    return left
  }

  #both(): Test {
    let left = this.#one()
    for (;;) {
      if (['and', '&', '&&'].includes(this.#peek())) this.#at++
      else if (this.#peek() === '' || [')', 'or', '|', '||'].includes(this.#peek())) return left
      const [one, other] = [left, this.#one()]
      left = entry => one(entry) && other(entry)
    }
  }

  #one(): Test {
    const word = this.#next()
    if (word === 'not' || word === '!') {
      const inner = this.#one()
      return entry => !inner(entry)
    }
    if (word === '(') {
      const inner = this.#either()
      if (this.#next() !== ')') throw this.#error()
      return inner
    }
    if (word === 'sport' || word === 'dport') return this.#port(word)
    if (word === 'src' || word === 'dst') return this.#place(word)
    throw this.#error()
  }

  #port(side: 'sport' | 'dport'): Test {
    const operators: Readonly<Record<string, (a: number, b: number) => boolean>> = {
      '=': (a, b) => a === b,
      '==': (a, b) => a === b,
      eq: (a, b) => a === b,
      '!=': (a, b) => a !== b,
      ne: (a, b) => a !== b,
      neq: (a, b) => a !== b,
      '>': (a, b) => a > b,
      gt: (a, b) => a > b,
      '<': (a, b) => a < b,
      lt: (a, b) => a < b,
      '>=': (a, b) => a >= b,
      ge: (a, b) => a >= b,
      '<=': (a, b) => a <= b,
      le: (a, b) => a <= b,
    }
    const compare = operators[this.#peek()]
    if (compare) this.#at++
    const port = this.#portNumber(this.#next().replace(/^:/, ''))
    return entry => (compare ?? operators['=']!)((side === 'sport' ? entry.local : entry.remote).port, port)
  }

  #place(side: 'src' | 'dst'): Test {
    if (['=', '==', 'eq'].includes(this.#peek())) this.#at++
    const [host = '', port] = this.#next().split(':')
    const prefix: Prefix | undefined = host === '' || host === '*' ? { address: 0, length: 0 } : parsePrefix(host)
    if (!prefix) throw this.#error()
    const number = port === undefined || port === '*' ? undefined : this.#portNumber(port)
    return entry => {
      const end = side === 'src' ? entry.local : entry.remote
      return contains(prefix, end.address) && (number === undefined || end.port === number)
    }
  }

  #portNumber(text: string): number {
    const port = /^\d+$/.test(text) ? Number(text) : servicePort(this.#process, text, 'tcp')
    if (port === undefined) throw this.#error()
    return port
  }

  #error(): FilterSyntaxError {
    return new FilterSyntaxError(`bison bellows (while parsing filter): "syntax error!" Sorry.`)
  }

  #peek(): string {
    return this.#words[this.#at] ?? ''
  }

  #next(): string {
    const word = this.#words[this.#at++]
    if (word === undefined) throw this.#error()
    return word
  }
}
