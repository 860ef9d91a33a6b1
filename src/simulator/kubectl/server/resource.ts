import { Failure } from '../failure.ts'

/** A type of objects that a server offers, as discovery tells of it. */
export interface Resource {
  /** '' for the core group. */
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly singular: string
  readonly kind: string
  readonly namespaced: boolean
  readonly shortNames: readonly string[]
  readonly verbs: readonly string[]
  readonly categories: readonly string[]
  /** The parts of an object with an address of their own: `status`, `scale`, `log`. */
  readonly subresources: readonly string[]
}

/** `v1`, or `apps/v1`. */
export function apiVersionOf({ group, version }: { readonly group: string; readonly version: string }): string {
  return group ? `${group}/${version}` : version
}

/** The group and version of `apps/v1` or `v1`. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const at = apiVersion.indexOf('/')
  return at < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, at), version: apiVersion.slice(at + 1) }
}

/** `pods`, or `deployments.apps`. */
export function qualifiedName({ plural, group }: Resource): string {
  return group ? `${plural}.${group}` : plural
}

/** `pod`, or `deployment.apps`: how objects are named in messages. */
export function kindName({ kind, group }: { readonly kind: string; readonly group: string }): string {
  return group ? `${kind.toLowerCase()}.${group}` : kind.toLowerCase()
}

/** Where the objects of a resource are found. */
export function pathOf(resource: Resource, namespace?: string, name?: string, subresource?: string): string {
  // Without this check an empty name would mean all objects.
  if (name === '') throw new Failure('resource name may not be empty')
  const { group, version, plural, namespaced } = resource
  return [
    group ? `/apis/${group}/${version}` : `/api/${version}`,
    namespaced && namespace ? `namespaces/${encodeURIComponent(namespace)}` : undefined,
    plural,
    name === undefined ? undefined : encodeURIComponent(name),
    subresource,
  ]
    .filter(part => part !== undefined)
    .join('/')
}

/** How Go prints a GroupVersionResource: `apps/v1, Resource=deployments`. */
export function goResource({ group, version, plural }: Resource): string {
  return `${group}/${version}, Resource=${plural}`
}

/** How Go prints a GroupVersionKind: `apps/v1, Kind=Deployment`. */
export function goKind({ group, version, kind }: Pick<Resource, 'group' | 'version' | 'kind'>): string {
  return `${group}/${version}, Kind=${kind}`
}

/** A resource for an object of which no server has told: its names are made from the kind's. */
export function guessedResource({
  apiVersion,
  kind,
}: {
  readonly apiVersion: string
  readonly kind: string
}): Resource {
  const singular = kind.toLowerCase()
  const plural = /(s|x|ch|sh)$/.test(singular)
    ? `${singular}es`
    : /[^aeiou]y$/.test(singular)
      ? `${singular.slice(0, -1)}ies`
      : `${singular}s`
  return {
    ...splitApiVersion(apiVersion ?? ''),
    kind,
    singular,
    plural,
    namespaced: true,
    shortNames: [],
    verbs: [],
    categories: [],
    subresources: [],
  }
}

/** Kinds outside of namespaces that kubectl creates without asking what the server offers. */
const clusterKinds: ReadonlySet<string> = new Set(['ClusterRole', 'ClusterRoleBinding', 'Namespace', 'PriorityClass'])

/** The resource of a kind that kubectl knows by itself, as its generators do. */
export function typedResource(object: { readonly apiVersion: string; readonly kind: string }): Resource {
  return { ...guessedResource(object), namespaced: !clusterKinds.has(object.kind) }
}
