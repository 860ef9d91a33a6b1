import { formatIpv4, parseIpv4 } from '../../network/address.ts'
import { type DnsMessage, type DnsRecord, decodeDns, dnsTypes, encodeDns } from '../../network/dns.ts'
import { SocketError } from '../../network/socketError.ts'
import { askDns, DnsFailure } from '../dnsClient.ts'
import { dnsCodeName, dnsContentText, dnsTypeName, dnsTypeNumber } from '../dnsText.ts'
import type { Option, Process, Program } from '../program.ts'
import { dnsQuery, ResolveError, readResolverSettings, resolveHost, reverseName, searchList } from '../resolver.ts'
import { openUdp } from '../sockets.ts'

const options: readonly Option[] = [
  { long: 'type', value: 'TYPE', help: 'the type of the records to ask for: -type=SRV' },
  { long: 'query', value: 'TYPE', help: 'the same' },
  { long: 'timeout', value: 'SECONDS', help: 'how long to wait for an answer' },
  { long: 'retry', value: 'N', help: 'how often to ask again' },
  { long: 'port', value: 'PORT', help: 'the port of the server' },
  { long: 'debug', help: 'show more' },
]

/** Asks a name server for a name or an address. */
export const nslookup: Program = {
  name: 'nslookup',
  summary: 'query Internet name servers interactively',
  usage: '[-option] [name | -] [server]',
  options,
  run(process) {
    return process.flavour === 'busybox' ? runBusybox(process) : runBind(process)
  },
}

interface Question {
  type: number | undefined
  port: number
  timeout: number
  retry: number
  recurses: boolean
  searches: boolean
  tcp: boolean
}

/** Reads `-type=SRV` and its like; gives what is wrong with an option. */
function takeOption(question: Question, word: string): string | undefined {
  const [key = '', value] = word.split('=')
  switch (key.toLowerCase()) {
    case 'type':
    case 'querytype':
    case 'query':
    case 'qu':
    case 'ty':
    case 'q':
    case 't': {
      const type = dnsTypeNumber(value ?? '')
      if (type === undefined) return `unknown query type: ${value ?? ''}`
      question.type = type
      return undefined
    }
    case 'timeout':
      question.timeout = Number(value) * 1000
      return undefined
    case 'retry':
      question.retry = Number(value)
      return undefined
    case 'port':
    case 'po':
      question.port = Number(value)
      return undefined
    case 'recurse':
    case 'norecurse':
      question.recurses = key === 'recurse'
      return undefined
    case 'search':
    case 'nosearch':
      question.searches = key === 'search'
      return undefined
    case 'vc':
    case 'novc':
      question.tcp = key === 'vc'
      return undefined
    case 'debug':
    case 'nodebug':
    case 'd2':
    case 'all':
    case 'class':
      return `option -${key} is not simulated here`
    default:
      return `*** Invalid option: ${word}`
  }
}

function freshQuestion(process: Process): Question {
  const { timeout } = readResolverSettings(process)
  return { type: undefined, port: 53, timeout, retry: 2, recurses: true, searches: true, tcp: false }
}

async function runBind(process: Process): Promise<number> {
  const question = freshQuestion(process)
  const operands: string[] = []
  for (const word of process.argv.slice(1)) {
    if (word.startsWith('-') && word.length > 1) {
      const problem = takeOption(question, word.slice(1))
      if (problem?.includes('not simulated')) return process.fail(problem)
      if (problem !== undefined) await process.write(`${problem}\n`)
    } else operands.push(word)
  }
  const session = new BindSession(process, question)
  const [name, server] = operands
  if (server !== undefined && !(await session.useServer(server))) return 1
  if (name === undefined || name === '-') return session.interact()
  await session.look(name)
  return session.status
}

/** nslookup as BIND 9 has it. */
class BindSession {
  readonly #process: Process
  readonly #question: Question
  #servers: readonly number[]
  #shownServer: string | undefined
  status = 0

  constructor(process: Process, question: Question) {
    this.#process = process
    this.#question = question
    this.#servers = readResolverSettings(process).servers
  }

