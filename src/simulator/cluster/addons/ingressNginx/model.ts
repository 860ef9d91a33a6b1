import type { Certificate } from '../../../machine/certificate.ts'
import type { Ingress } from '../../kinds/ingress.ts'
import type { Service } from '../../kinds/service.ts'
import type { LocationSettings } from './settings.ts'

/** What nginx shall do: one server for each host, and the upstreams that they pass requests on to. */
export interface Configuration {
  readonly servers: readonly Server[]
  readonly backends: ReadonlyMap<string, Backend>
  /** What the administrator set for all of it. */
  readonly globals: Globals
}

/** What the ConfigMap of the controller says. */
export interface Globals {
  readonly hsts: boolean
  readonly hstsMaxAge: number
  readonly hstsIncludeSubdomains: boolean
  readonly hstsPreload: boolean
  readonly serverTokens: boolean
  readonly useForwardedHeaders: boolean
  readonly allowSnippets: boolean
  readonly strictPathTypes: boolean
  readonly defaults: LocationSettings
}

/** A host and what its paths lead to. */
export interface Server {
  /** `_` for requests that no other server is for. */
  readonly host: string
  readonly aliases: readonly string[]
  readonly certificate: ServerCertificate | undefined
  readonly locations: readonly Location[]
  /** Whether all paths are regular expressions, because one of them asks for it. */
  readonly isRegex: boolean
}

/** What a server shows over TLS. */
export interface ServerCertificate {
  readonly chain: readonly Certificate[]
  /** `namespace/name` of the Secret. */
  readonly secret: string
}

/** A path and what it leads to. */
export interface Location {
  /** As nginx compares it. */
  readonly path: string
  readonly isExact: boolean
  /** As the Ingress has it. */
  readonly ingressPath: string
  readonly ingress: Ingress | undefined
  readonly service: string
  readonly port: string
  readonly backend: string
  readonly settings: LocationSettings
  readonly isDefault: boolean
}

/** An upstream: the addresses behind one port of a Service. */
export interface Backend {
  /** `default-web-80`. */
  readonly name: string
  readonly service: Service | undefined
  readonly port: string
  readonly endpoints: readonly BackendEndpoint[]
  /** Other upstreams that get a part of the requests: canaries. */
  readonly alternatives: readonly string[]
  readonly shaping: TrafficShaping | undefined
  readonly affinity: Affinity | undefined
  /** Whether it only stands in for another one. */
  readonly isAlternative: boolean
}

export interface BackendEndpoint {
  readonly address: string
  readonly port: number
}

/** Which requests go to a canary. */
export interface TrafficShaping {
  readonly weight: number
  readonly weightTotal: number
  readonly header: string
  readonly headerValue: string
  readonly headerPattern: string
  readonly cookie: string
}

/** How a client finds the same pod again: a cookie. */
export interface Affinity {
  readonly cookie: string
  readonly path: string | undefined
  readonly expires: string | undefined
  readonly maxAge: string | undefined
  readonly secure: boolean
  readonly sameSite: string | undefined
}

/** The name of the upstream that answers when nothing else does. */
export const defaultBackendName = 'upstream-default-backend'
/** The name of the server for all other hosts. */
export const defaultServerName = '_'
