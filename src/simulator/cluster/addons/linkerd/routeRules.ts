import type { KubernetesObject } from '../../api/object.ts'
import type { RequestMatch, RetryPolicy, TextMatch } from '../mesh/settings.ts'

/** An HTTPRoute as far as Linkerd reads it. */
export interface HttpRoute extends KubernetesObject {
  readonly spec: {
    readonly parentRefs?: readonly {
      readonly kind?: string
      readonly name: string
      readonly namespace?: string
      readonly port?: number
    }[]
    readonly rules?: readonly {
      readonly matches?: readonly RouteMatch[]
      readonly backendRefs?: readonly {
        readonly name: string
        readonly namespace?: string
        readonly port?: number
        readonly weight?: number
      }[]
      readonly timeouts?: { readonly request?: string; readonly backendRequest?: string }
    }[]
  }
}

interface RouteMatch {
  readonly path?: { readonly type?: string; readonly value?: string }
  readonly method?: string
  readonly headers?: readonly { readonly type?: string; readonly name: string; readonly value: string }[]
  readonly queryParams?: readonly { readonly type?: string; readonly name: string; readonly value: string }[]
}

/** A condition of an HTTPRoute as proxies know it. */
export function matchOf({ path, method, headers = [], queryParams = [] }: RouteMatch): RequestMatch {
  const text = ({ type, value }: { readonly type?: string; readonly value: string }): TextMatch =>
    type === 'RegularExpression' ? { regex: value } : { exact: value }
  return {
    ...(path && {
      path:
        path.type === 'PathPrefix' || !path.type
          ? { prefix: path.value ?? '/' }
          : text({ ...path, value: path.value ?? '/' }),
    }),
    ...(method && { method: { exact: method } }),
    ...(headers.length > 0 && { headers: Object.fromEntries(headers.map(each => [each.name, text(each)])) }),
    ...(queryParams.length > 0 && { query: Object.fromEntries(queryParams.map(each => [each.name, text(each)])) }),
  }
}

/** `5xx,gateway-error,502,500-504`: what `retry.linkerd.io/http` asks for. */
export function retryConditions(text: string): Pick<RetryPolicy, 'conditions' | 'statuses'> {
  const words = text.split(',').map(word => word.trim())
  const statuses = words.flatMap(word => {
    const [, first, last = first] = /^(\d{3})(?:-(\d{3}))?$/.exec(word) ?? []
    if (first === undefined) return []
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index)
  })
  const conditions = words.filter(word => word === '5xx' || word === 'gateway-error')
  return { conditions: statuses.length > 0 ? [...conditions, 'retriable-status-codes'] : conditions, statuses }
}

/** A duration in milliseconds: `10s`, `300ms`, `1m`. */
export function milliseconds(text: string | undefined, usual: number): number {
  const [, count, unit = 's'] = /^(\d+)(ms|s|m|h)$/.exec(text ?? '') ?? []
  return count === undefined ? usual : Number(count) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit]!
}