  async useServer(name: string): Promise<boolean> {
    try {
      this.#servers = (await resolveHost(this.#process, name, 4)).addresses.slice(0, 1)
      this.#shownServer = name
      return true
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error
      await this.#process.stderr.write(`nslookup: couldn't get address for '${name}': not found\n`)
      return false
    }
  }

  /** Reads names and commands until `exit`. */
  async interact(): Promise<number> {
    const isTerminal = this.#process.stdin.terminal !== undefined
    const prompt = async () => {
      if (isTerminal) await this.#process.write('> ')
    }
    await prompt()
    for await (const line of this.#process.lines()) {
      const [word = '', ...rest] = line.trim().split(/\s+/)
      if (word === 'exit') return this.status
      if (word === 'server' || word === 'lserver') {
        if (await this.useServer(rest[0] ?? ''))
          await this.#process.write(
            `Default server: ${this.#shownServer}\nAddress: ${formatIpv4(this.#servers[0]!)}#${this.#question.port}\n`,
          )
      } else if (word === 'set') {
        const problem = takeOption(this.#question, rest[0] ?? '')
        if (problem !== undefined) await this.#process.write(`${problem}\n`)
      } else if (word !== '') {
        if (rest[0] !== undefined && !(await this.useServer(rest[0]))) continue
        await this.look(word)
      }
      await prompt()
    }
    await this.#process.write('\n')
    return this.status
  }

  async look(name: string): Promise<void> {
    const address = parseIpv4(name)
    if (address !== undefined && this.#question.type === undefined)
      return this.#finish(await this.#reverse(reverseName(address)))
    const isDefault = this.#question.type === undefined
    const type = this.#question.type ?? dnsTypes.A
    const settings = readResolverSettings(this.#process)
    const names = this.#question.searches ? searchList(name, settings) : [`${name.replace(/\.$/, '')}.`]
    let last: { message: DnsMessage; name: string; server: number } | undefined
    for (const each of names) {
      const answer = await this.#ask(each, type)
      if (!answer) return this.#finish(false)
      last = { ...answer, name: each }
      if (answer.message.code !== 3) break
    }
    const { message, name: found, server } = last!
    const shown = this.#shownServer ?? formatIpv4(server)
    await this.#process.write(`Server:\t\t${shown}\nAddress:\t${formatIpv4(server)}#${this.#question.port}\n\n`)
    if (message.code !== 0) {
      await this.#process.write(`** server can't find ${clean(found)}: ${dnsCodeName(message.code)}\n`)
      return this.#finish(false)
    }
    if (!message.isAuthoritative && message.answers.length > 0) await this.#process.write('Non-authoritative answer:\n')
    await this.#answers(message.answers)
    let count = message.answers.length
    if (isDefault) {
      const second = await this.#ask(found, dnsTypes.AAAA)
      // An alias is told with the first answer already.
      const more = second?.message.answers.filter(record => record.type !== dnsTypes.CNAME) ?? []
      await this.#answers(more)
      count += more.length
    }
    if (count === 0) {
      await this.#process.write(`*** Can't find ${clean(found)}: No answer\n`)
      return this.#finish(isDefault)
    }
    if (!isDefault && !message.isAuthoritative)
      await this.#process.write('\nAuthoritative answers can be found from:\n')
    return this.#finish(true)
  }

  async #reverse(name: string): Promise<boolean> {
    const answer = await this.#ask(name, dnsTypes.PTR)
    if (!answer) return false
    const { message } = answer
    if (message.code !== 0) {
      await this.#process.write(`** server can't find ${clean(name)}: ${dnsCodeName(message.code)}\n`)
      return false
    }
    await this.#answers(message.answers)
    if (!message.isAuthoritative) await this.#process.write('\nAuthoritative answers can be found from:\n')
    return true
  }

  async #finish(isFound: boolean): Promise<void> {
    if (!isFound) this.status = 1
    await this.#process.write('\n')
  }

