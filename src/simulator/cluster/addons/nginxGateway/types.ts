import type { LabelSelector } from 'kubernetes-types/meta/v1'
import type { KubernetesObject } from '../../api/object.ts'

/** One aspect of the state of an object. */
export interface Condition {
  readonly type: string
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

/** A condition as it stands in a status. */
export interface StoredCondition extends Condition {
  readonly lastTransitionTime: string
  readonly observedGeneration: number
}

export interface GatewayClass extends KubernetesObject {
  spec: {
    controllerName: string
    parametersRef?: { group: string; kind: string; name: string; namespace?: string }
  }
  status?: { conditions?: StoredCondition[] }
}

/** An object in the same namespace or another one. */
export interface Reference {
  group?: string
  kind?: string
  name: string
  namespace?: string
}

export interface Listener {
  name: string
  port: number
  protocol: string
  hostname?: string
  tls?: { mode?: string; certificateRefs?: Reference[]; options?: Record<string, string> }
  allowedRoutes?: {
    namespaces?: { from?: string; selector?: LabelSelector }
    kinds?: { group?: string; kind: string }[]
  }
}

export interface Gateway extends KubernetesObject {
  spec: {
    gatewayClassName: string
    listeners: Listener[]
    addresses?: { type?: string; value?: string }[]
    infrastructure?: { labels?: Record<string, string>; annotations?: Record<string, string> }
  }
  status?: {
    addresses?: { type: string; value: string }[]
    conditions?: StoredCondition[]
    listeners?: {
      name: string
      attachedRoutes: number
      supportedKinds: { group: string; kind: string }[]
      conditions: StoredCondition[]
    }[]
  }
}

export interface ParentReference extends Reference {
  sectionName?: string
  port?: number
}

export interface BackendReference extends Reference {
  port?: number
  weight?: number
  filters?: unknown[]
}

export interface ValueMatch {
  name: string
  value: string
  type?: string
}

export interface RouteMatch {
  path?: { type?: string; value?: string }
  headers?: ValueMatch[]
  queryParams?: ValueMatch[]
  method?: string
}

export interface HeaderChanges {
  set?: { name: string; value: string }[]
  add?: { name: string; value: string }[]
  remove?: string[]
}

export interface PathChange {
  type: string
  replaceFullPath?: string
  replacePrefixMatch?: string
}

export interface RouteFilter {
  type: string
  requestHeaderModifier?: HeaderChanges
  responseHeaderModifier?: HeaderChanges
  requestRedirect?: { scheme?: string; hostname?: string; port?: number; path?: PathChange; statusCode?: number }
  urlRewrite?: { hostname?: string; path?: PathChange }
  requestMirror?: {
    backendRef: BackendReference
    percent?: number
    fraction?: { numerator: number; denominator?: number }
  }
}

export interface RouteRule {
  name?: string
  matches?: RouteMatch[]
  filters?: RouteFilter[]
  backendRefs?: BackendReference[]
  timeouts?: unknown
}

export interface HttpRoute extends KubernetesObject {
  spec: { parentRefs?: ParentReference[]; hostnames?: string[]; rules?: RouteRule[] }
  status?: { parents?: ParentStatus[] }
}

/** A route of another kind than HTTPRoute: only where it is attached matters here. */
export interface OtherRoute extends KubernetesObject {
  spec: { parentRefs?: ParentReference[] }
  status?: { parents?: ParentStatus[] }
}

/** What one controller says of a route and one of its Gateways. */
export interface ParentStatus {
  readonly parentRef: ParentReference
  readonly controllerName: string
  readonly conditions: StoredCondition[]
}

export interface ReferenceGrant extends KubernetesObject {
  spec: {
    from: { group: string; kind: string; namespace: string }[]
    to: { group: string; kind: string; name?: string }[]
  }
}

/** The group of all kinds of the Gateway API. */
export const gatewayGroup = 'gateway.networking.k8s.io'
/** What the GatewayClasses of this controller name. */
export const controllerName = 'gateway.nginx.org/nginx-gateway-controller'
/** The only class that it acts on. */
export const ownClassName = 'nginx'
