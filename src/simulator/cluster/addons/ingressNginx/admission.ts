import type { Ingress } from '../../kinds/ingress.ts'
import { problemOf } from './annotations.ts'
import { defaultServerName, type Globals } from './model.ts'

const canary = 'nginx.ingress.kubernetes.io/canary'

/** Why the controller's webhook refuses an Ingress; undefined when it does not. */
export function refusalOf(ingress: Ingress, others: readonly Ingress[], globals: Globals): string | undefined {
  return (
    (globals.strictPathTypes ? pathProblem(ingress) : undefined) ??
    problemOf(ingress.metadata.annotations ?? {}, globals.allowSnippets) ??
    overlap(ingress, others)
  )
}

/** Exact paths and prefixes are no regular expressions. */
function pathProblem({ spec }: Ingress): string | undefined {
  const wrong = (spec.rules ?? []).flatMap(({ http }) =>
    (http?.paths ?? [])
      .filter(({ pathType, path = '/' }) => pathType !== 'ImplementationSpecific' && !/^\/[\w\-/.]*$/.test(path))
      .map(({ pathType, path }) => `path ${path} cannot be used with pathType ${pathType}`),
  )
  return wrong.length > 0 ? `ingress contains invalid paths: ${wrong.join('\n')}` : undefined
}

/** The same path of the same host may stand in one Ingress only, canaries aside. */
function overlap(ingress: Ingress, others: readonly Ingress[]): string | undefined {
  const isCanary = isTrue(ingress)
  for (const { host = defaultServerName, http } of ingress.spec.rules ?? [])
    for (const { path } of http?.paths ?? []) {
      const shown = path || '/'
      const existing = others.filter(other =>
        (other.spec.rules ?? []).some(
          rule =>
            (rule.host || defaultServerName) === host && rule.http?.paths.some(each => (each.path || '/') === shown),
        ),
      )
      if (existing.some(other => isSame(other, ingress))) return undefined
      const clash = existing.find(other => (isCanary ? isTrue(other) : hasNone(ingress) && hasNone(other)))
      if (clash)
        return `host "${host}" and path "${shown}" is already defined in ingress ${clash.metadata.namespace}/${clash.metadata.name}`
    }
  return undefined
}

function isTrue({ metadata }: Ingress): boolean {
  return metadata.annotations?.[canary] === 'true'
}

function hasNone({ metadata }: Ingress): boolean {
  return metadata.annotations?.[canary] === undefined
}

function isSame({ metadata: one }: Ingress, { metadata: other }: Ingress): boolean {
  return one.name === other.name && one.namespace === other.namespace
}
