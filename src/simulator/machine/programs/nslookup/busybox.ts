import { formatIpv4, parseIpv4 } from '../../../network/address.ts'
import { type DnsMessage, decodeDns, dnsTypes, encodeDns } from '../../../network/dns.ts'
import { SocketError } from '../../../network/socketError.ts'
import { dnsCodeName } from '../../dnsText.ts'
import type { Process } from '../../program.ts'
import { dnsQuery, ResolveError, readResolverSettings, resolveHost, reverseName } from '../../resolver.ts'
import { openUdp } from '../../udp.ts'
import { freshQuestion, type Question, takeOption } from './question.ts'
import { recordLine, withoutDot } from './record.ts'

/** nslookup as BusyBox has it: every question is sent at once, and answers are told as they come. */
export async function runBusybox(process: Process): Promise<number> {
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
  const name = withoutDot(message.questions[0]?.name ?? '')
  if (message.code !== 0) {
    await process.write(`** server can't find ${name}: ${dnsCodeName(message.code)}\n\n`)
    return false
  }
  const front = message.isAuthoritative ? '' : 'Non-authoritative answer:\n'
  const lines = message.answers.map(record => `${recordLine(record, withoutDot)}\n`).join('')
  await process.write(`${front}${lines}\n`)
  return true
}

const busyboxUsage = `BusyBox v1.36.1 multi-call binary.

Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]

Query DNS about HOST

QUERY_TYPE: soa,ns,a,aaaa,cname,mx,txt,ptr,srv,any
`
