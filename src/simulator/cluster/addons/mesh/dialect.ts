import type { HttpHeaders, HttpRequestHead } from '../../../machine/http.ts'
import type { FailureKind } from './failure.ts'
import type { MeshCluster, MeshEndpoint, MeshRoute, Workload } from './settings.ts'

/** On which side of its pod a proxy meets a connection. */
export type Direction = 'outbound' | 'inbound'

/** What a proxy answers by itself, and what it notes about it. */
export interface OwnAnswer {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  readonly flags: string
  readonly details: string
}

/** A connection that has been accepted. */
export interface Downstream {
  readonly direction: Direction
  /** Where the client wanted to go: `10.96.0.1:80`. */
  readonly local: string
  readonly remote: string
  /** The name that the client's handshake asked for. */
  readonly serverName: string | undefined
  /** Who the client is, when it came over mutual TLS. */
  readonly identity: string | undefined
}

/** A request on its way through a proxy, and what became of it. */
export interface Exchange {
  readonly downstream: Downstream
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** As it came in. */
  readonly request: HttpRequestHead
  readonly requestId: string
  readonly received: number
  duration: number
  status: number
  flags: string
  details: string
  /** Why the way to the endpoint failed. */
  transportFailure: string | undefined
  sent: number
  /** Milliseconds until the endpoint began to answer. */
  upstreamTime: number | undefined
  cluster: MeshCluster | undefined
  endpoint: MeshEndpoint | undefined
  /** This end of the connection to the endpoint. */
  upstreamLocal: string | undefined
  route: MeshRoute | undefined
  attempts: number
  span: SpanContext | undefined
}

/** A connection that carried no requests, once it is over. */
export interface PipedConnection {
  readonly downstream: Downstream
  readonly startedAt: number
  duration: number
  received: number
  sent: number
  flags: string
  details: string
  transportFailure: string | undefined
  cluster: MeshCluster | undefined
  endpoint: MeshEndpoint | undefined
  upstreamLocal: string | undefined
}

/** Where a request stands in the trace that it is a part of. */
export interface SpanContext {
  readonly trace: string
  readonly span: string
  readonly parent: string | undefined
  readonly isSampled: boolean
}

/** What is different from one kind of mesh to another: ports, words, headers. */
export interface Dialect {
  readonly outboundPort: number
  /** The only address at which connections from the pod are taken; undefined for all. */
  readonly outboundAddress: number | undefined
  readonly inboundPort: number
  /** The address from which the proxy speaks to the program beside it. */
  readonly inboundSource: number | undefined
  /** What a handshake offers for requests and for other connections. */
  readonly applicationProtocols: { readonly http: readonly string[]; readonly tcp: readonly string[] }
  /** Whether a handshake is meant for the proxy itself, not for the program beside it. */
  isForProxy(
    hello: { readonly serverName: string | undefined; readonly applicationProtocols: readonly string[] },
    self: Workload,
  ): boolean
  /** The answer when something goes wrong; `details` say more about it. */
  failure(kind: FailureKind, about: { readonly reason: string | undefined; readonly hasRetried: boolean }): OwnAnswer
  readonly denied: OwnAnswer
  /** The answer to a request for what the mesh does not know, where only what it knows may be asked. */
  readonly blocked: OwnAnswer
  /** Names that are sent in small letters, as Envoy sends them. */
  readonly lowersNames: boolean
  /** Changes the headers of a request before it is passed on. */
  prepareRequest(exchange: Exchange, headers: HttpHeaders): void
  /** Changes them again before each attempt. */
  prepareAttempt?(exchange: Exchange, headers: HttpHeaders): void
  /** Changes the headers of an answer before it is passed back. */
  prepareAnswer(exchange: Exchange, headers: HttpHeaders, isOwn: boolean): void
}

/** Takes note of what went through a proxy. */
export interface Observer {
  onExchange(exchange: Exchange): void
  onConnection(connection: PipedConnection): void
}
