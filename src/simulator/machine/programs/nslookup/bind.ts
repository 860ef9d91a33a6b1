import { formatIpv4, parseIpv4 } from '../../../network/address.ts'
import { type DnsMessage, type DnsRecord, dnsTypes } from '../../../network/dns.ts'
import { askDns, DnsFailure } from '../../dnsClient.ts'
import { dnsCodeName } from '../../dnsText.ts'
import type { Process } from '../../program.ts'
import { dnsQuery, ResolveError, readResolverSettings, resolveHost, reverseName, searchList } from '../../resolver.ts'
import { freshQuestion, type Question, takeOption } from './question.ts'
import { recordLine, withoutDot } from './record.ts'

/** nslookup as BIND 9 has it. */
export async function runBind(process: Process): Promise<number> {
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

/** One run: the names of the command line, or those that are typed. */
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
      await this.#process.write(`** server can't find ${withoutDot(found)}: ${dnsCodeName(message.code)}\n`)
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
      await this.#process.write(`*** Can't find ${withoutDot(found)}: No answer\n`)
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
      await this.#process.write(`** server can't find ${withoutDot(name)}: ${dnsCodeName(message.code)}\n`)
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
    for (const record of records) await this.#process.write(`${recordLine(record)}\n`)
  }
}
