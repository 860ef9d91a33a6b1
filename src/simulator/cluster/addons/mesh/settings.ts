import type { Certificate } from '../../../machine/certificate.ts'

/** A workload as proxies and their measurements name it. */
export interface Workload {
  readonly name: string
  readonly namespace: string
  readonly pod: string
  readonly app: string
  readonly version: string
  readonly account: string
  /** What speaks for it in certificates: `spiffe://cluster.local/ns/default/sa/web`. */
  readonly identity: string
  /** A proxy stands beside it. */
  readonly isMeshed: boolean
}

/** One address behind a cluster. */
export interface MeshEndpoint {
  readonly address: string
  readonly port: number
  /** A proxy that speaks mutual TLS stands in front of it. */
  readonly isMeshed: boolean
}

/** How many connections and requests a cluster may have at once. */
export interface ConnectionLimits {
  readonly connections?: number
  readonly pendingRequests?: number
  readonly requests?: number
  readonly retries?: number
  readonly requestsPerConnection?: number
}

/** When an endpoint that fails is left alone for a while; times in milliseconds. */
export interface OutlierDetection {
  readonly consecutiveErrors?: number
  readonly consecutiveGatewayErrors?: number
  readonly baseEjectionTime: number
  /** At most so many of a hundred endpoints at once. */
  readonly mostEjected: number
}

/** Which endpoint is next. */
export type Balancer = 'least request' | 'round robin' | 'random' | { readonly header: string } | 'source'

/** Addresses that are as good as each other, and how they are to be treated. */
export interface MeshCluster {
  readonly name: string
  /** The name of its Service with its port: `web.default.svc.cluster.local`. */
  readonly host: string
  readonly port: number
  readonly endpoints: readonly MeshEndpoint[]
  /** The packet goes where the client wanted it to go: no endpoints are chosen from. */
  readonly isOriginal?: boolean
  /** `automatic` speaks mutual TLS with endpoints that do. */
  readonly security: 'automatic' | 'mutual' | 'plain'
  /** The name that the handshake shows. */
  readonly serverName: string
  readonly balancer: Balancer
  readonly limits: ConnectionLimits
  readonly outliers?: OutlierDetection
  /** The rule that says so: `web.default`. */
  readonly rule?: string
  /** Milliseconds for the handshake. */
  readonly connectTimeout: number
}

/** A condition on a text. */
export type TextMatch =
  | { readonly exact: string }
  | { readonly prefix: string }
  | { readonly regex: string }
  | { readonly present: true }

/** A condition on requests: everything in it must hold. */
export interface RequestMatch {
  readonly path?: TextMatch
  readonly method?: TextMatch
  readonly authority?: TextMatch
  readonly headers?: Readonly<Record<string, TextMatch>>
  readonly withoutHeaders?: Readonly<Record<string, TextMatch>>
  readonly query?: Readonly<Record<string, TextMatch>>
  readonly ignoresCase?: boolean
}

/** When an attempt is made again. */
export interface RetryPolicy {
  /** Attempts after the first one. */
  readonly attempts: number
  readonly perTryTimeout?: number
  readonly conditions: readonly string[]
  readonly statuses: readonly number[]
}

/** What goes wrong on purpose; percentages. */
export interface Fault {
  readonly delay?: { readonly percentage: number; readonly duration: number }
  readonly abort?: { readonly percentage: number; readonly status: number }
}

/** Headers that are put, added and taken away. */
export interface HeaderChanges {
  readonly set?: Readonly<Record<string, string>>
  readonly add?: Readonly<Record<string, string>>
  readonly remove?: readonly string[]
}

/** What becomes of a request. */
export interface MeshRoute {
  readonly name: string
  /** The rule that says so: `web.default`. */
  readonly rule?: string
  readonly matches: readonly RequestMatch[]
  readonly destinations: readonly {
    readonly cluster: string
    readonly weight: number
    readonly requestHeaders?: HeaderChanges
    readonly answerHeaders?: HeaderChanges
  }[]
  /** Milliseconds; 0 waits for ever. */
  readonly timeout: number
  readonly retries: RetryPolicy
  readonly fault?: Fault
  readonly rewrite?: { readonly path?: string; readonly authority?: string }
  readonly redirect?: { readonly path?: string; readonly authority?: string; readonly status: number }
  readonly answer?: { readonly status: number; readonly body: string }
  readonly mirror?: { readonly cluster: string; readonly percentage: number }
  readonly requestHeaders?: HeaderChanges
  readonly answerHeaders?: HeaderChanges
}

/** Routes of the hosts that requests name. */
export interface VirtualHost {
  readonly name: string
  /** `web`, `web:80`, `*.example.com`, `*`. */
  readonly domains: readonly string[]
  readonly routes: readonly MeshRoute[]
}

