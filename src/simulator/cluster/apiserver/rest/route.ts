import type { Kind } from '../../kinds/kind.ts'

/** What a path under /api or /apis names. */
export interface Route {
  /** The kind that is stored. */
  readonly kind: Kind
  /** The kind that the path names, where that is only another view of the stored one. */
  readonly view: Kind | undefined
  readonly namespace: string | undefined
  readonly name: string | undefined
  readonly subresource: string | undefined
  /** What stands behind the subresource: the path that `proxy` passes on. */
  readonly rest: string
}

/** Kinds by the group, version and plural that stand in paths. */
export class Routes {
  readonly #kinds = new Map<string, Kind>()

  constructor(kinds: readonly Kind[]) {
    for (const kind of kinds) this.#kinds.set(`${kind.group}/${kind.version}/${kind.plural}`, kind)
  }

  /** Reads `/apis/apps/v1/namespaces/NAMESPACE/deployments/NAME/scale`; undefined when it leads nowhere. */
  find(path: string): Route | undefined {
    const parts = path.split('/').slice(1).map(decodeURIComponent)
    const [group = '', version = '', ...rest] = parts[0] === 'api' ? ['', ...parts.slice(1)] : parts.slice(1)
    const kindAt = (index: number) => this.#kinds.get(`${group}/${version}/${rest[index]}`)
    // `namespaces/NAME/pods` are pods of a namespace; `namespaces/NAME/status` is a part of the namespace itself.
    const inside = rest[0] === 'namespaces' && rest.length > 2 ? kindAt(2) : undefined
    if (inside?.namespaced) return routeTo(inside, rest[1], rest.slice(3))
    const kind = kindAt(0)
    return kind && routeTo(kind, undefined, rest.slice(1))
  }
}

function routeTo(kind: Kind, namespace: string | undefined, rest: readonly string[]): Route {
  const [name, subresource, ...more] = rest
  return {
    kind: kind.view?.stored ?? kind,
    view: kind.view && kind,
    namespace,
    name: name || undefined,
    subresource: subresource || undefined,
    rest: more.length > 0 ? `/${more.join('/')}` : '',
  }
}
