import { sha256 } from '../../api/sha256.ts'
import { apiVersionOf, type Kind } from '../../kinds/kind.ts'

/** What may be done with most objects. */
const usualVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

/** Parts of an object that are read and changed; all others are only created. */
const changeable = new Set(['status', 'scale', 'ephemeralcontainers', 'approval', 'resize'])
const readable = new Set(['log', 'attach', 'exec', 'portforward', 'proxy'])

/** The kind that a subresource's requests carry, where it is not the object's own. */
const subresourceKinds: Readonly<Record<string, { group: string; version: string; kind: string }>> = {
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
  binding: { group: '', version: 'v1', kind: 'Binding' },
  token: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
  attach: { group: '', version: 'v1', kind: 'PodAttachOptions' },
  exec: { group: '', version: 'v1', kind: 'PodExecOptions' },
  portforward: { group: '', version: 'v1', kind: 'PodPortForwardOptions' },
}

const proxyKinds: Readonly<Record<string, string>> = {
  Pod: 'PodProxyOptions',
  Service: 'ServiceProxyOptions',
  Node: 'NodeProxyOptions',
}

/** Tells clients which kinds there are, in both forms that clients ask for. */
export class Discovery {
  readonly #kinds: readonly Kind[]
  readonly #address: string
  /** Groups in the order in which the server lists them; each with its versions, the preferred one first. */
  readonly #groups: readonly { readonly name: string; readonly versions: readonly string[] }[]

  /** `address` is where clients reach the server. */
  constructor(kinds: readonly Kind[], address: string) {
    this.#kinds = kinds
    this.#address = address
    const groups = new Map<string, string[]>()
    for (const { group, version } of kinds) {
      const versions = groups.get(group) ?? []
      if (!versions.includes(version)) versions.push(version)
      groups.set(group, versions)
    }
    this.#groups = [...groups].map(([name, versions]) => ({ name, versions: versions.sort(byPreference) }))
  }

  /** The answer for a discovery path; undefined for all others. */
  answer(path: string, accept: string): unknown {
    const isAggregated = accept.includes('APIGroupDiscoveryList')
    if (path === '/api') return isAggregated ? this.#aggregated(['']) : apiVersions(this.#address)
    if (path === '/apis') return isAggregated ? this.#aggregated(this.#named()) : this.#groupList()
    const [, root, ...rest] = path.split('/')
    if (root === 'api' && rest.length === 1) return this.#resourceList('', rest[0]!)
    if (root !== 'apis') return undefined
    if (rest.length === 1) return this.#groupList().groups.find(group => group.name === rest[0])
    return rest.length === 2 ? this.#resourceList(rest[0]!, rest[1]!) : undefined
  }

  #named(): string[] {
    return this.#groups.flatMap(group => (group.name ? [group.name] : []))
  }

  #groupList() {
    const groups = this.#groups.flatMap(({ name, versions }) => {
      if (!name) return []
      const all = versions.map(version => ({ groupVersion: `${name}/${version}`, version }))
      return [{ name, versions: all, preferredVersion: all[0]! }]
    })
    return { kind: 'APIGroupList', apiVersion: 'v1', groups }
  }

  #resourceList(group: string, version: string): unknown {
    const kinds = this.#kinds.filter(kind => kind.group === group && kind.version === version)
    if (kinds.length === 0) return undefined
    return {
      kind: 'APIResourceList',
      ...(group ? { apiVersion: 'v1' } : {}),
      groupVersion: apiVersionOf(kinds[0]!),
      resources: [...kinds]
        .sort((a, b) => (a.plural < b.plural ? -1 : 1))
        .flatMap(kind => [
          {
            name: kind.plural,
            singularName: kind.singular,
            namespaced: kind.namespaced,
            kind: kind.kind,
            verbs: kind.verbs ?? usualVerbs,
            ...(kind.shortNames.length > 0 ? { shortNames: kind.shortNames } : {}),
            ...(kind.categories.length > 0 ? { categories: kind.categories } : {}),
            ...(isStored(kind) ? { storageVersionHash: storageHashOf(kind) } : {}),
          },
          ...[...kind.subresources].sort().map(subresource => {
            const { kind: name, ...rest } = subresourceKind(kind, subresource)
            const isForeign = rest.group !== kind.group || rest.version !== kind.version
            return {
              name: `${kind.plural}/${subresource}`,
              singularName: '',
              namespaced: kind.namespaced,
              ...(isForeign ? rest : {}),
              kind: name,
              verbs: subresourceVerbs(subresource),
            }
          }),
        ]),
    }
  }

  #aggregated(names: readonly string[]): unknown {
    return {
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      metadata: {},
      items: names.map(name => ({
        metadata: name ? { name, creationTimestamp: null } : { creationTimestamp: null },
        versions: this.#groups
          .find(group => group.name === name)!
          .versions.map(version => ({
            version,
            resources: this.#kinds
              .filter(kind => kind.group === name && kind.version === version)
              .sort((a, b) => (a.plural < b.plural ? -1 : 1))
              .map(discovered),
            freshness: 'Current',
          })),
      })),
    }
  }
}

function isStored({ verbs = usualVerbs }: Kind): boolean {
  return verbs.includes('watch')
}

/** Tells clients which version is stored without naming it: StorageVersionHash of k8s.io/apiserver/pkg/endpoints. */
function storageHashOf(kind: Kind): string {
  const { group, version, kind: name } = kind.view?.stored ?? kind
  return btoa(String.fromCharCode(...sha256(`${group}/${version}/${name}`).slice(0, 8)))
}

function discovered(kind: Kind) {
  return {
    resource: kind.plural,
    responseKind: { group: kind.group, version: kind.version, kind: kind.kind },
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: kind.verbs ?? usualVerbs,
    ...(kind.shortNames.length > 0 ? { shortNames: kind.shortNames } : {}),
    ...(kind.categories.length > 0 ? { categories: kind.categories } : {}),
    ...(kind.subresources.length > 0
      ? {
          subresources: kind.subresources.map(subresource => ({
            subresource,
            responseKind: subresourceKind(kind, subresource),
            verbs: subresourceVerbs(subresource),
          })),
        }
      : {}),
  }
}

function subresourceKind({ group, version, kind }: Kind, subresource: string) {
  if (subresource === 'proxy') return { group, version, kind: proxyKinds[kind] ?? kind }
  return subresourceKinds[subresource] ?? { group, version, kind }
}

function subresourceVerbs(subresource: string): string[] {
  if (changeable.has(subresource)) return ['get', 'patch', 'update']
  if (subresource === 'log') return ['get']
  if (subresource === 'proxy') return ['create', 'delete', 'get', 'patch', 'update']
  return readable.has(subresource) ? ['create', 'get'] : subresource === 'finalize' ? ['update'] : ['create']
}

function apiVersions(address: string) {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: `${address}:6443` }],
  }
}

/** Stable versions come before betas, betas before alphas, later ones first. */
function byPreference(a: string, b: string): number {
  const rank = (version: string) => {
    const [, major = '0', stage = '', minor = '0'] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? []
    return { '': 3, beta: 2, alpha: 1 }[stage]! * 10_000 + Number(major) * 100 + Number(minor)
  }
  return rank(b) - rank(a)
}