  /** Asks the servers in turn; undefined when none answers, which has been said then. */
  async #ask(name: string, type: number): Promise<{ message: DnsMessage; server: number } | undefined> {
    const query = dnsQuery(this.#process.kernel.random.below(65536), name, type, {
      recursionDesired: this.#question.recurses,
    })
    let best: { message: DnsMessage; server: number } | undefined
    for (let attempt = 0; attempt <= this.#question.retry; attempt++) {
      let isSilent = false
      for (const [i, server] of this.#servers.entries()) {
        try {
          const { message } = await askDns(this.#process, server, query, {
            port: this.#question.port,
            timeout: this.#question.timeout,
            isTcp: this.#question.tcp,
          })
          const flaw =
            message.code === 2
              ? 'SERVFAIL reply'
              : this.#question.recurses && !message.recursionAvailable
                ? 'recursion not available'
                : undefined
          if (flaw === undefined) return { message, server }
          const next = i < this.#servers.length - 1 ? ', trying next server' : ''
          await this.#process.write(`;; Got ${flaw} from ${formatIpv4(server)}${next}\n`)
          best = { message, server }
        } catch (error) {
          if (!(error instanceof DnsFailure)) throw error
          isSilent ||= error.message === 'timed out'
          await this.#process.write(
            `;; communications error to ${formatIpv4(server)}#${this.#question.port}: ${error.message}\n`,
          )
        }
      }
      if (best) return best
      if (!isSilent) break
    }
    await this.#process.write(';; no servers could be reached\n')
    return undefined
  }

  async #answers(records: readonly DnsRecord[]): Promise<void> {
    for (const record of records) await this.#process.write(`${bindLine(record)}\n`)
  }
}

function bindLine(record: DnsRecord): string {
  const name = clean(record.name)
  const text = dnsContentText(record)
  switch (record.content.kind) {
    case 'A':
    case 'AAAA':
      return `Name:\t${name}\nAddress: ${text}`
    case 'CNAME':
      return `${name}\tcanonical name = ${text}`
    case 'PTR':
      return `${name}\tname = ${text}`
    case 'NS':
      return `${name}\tnameserver = ${text}`
    case 'MX':
      return `${name}\tmail exchanger = ${text}`
    case 'SRV':
      return `${name}\tservice = ${text}`
    case 'TXT':
      return `${name}\ttext = ${text}`
    case 'SOA': {
      const { server, mailbox, serial, refresh, retry, expire, minimum } = record.content
      return `${name}\n\torigin = ${clean(server)}\n\tmail addr = ${clean(mailbox)}\n\tserial = ${serial}\n\trefresh = ${refresh}\n\tretry = ${retry}\n\texpire = ${expire}\n\tminimum = ${minimum}`
    }
    default:
      return `${name}\trdata_${record.type} = ${text}`
  }
}

/** nslookup as BusyBox has it: every question is sent at once, and answers are told as they come. */
async function runBusybox(process: Process): Promise<number> {
  const question = freshQuestion(process)
  const operands: string[] = []
  for (const word of process.argv.slice(1)) {
    if (word.startsWith('-') && word.length > 1) {
      const problem = takeOption(question, word.slice(1))
      if (problem?.includes('not simulated')) return process.fail(problem)
      if (problem !== undefined) return process.fail(problem.replace(/^\*\*\* I/, 'i'))
    } else operands.push(word)
  }
  const [name, serverName] = operands
  if (name === undefined) {
    await process.stderr.write(busyboxUsage)
    return 1
  }
  const settings = readResolverSettings(process)
  let server = settings.servers[0]!
  if (serverName !== undefined) {
    try {
      server = (await resolveHost(process, serverName, 4)).addresses[0]!
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error
      return process.fail(`bad address '${serverName}'`)
    }
  }
  const questions = busyboxQuestions(name, question.type, settings.search)
  await process.write(`Server:\t\t${formatIpv4(server)}\nAddress:\t${formatIpv4(server)}:${question.port}\n\n`)
  return askAll(process, questions, server, question)
}

