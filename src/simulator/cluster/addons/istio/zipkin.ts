import { textOf } from '../../../machine/bytes.ts'
import { type HttpAnswer, type HttpRequest, serveHttp } from '../../../machine/httpServer.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import type { ZipkinSpan } from './spans.ts'

const mostTraces = 10_000

// Simplified: Zipkin's interface for programs, version 2, without its pages; spans live in memory, as they do there
// without a database. The filters annotationQuery, minDuration and maxDuration are refused.
/** Keeps the spans that proxies send, and tells how they belong together. */
export const startZipkin: Program = {
  name: 'start-zipkin',
  summary: 'distributed tracing system',
  appetite: { processor: 2, memory: 180_000_000 },
  async run(process) {
    const store = new SpanStore(process)
    serveHttp(process, 9411, request => store.answer(request))
    const time = new Date(process.machine.now()).toISOString().replace('T', ' ').replace('Z', '')
    await process.write(
      `${time}  INFO [/] 1 --- [oss-http-*:9411] c.l.a.s.Server : Serving HTTP at /0.0.0.0:9411 - http://127.0.0.1:9411/\n`,
    )
    await untilAsked(process)
    return 0
  },
}

class SpanStore {
  readonly #process: Process
  /** Spans by trace, the trace that began last at the end. */
  readonly #traces = new Map<string, ZipkinSpan[]>()

  constructor(process: Process) {
    this.#process = process
  }

  answer({ method, target, body }: HttpRequest): HttpAnswer {
    const [path = '', query = ''] = target.split('?')
    const asked = readQuery(query)
    if (!asked) return { status: 400, body: 'invalid query\n' }
    if (method === 'POST' && path === '/api/v2/spans') return this.#take(textOf(body))
    if (path === '/health') return json({ status: 'UP', zipkin: { status: 'UP' } })
    if (!path.startsWith('/api/v2/')) return { status: 404 }
    for (const name of ['annotationQuery', 'minDuration', 'maxDuration'])
      if (asked.has(name)) return { status: 501, body: `${name} is not simulated here\n` }
    const [, , , subject = '', id = ''] = path.split('/')
    switch (subject) {
      case 'services':
        return json(
          this.#names(
            () => true,
            span => span.localEndpoint.serviceName,
          ),
        )
      case 'spans':
        return json(
          this.#names(
            span => span.localEndpoint.serviceName === asked.get('serviceName'),
            span => span.name,
          ),
        )
      case 'traces':
        return json(this.#find(asked))
      case 'trace': {
        const spans = this.#traces.get(id.padStart(16, '0'))
        return spans ? json(ordered(spans)) : { status: 404, body: `${id} not found` }
      }
      case 'dependencies':
        return asked.has('endTs') ? json(this.#dependencies()) : { status: 400, body: 'missing parameter: endTs' }
      default:
        return { status: 404 }
    }
  }

  #take(text: string): HttpAnswer {
    const spans = readSpans(text)
    if (!spans) return { status: 400, body: 'Expected a JSON_V2 encoded list\n' }
    for (const span of spans) {
      const known = this.#traces.get(span.traceId)
      if (known) known.push(span)
      else this.#traces.set(span.traceId, [span])
      const [oldest] = this.#traces.keys()
      if (this.#traces.size > mostTraces && oldest !== undefined) this.#traces.delete(oldest)
    }
    return { status: 202 }
  }

  #names(isMeant: (span: ZipkinSpan) => boolean, name: (span: ZipkinSpan) => string): string[] {
    return [...new Set([...this.#traces.values()].flat().filter(isMeant).map(name))].sort()
  }

  /** The traces that match, the youngest first. */
  #find(asked: ReadonlyMap<string, string>): ZipkinSpan[][] {
    const [service, name] = [asked.get('serviceName'), asked.get('spanName')]
    const end = Number(asked.get('endTs') ?? this.#process.machine.now())
    const begin = end - Number(asked.get('lookback') ?? 900_000)
    return [...this.#traces.values()]
      .map(ordered)
      .filter(spans => {
        const at = spans[0]!.timestamp / 1000
        if (at > end || at < begin) return false
        return spans.some(
          span =>
            (service === undefined || span.localEndpoint.serviceName === service) &&
            (name === undefined || name === 'all' || span.name === name),
        )
      })
      .sort((one, other) => other[0]!.timestamp - one[0]!.timestamp)
      .slice(0, Number(asked.get('limit') ?? 10))
  }

  /** Who asks whom, and how often that went wrong: both halves of an exchange share an id. */
  #dependencies(): object[] {
    const links = new Map<string, { parent: string; child: string; callCount: number; errorCount: number }>()
    for (const spans of this.#traces.values())
      for (const client of spans.filter(({ kind }) => kind === 'CLIENT')) {
        const server = spans.find(({ id, kind }) => kind === 'SERVER' && id === client.id)
        if (!server) continue
        const [parent, child] = [client.localEndpoint.serviceName, server.localEndpoint.serviceName]
        const link = links.get(`${parent} ${child}`) ?? { parent, child, callCount: 0, errorCount: 0 }
        link.callCount++
        if (client.tags['error']) link.errorCount++
        links.set(`${parent} ${child}`, link)
      }
    return [...links.values()].map(({ errorCount, ...link }) => ({ ...link, ...(errorCount > 0 && { errorCount }) }))
  }
}

function readQuery(query: string): ReadonlyMap<string, string> | undefined {
  try {
    return new Map(query.split('&').map(each => each.split('=').map(decodeURIComponent) as [string, string]))
  } catch (error) {
    if (!(error instanceof URIError)) throw error
    return undefined
  }
}

/** A list of spans with all that is needed of them; undefined when it is something else. */
function readSpans(text: string): ZipkinSpan[] | undefined {
  try {
    const spans = JSON.parse(text) as ZipkinSpan[]
    const isWhole = spans.every(({ id, traceId, localEndpoint, timestamp }) =>
      Boolean(id && traceId && localEndpoint.serviceName && timestamp),
    )
    return isWhole ? spans.map(span => ({ ...span, tags: span.tags ?? {} })) : undefined
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error
    return undefined
  }
}

/** By time, then from the outside in, then the side that asks before the side that is asked. */
function ordered(spans: readonly ZipkinSpan[]): ZipkinSpan[] {
  const parents = new Map(spans.map(({ id, parentId }) => [id, parentId]))
  const rank = ({ id, kind }: ZipkinSpan) => {
    let depth = 0
    for (let at = parents.get(id); at !== undefined && depth < spans.length; at = parents.get(at)) depth++
    return 2 * depth + (kind === 'CLIENT' ? 0 : 1)
  }
  return [...spans].sort((one, other) => one.timestamp - other.timestamp || rank(one) - rank(other))
}

function json(value: unknown): HttpAnswer {
  return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) }
}