/** What happens to connections that a pod opens to an address. */
export interface OutboundListener {
  /** What the bytes are taken for: looked at when not known. */
  readonly protocol: 'http' | 'tcp' | 'unknown'
  /** Which routes requests take. */
  readonly routes?: string
  /** Where connections go that carry no requests. */
  readonly clusters: readonly { readonly cluster: string; readonly weight: number }[]
}

/** Who may ask for what; every condition that is there must hold. */
export interface AccessRule {
  readonly identities?: readonly string[]
  readonly notIdentities?: readonly string[]
  readonly namespaces?: readonly string[]
  readonly notNamespaces?: readonly string[]
  readonly methods?: readonly string[]
  readonly notMethods?: readonly string[]
  readonly paths?: readonly string[]
  readonly notPaths?: readonly string[]
  readonly hosts?: readonly string[]
  readonly ports?: readonly string[]
}

/** A policy as the proxy of its workload applies it. */
export interface AccessPolicy {
  readonly name: string
  readonly action: 'ALLOW' | 'DENY'
  readonly rules: readonly AccessRule[]
}

/** Whether connections must come over mutual TLS. */
export type Strictness = 'STRICT' | 'PERMISSIVE' | 'DISABLE'

/** What happens to connections that come to a pod. */
export interface InboundSettings {
  readonly strictness: Strictness
  readonly ports: Readonly<
    Record<
      string,
      {
        readonly protocol: 'http' | 'tcp' | 'unknown'
        readonly strictness?: Strictness
        /** The Service that the port belongs to, with its port: `web.default.svc.cluster.local:80`. */
        readonly service?: string
      }
    >
  >
  readonly policies: readonly AccessPolicy[]
}

/** A port at which a proxy at the edge takes connections from outside. */
export interface GatewayPort {
  readonly routes: string
  /** What is shown to those who ask for a host, when it is spoken to over TLS. */
  readonly certificates?: readonly { readonly hosts: readonly string[]; readonly chain: readonly Certificate[] }[]
  /** Sends everybody to the same place over TLS. */
  readonly isRedirecting?: boolean
}

/** Everything that a proxy is told by its control plane. Plain JSON: it travels over the network. */
export interface ProxySettings {
  readonly self: Workload
  /** By address and port: `10.96.0.10:53`; `0.0.0.0:80` for every address. */
  readonly listeners: Readonly<Record<string, OutboundListener>>
  readonly routes: Readonly<Record<string, readonly VirtualHost[]>>
  readonly clusters: Readonly<Record<string, MeshCluster>>
  readonly inbound: InboundSettings
  /** The ports of a proxy at the edge; undefined for one that stands beside others. */
  readonly gateway?: Readonly<Record<string, GatewayPort>>
  /** Workloads by the address of their pod. */
  readonly peers: Readonly<Record<string, Workload>>
  /** Whether connections to what the mesh does not know go on; else they end. */
  readonly allowsUnknown: boolean
  readonly hasAccessLog: boolean
  /** Where spans are sent, and how many of a hundred requests are traced. */
  readonly tracing?: { readonly host: string; readonly port: number; readonly sampling: number }
}

/** What is new in the settings of a proxy: entries by name, null for those that have gone. */
export interface SettingsChange {
  readonly entries: Readonly<Record<SettingsSection, Readonly<Record<string, unknown>>>>
  /** Everything that has no entries, whenever something of it has changed. */
  readonly rest?: Omit<ProxySettings, SettingsSection>
}

/** The parts of settings that are told entry by entry. */
export const settingsSections = ['listeners', 'routes', 'clusters', 'peers'] as const
export type SettingsSection = (typeof settingsSections)[number]

/** The settings that a change makes of others; what has not changed stays the same object. */
export function changedSettings(before: ProxySettings | undefined, { entries, rest }: SettingsChange): ProxySettings {
  const sections = settingsSections.map(section => {
    const merged: Record<string, unknown> = { ...before?.[section] }
    for (const [name, value] of Object.entries(entries[section] ?? {}))
      if (value === null) delete merged[name]
      else merged[name] = value
    return [section, merged]
  })
  return { ...before, ...rest, ...Object.fromEntries(sections) } as ProxySettings
}

/** The cluster of connections to what the mesh does not know. */
export function passthrough(name: string): MeshCluster {
  return {
    name,
    host: '',
    port: 0,
    endpoints: [],
    isOriginal: true,
    security: 'plain',
    serverName: '',
    balancer: 'least request',
    limits: {},
    connectTimeout: 10_000,
  }
}

/** A request that nobody has said anything about is tried once. */
export const noRetries: RetryPolicy = { attempts: 0, conditions: [], statuses: [] }
