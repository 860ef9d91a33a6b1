import type { HttpHeaders } from '../../../machine/http.ts'
import type { Random } from '../../../random.ts'
import type { Exchange, SpanContext } from '../mesh/dialect.ts'

/** Reads where a request stands in a trace; begins one when it comes from outside. */
export function beginSpan(exchange: Exchange, random: Random, sampling: number): SpanContext {
  const { headers } = exchange.request
  const trace = headers.get('x-b3-traceid')
  const span = headers.get('x-b3-spanid')
  if (trace !== undefined && span !== undefined) {
    const isSampled = headers.get('x-b3-sampled') === '1'
    // The server's half of an exchange shares the id that its client's proxy has given it.
    if (exchange.downstream.direction === 'inbound')
      return { trace, span, parent: headers.get('x-b3-parentspanid'), isSampled }
    return { trace, span: random.hex(16), parent: span, isSampled }
  }
  const id = random.hex(16)
  return { trace: `${random.hex(16)}${id}`, span: id, parent: undefined, isSampled: random.fraction() * 100 < sampling }
}

/** Hands the trace on to whoever gets the request. */
export function writeSpan({ trace, span, parent, isSampled }: SpanContext, headers: HttpHeaders): void {
  headers.set('x-b3-traceid', trace)
  headers.set('x-b3-spanid', span)
  if (parent === undefined) headers.delete('x-b3-parentspanid')
  else headers.set('x-b3-parentspanid', parent)
  headers.set('x-b3-sampled', isSampled ? '1' : '0')
}

/** One half of an exchange as Zipkin's version 2 format writes it. */
export interface ZipkinSpan {
  readonly id: string
  readonly traceId: string
  readonly parentId?: string
  readonly name: string
  readonly kind: 'CLIENT' | 'SERVER'
  readonly shared?: true
  /** Microseconds. */
  readonly timestamp: number
  readonly duration: number
  readonly localEndpoint: { readonly serviceName: string; readonly ipv4: string }
  readonly tags: Readonly<Record<string, string>>
}