/** Only names without a dot are looked for in the search path (networking/nslookup.c). */
function busyboxQuestions(
  name: string,
  type: number | undefined,
  search: readonly string[],
): { name: string; type: number }[] {
  const address = parseIpv4(name)
  if (type === undefined && address !== undefined) return [{ name: reverseName(address), type: dnsTypes.PTR }]
  const types = type === undefined ? [dnsTypes.A, dnsTypes.AAAA] : [type]
  const names =
    name.includes('.') || type === dnsTypes.PTR || search.length === 0
      ? [`${name.replace(/\.$/, '')}.`]
      : search.map(domain => `${name}.${domain}.`)
  return types.flatMap(each => names.map(full => ({ name: full, type: each })))
}

async function askAll(
  process: Process,
  questions: readonly { name: string; type: number }[],
  server: number,
  settings: Question,
): Promise<number> {
  const waiting = new Map(
    questions.map(({ name, type }) => {
      const query = dnsQuery(process.kernel.random.below(65536), name, type)
      return [query.id, query]
    }),
  )
  const port = openUdp(process)
  let status = 0
  let replies = 0
  try {
    for (let attempt = 0; attempt < Math.max(1, settings.retry) && waiting.size > 0; attempt++) {
      for (const query of waiting.values()) port.send(encodeDns(query), server, settings.port)
      const end = process.kernel.clock.now + settings.timeout
      while (waiting.size > 0 && process.kernel.clock.now < end) {
        for (const message of await nextAnswers(process, port, end - process.kernel.clock.now)) {
          if (!waiting.delete(message.id)) continue
          replies++
          if (!(await tellBusybox(process, message))) status = 1
        }
      }
    }
  } catch (error) {
    if (!(error instanceof SocketError)) throw error
  } finally {
    port.close()
  }
  if (replies > 0) return status
  await process.write(';; connection timed out; no servers could be reached\n\n')
  return 1
}

/** The answers that wait to be read, the latest first: that is how they are mostly seen on a real cluster. */
async function nextAnswers(process: Process, port: ReturnType<typeof openUdp>, timeout: number): Promise<DnsMessage[]> {
  const answers: DnsMessage[] = []
  for (let wait = timeout; ; wait = 0) {
    const datagram = await port.receive(wait)
    if (!datagram) break
    const message = decodeDns(datagram.bytes)
    if (message?.isResponse) answers.unshift(message)
    await process.sleep(0)
  }
  return answers
}

async function tellBusybox(process: Process, message: DnsMessage): Promise<boolean> {
  const name = clean(message.questions[0]?.name ?? '')
  if (message.code !== 0) {
    await process.write(`** server can't find ${name}: ${dnsCodeName(message.code)}\n\n`)
    return false
  }
  const front = message.isAuthoritative ? '' : 'Non-authoritative answer:\n'
  const lines = message.answers.map(record => `${busyboxLine(record)}\n`).join('')
  await process.write(`${front}${lines}\n`)
  return true
}

function busyboxLine(record: DnsRecord): string {
  const name = clean(record.name)
  const text = dnsContentText(record)
  switch (record.content.kind) {
    case 'A':
    case 'AAAA':
      return `Name:\t${name}\nAddress: ${text}`
    case 'CNAME':
      return `${name}\tcanonical name = ${clean(text)}`
    case 'PTR':
      return `${name}\tname = ${clean(text)}`
    case 'NS':
      return `${name}\tnameserver = ${clean(text)}`
    case 'MX':
      return `${name}\tmail exchanger = ${clean(text)}`
    case 'SRV':
      return `${name}\tservice = ${clean(text)}`
    case 'TXT':
      return `${name}\ttext = ${text}`
    case 'SOA': {
      const { server, mailbox, serial, refresh, retry, expire, minimum } = record.content
      return `${name}\n\torigin = ${clean(server)}\n\tmail addr = ${clean(mailbox)}\n\tserial = ${serial}\n\trefresh = ${refresh}\n\tretry = ${retry}\n\texpire = ${expire}\n\tminimum = ${minimum}`
    }
    default:
      return `${name}\t${dnsTypeName(record.type)}`
  }
}

function clean(name: string): string {
  return name.length > 1 ? name.replace(/\.$/, '') : name
}

const busyboxUsage = `BusyBox v1.36.1 multi-call binary.

Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]

Query DNS about HOST

QUERY_TYPE: soa,ns,a,aaaa,cname,mx,txt,ptr,srv,any
`
