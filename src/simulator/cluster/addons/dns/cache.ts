import { type DnsMessage, type DnsRecord, dnsCodes } from '../../../network/dns.ts'
import { absolute, type Directive } from './corefile.ts'
import { type DnsPlugin, type DnsSurroundings, questionOf, zoneOf } from './plugin.ts'

const most = 9984
const leastTtl = 5

interface Entry {
  readonly answer: DnsMessage
  readonly storedAt: number
  readonly ttl: number
}

/** Remembers answers for as long as their records say, at most as long as the Corefile says. */
export function cachePlugin({ args, block }: Directive, { now }: DnsSurroundings): DnsPlugin {
  const longest = Number(args[0] ?? 3600)
  const zones = args.slice(1).map(absolute)
  const disabled = (kind: string) =>
    block
      .filter(({ name, args: words }) => name === 'disable' && words[0] === kind)
      .flatMap(({ args: words }) => (words.length > 1 ? words.slice(1).map(absolute) : ['.']))
  const [noSuccess, noDenial] = [disabled('success'), disabled('denial')]
  const entries = new Map<string, Entry>()

  return {
    answer(request, reply, next) {
      const { name, type } = questionOf(request)
      if (zones.length > 0 && zoneOf(name, zones) === undefined) return next(request, reply)
      const key = `${name.toLowerCase()} ${type}`
      const known = entries.get(key)
      const age = known ? Math.floor((now() - known.storedAt) / 1000) : 0
      if (known && age < known.ttl) return reply(aged(known, request, known.ttl - age))
      next(request, answer => {
        const isDenial = answer?.code === dnsCodes.NXDOMAIN || answer?.answers.length === 0
        const isCached =
          answer && !answer.isTruncated && (answer.code === dnsCodes.NOERROR || answer.code === dnsCodes.NXDOMAIN)
        if (!isCached || zoneOf(name, isDenial ? noDenial : noSuccess) !== undefined) return reply(answer)
        const ttl = Math.min(longest, Math.max(leastTtl, shortestTtl(answer)))
        entries.set(key, { answer, storedAt: now(), ttl })
        if (entries.size > most) entries.delete(entries.keys().next().value!)
        reply({ ...answer, answers: capped(answer.answers, ttl), authorities: capped(answer.authorities, ttl) })
      })
    },
  }
}

function aged({ answer }: Entry, request: DnsMessage, ttl: number): DnsMessage {
  const set = (records: readonly DnsRecord[]) => records.map(one => ({ ...one, ttl }))
  return {
    ...answer,
    id: request.id,
    questions: request.questions,
    recursionDesired: request.recursionDesired,
    answers: set(answer.answers),
    authorities: set(answer.authorities),
  }
}

function capped(records: readonly DnsRecord[], ttl: number): DnsRecord[] {
  return records.map(one => ({ ...one, ttl: Math.min(one.ttl, ttl) }))
}

function shortestTtl({ answers, authorities }: DnsMessage): number {
  const ttls = [...answers, ...authorities].map(({ ttl }) => ttl)
  return ttls.length > 0 ? Math.min(...ttls) : leastTtl
}
