import { parseIpv4 } from '../../../network/address.ts'
import { dnsTypes } from '../../../network/dns.ts'
import { dnsTypeNumber } from '../../dnsText.ts'
import type { Process } from '../../program.ts'
import { readResolverSettings, reverseName } from '../../resolver.ts'
import { defaultFlags, type Flags, flagCalled } from './flags.ts'

/** One question, and how it is asked. */
export interface Lookup {
  name: string
  type: number
  isTypeGiven: boolean
  flags: Flags
  tries: number
  /** Milliseconds. */
  timeout: number
  ndots: number | undefined
  domain: string | undefined
}

/** What ends `dig` at once: words on stderr and an exit status. */
export class DigError extends Error {
  readonly status: number
  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }
}

/** The command line: a server, options for all lookups, and the lookups. */
export class CommandLine {
  readonly words: readonly string[]
  readonly lookups: Lookup[] = []
  server: string | undefined
  port = 53
  isVersionAsked = false
  readonly #process: Process
  #pending: Lookup

  constructor(process: Process) {
    this.#process = process
    this.words = process.argv.slice(1)
    this.#pending = this.#fresh(undefined)
    for (let i = 0; i < this.words.length; i++) i += this.#take(this.words[i]!, this.words[i + 1])
    if (this.lookups.length === 0) this.lookups.push({ ...this.#pending, name: '.', type: dnsTypes.NS })
  }

  #fresh(like: Lookup | undefined): Lookup {
    const settings = readResolverSettings(this.#process)
    return {
      name: '',
      type: dnsTypes.A,
      isTypeGiven: false,
      flags: like ? { ...like.flags } : defaultFlags(),
      tries: like?.tries ?? 3,
      timeout: like?.timeout ?? (settings.timeout || 5000),
      ndots: like?.ndots,
      domain: like?.domain,
    }
  }

  /** Gives how many further words were used. */
  #take(word: string, next: string | undefined): number {
    if (word.startsWith('@')) this.server = word.slice(1)
    else if (word.startsWith('+')) this.#plus(word.slice(1))
    else if (word.startsWith('-') && word.length > 1) return this.#dash(word, next)
    else {
      const type = dnsTypeNumber(word)
      const last = this.lookups.at(-1)
      if (/^(in|ch|hs)$/i.test(word)) return 0
      if (type !== undefined && last && !last.isTypeGiven) Object.assign(last, { type, isTypeGiven: true })
      else if (type !== undefined && !last) Object.assign(this.#pending, { type, isTypeGiven: true })
      else this.#ask(word)
    }
    return 0
  }

  /** Adds a lookup; what was said before any name holds for all. */
  #ask(name: string): void {
    const like = this.#pending
    const lookup = this.#fresh(like)
    if (this.lookups.length === 0 && like.isTypeGiven) Object.assign(lookup, { type: like.type, isTypeGiven: true })
    this.lookups.push({ ...lookup, name })
  }

  #dash(word: string, next: string | undefined): number {
    const letter = word[1]!
    const attached = word.slice(2)
    if (letter === '4') return 0
    if (letter === 'v') {
      this.isVersionAsked = true
      return 0
    }
    if (letter === 'h') throw new DigError(usage, 0)
    if (!'cpqtx'.includes(letter)) {
      if ('6abfikmruy'.includes(letter)) throw new DigError(`dig: option -${letter} is not simulated here`, 1)
      throw new DigError(`Invalid option: ${word}\n${usage}`, 1)
    }
    const value = attached !== '' ? attached : next
    if (value === undefined) throw new DigError(`Invalid option: ${word}\n${usage}`, 1)
    if (letter === 'p') this.port = Number(value)
    else if (letter === 'q') this.#ask(value)
    else if (letter === 'x') this.#reverse(value)
    else if (letter === 't') this.#type(value)
    return attached !== '' ? 0 : 1
  }

  #type(value: string): void {
    const type = dnsTypeNumber(value)
    // An unknown type is passed over with a warning.
    if (type === undefined) return
    const last = this.lookups.at(-1)
    Object.assign(last ?? this.#pending, { type, isTypeGiven: true })
  }

  #reverse(value: string): void {
    const address = parseIpv4(value)
    if (address === undefined) throw new DigError(`Invalid IP address ${value}`, 1)
    this.#ask(reverseName(address))
    Object.assign(this.lookups.at(-1)!, { type: dnsTypes.PTR, isTypeGiven: true })
  }

  #plus(word: string): void {
    const target = this.lookups.at(-1) ?? this.#pending
    const [key = '', value] = word.split('=')
    const isOn = !key.startsWith('no')
    const name = isOn ? key : key.slice(2)
    if (name === 'all') {
      for (const each of ['cmd', 'comments', 'question', 'answer', 'authority', 'additional', 'stats'] as const)
        target.flags[each] = isOn
      return
    }
    if (name === 'short') {
      target.flags.short = isOn
      if (isOn) for (const each of ['cmd', 'comments', 'stats'] as const) target.flags[each] = false
      return
    }
    const numeric = { time: 'timeout', timeout: 'timeout', tries: 'tries', retry: 'tries', ndots: 'ndots' }[name]
    if (numeric && value !== undefined && /^\d+$/.test(value)) {
      if (numeric === 'timeout') target.timeout = Math.max(1, Number(value)) * 1000
      else if (numeric === 'tries') target.tries = Math.max(1, Number(value) + (name === 'retry' ? 1 : 0))
      else Object.assign(target, { ndots: Number(value), flags: { ...target.flags, search: true } })
      return
    }
    if (name === 'domain' && value !== undefined) {
      target.domain = value
      target.flags.search = true
      return
    }
    if (name === 'bufsize' || name === 'ignore' || name === 'split' || name === 'fail' || name === 'badcookie') return
    const flag = flagCalled(name)
    if (!flag) throw new DigError(`Invalid option: +${word}\n${usage}`, 1)
    if (flag === 'missing') throw new DigError(`dig: option +${word} is not simulated here`, 1)
    target.flags[flag] = isOn
    if (flag === 'showsearch' && isOn) target.flags.search = true
  }
}

const usage = `Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}
            {global-d-opt} host [@local-server] {local-d-opt}
            [ host [@local-server] {local-d-opt} [...]]

Use "dig -h" (or "dig -h | more") for complete list of options`
