import type { Certificate } from '../../../machine/certificate.ts'
import type { HeaderChanges, PathChange } from './types.ts'

/** What the nginx of one Gateway shall do. */
export interface DataPlane {
  readonly servers: readonly DataPlaneServer[]
  /** The addresses behind each upstream: `10.244.1.3:80`. */
  readonly upstreams: Readonly<Record<string, readonly string[]>>
}

/** One host on one port. */
export interface DataPlaneServer {
  readonly port: number
  /** Empty for all hosts that no other server of the port is for. */
  readonly hostname: string
  /** What it shows over TLS; undefined on plain ports. */
  readonly certificates: readonly Certificate[] | undefined
  readonly locations: readonly DataPlaneLocation[]
}

/** A path, and the matches on it in the order in which they are tried. */
export interface DataPlaneLocation {
  readonly type: 'Exact' | 'PathPrefix' | 'RegularExpression'
  readonly path: string
  readonly matches: readonly DataPlaneMatch[]
}

export interface ValueTest {
  readonly name: string
  readonly value: string
  readonly isPattern: boolean
}

/** What must fit besides the path, and what is done then. */
export interface DataPlaneMatch {
  readonly route: string
  readonly method: string | undefined
  readonly headers: readonly ValueTest[]
  readonly parameters: readonly ValueTest[]
  readonly backends: readonly WeightedBackend[]
  readonly requestHeaders: HeaderChanges
  readonly responseHeaders: HeaderChanges
  readonly redirect: Redirect | undefined
  readonly rewrite: { readonly hostname: string | undefined; readonly path: PathChange | undefined } | undefined
  readonly mirrors: readonly { readonly upstream: string; readonly percent: number }[]
}

export interface Redirect {
  readonly scheme: string | undefined
  readonly hostname: string | undefined
  readonly port: number | undefined
  readonly path: PathChange | undefined
  readonly statusCode: number
}

/** Who gets a share of the requests; one that is not valid answers 500. */
export interface WeightedBackend {
  readonly upstream: string
  readonly weight: number
  readonly isValid: boolean
}
