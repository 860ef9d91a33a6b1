import type { LabelSelector } from 'kubernetes-types/meta/v1'
import type { KubernetesObject } from '../../api/object.ts'

/** A text as Istio's rules match it. */
export interface StringMatch {
  readonly exact?: string
  readonly prefix?: string
  readonly regex?: string
}

/** Where a part of the requests goes. */
export interface RouteDestination {
  readonly destination: {
    readonly host: string
    readonly subset?: string
    readonly port?: { readonly number?: number }
  }
  readonly weight?: number
  readonly headers?: RuleHeaders
}

export interface RuleHeaders {
  readonly request?: HeaderOperations
  readonly response?: HeaderOperations
}

export interface HeaderOperations {
  readonly set?: Readonly<Record<string, string>>
  readonly add?: Readonly<Record<string, string>>
  readonly remove?: readonly string[]
}

/** One rule of a VirtualService about requests. */
export interface HttpRule {
  readonly name?: string
  readonly match?: readonly {
    readonly uri?: StringMatch
    readonly method?: StringMatch
    readonly authority?: StringMatch
    readonly headers?: Readonly<Record<string, StringMatch>>
    readonly withoutHeaders?: Readonly<Record<string, StringMatch>>
    readonly queryParams?: Readonly<Record<string, StringMatch>>
    readonly ignoreUriCase?: boolean
    readonly port?: number
    readonly sourceLabels?: Readonly<Record<string, string>>
    readonly sourceNamespace?: string
  }[]
  readonly route?: readonly RouteDestination[]
  readonly redirect?: { readonly uri?: string; readonly authority?: string; readonly redirectCode?: number }
  readonly directResponse?: { readonly status: number; readonly body?: { readonly string?: string } }
  readonly rewrite?: { readonly uri?: string; readonly authority?: string }
  readonly timeout?: string
  readonly retries?: {
    readonly attempts?: number
    readonly perTryTimeout?: string
    readonly retryOn?: string
  }
  readonly fault?: {
    readonly delay?: { readonly percentage?: { readonly value?: number }; readonly fixedDelay?: string }
    readonly abort?: { readonly percentage?: { readonly value?: number }; readonly httpStatus?: number }
  }
  readonly mirror?: RouteDestination['destination']
  readonly mirrorPercentage?: { readonly value?: number }
  readonly headers?: RuleHeaders
}

/** How requests to a host are routed. */
export interface VirtualService extends KubernetesObject {
  readonly spec: {
    readonly hosts?: readonly string[]
    readonly gateways?: readonly string[]
    readonly http?: readonly HttpRule[]
    readonly tcp?: readonly {
      readonly match?: readonly { readonly port?: number }[]
      readonly route?: readonly RouteDestination[]
    }[]
  }
}

/** How connections to a host are made. */
export interface TrafficPolicy {
  readonly loadBalancer?: {
    readonly simple?: string
    readonly consistentHash?: { readonly httpHeaderName?: string; readonly useSourceIp?: boolean }
  }
  readonly connectionPool?: {
    readonly tcp?: { readonly maxConnections?: number; readonly connectTimeout?: string }
    readonly http?: {
      readonly http1MaxPendingRequests?: number
      readonly http2MaxRequests?: number
      readonly maxRequestsPerConnection?: number
      readonly maxRetries?: number
    }
  }
  readonly outlierDetection?: {
    readonly consecutive5xxErrors?: number
    readonly consecutiveGatewayErrors?: number
    readonly interval?: string
    readonly baseEjectionTime?: string
    readonly maxEjectionPercent?: number
  }
  readonly tls?: { readonly mode?: string }
}

/** What holds for connections to a host, and which groups of its pods have names. */
export interface DestinationRule extends KubernetesObject {
  readonly spec: {
    readonly host: string
    readonly trafficPolicy?: TrafficPolicy & {
      readonly portLevelSettings?: readonly (TrafficPolicy & { readonly port?: { readonly number?: number } })[]
    }
    readonly subsets?: readonly {
      readonly name: string
      readonly labels?: Readonly<Record<string, string>>
      readonly trafficPolicy?: TrafficPolicy
    }[]
  }
}

/** Whether pods take connections that do not come over mutual TLS. */
export interface PeerAuthentication extends KubernetesObject {
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> }
    readonly mtls?: { readonly mode?: string }
    readonly portLevelMtls?: Readonly<Record<string, { readonly mode?: string }>>
  }
}

/** Who may ask pods for what. */
export interface AuthorizationPolicy extends KubernetesObject {
  readonly spec?: {
    readonly selector?: LabelSelector
    readonly action?: string
    readonly rules?: readonly {
      readonly from?: readonly { readonly source?: Readonly<Record<string, readonly string[]>> }[]
      readonly to?: readonly { readonly operation?: Readonly<Record<string, readonly string[]>> }[]
      readonly when?: readonly unknown[]
    }[]
  }
}

/** A host outside of the cluster that the mesh knows. */
export interface ServiceEntry extends KubernetesObject {
  readonly spec: {
    readonly hosts: readonly string[]
    readonly addresses?: readonly string[]
    readonly ports?: readonly { readonly number: number; readonly name?: string; readonly protocol?: string }[]
    readonly location?: string
    readonly resolution?: string
    readonly endpoints?: readonly { readonly address?: string; readonly ports?: Readonly<Record<string, number>> }[]
  }
}

/** What a proxy at the edge takes in. */
export interface Gateway extends KubernetesObject {
  readonly spec: {
    readonly selector?: Readonly<Record<string, string>>
    readonly servers?: readonly {
      readonly port: { readonly number: number; readonly name?: string; readonly protocol: string }
      readonly hosts: readonly string[]
      readonly tls?: { readonly mode?: string; readonly credentialName?: string; readonly httpsRedirect?: boolean }
    }[]
  }
}

/** A duration as Istio's rules write it, in milliseconds: `500ms`, `1.5s`, `1m`. */
export function milliseconds(text: string | undefined, usual: number): number {
  if (text === undefined) return usual
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
  let sum = 0
  for (const [, count = '0', unit = 's'] of text.matchAll(/([\d.]+)(ms|h|m|s)/g)) sum += Number(count) * units[unit]!
  return sum
}
