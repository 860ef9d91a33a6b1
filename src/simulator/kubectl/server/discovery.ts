import { ConnectionFailure } from '../failure.ts'
import type { Api } from './api.ts'
import type { Resource } from './resource.ts'
import { Resources } from './resources.ts'

const accept =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json'

interface GroupDiscoveryList {
  readonly kind: 'APIGroupDiscoveryList'
  readonly items: readonly {
    readonly metadata: { readonly name?: string }
    readonly versions: readonly {
      readonly version: string
      readonly resources?: readonly {
        readonly resource: string
        readonly responseKind?: { readonly kind: string }
        readonly scope: 'Namespaced' | 'Cluster'
        readonly singularResource: string
        readonly verbs: readonly string[]
        readonly shortNames?: readonly string[]
        readonly categories?: readonly string[]
        readonly subresources?: readonly { readonly subresource: string }[]
      }[]
    }[]
  }[]
}

interface GroupList {
  readonly groups?: readonly {
    readonly name: string
    readonly versions: readonly { readonly version: string }[]
    readonly preferredVersion?: { readonly version: string }
  }[]
}

interface ResourceList {
  readonly resources: readonly {
    readonly name: string
    readonly singularName: string
    readonly namespaced: boolean
    readonly kind: string
    readonly verbs: readonly string[]
    readonly shortNames?: readonly string[]
    readonly categories?: readonly string[]
  }[]
}

/** How often kubectl asks before it gives up, telling each time what went wrong. */
const attempts = 5

/** Learns what a server offers; `complain` gets a line of log for each vain attempt. */
export async function discover(api: Api, complain: (line: string) => Promise<void>): Promise<Resources> {
  for (let attempt = 1; ; attempt++) {
    try {
      return new Resources([...(await readGroups(api, '/api')), ...(await readGroups(api, '/apis'))])
    } catch (error) {
      if (!(error instanceof ConnectionFailure)) throw error
      const cause = `couldn't get current server API group list: ${error.attempt}: ${error.message}`
      await complain(`memcache.go:265] "Unhandled Error" err=${JSON.stringify(cause)}`)
      if (attempt === attempts) throw error
    }
  }
}

async function readGroups(api: Api, path: '/api' | '/apis'): Promise<Resource[]> {
  const answer = await api.read<GroupDiscoveryList | GroupList | { versions: string[] }>(path, {
    query: { timeout: '32s' },
    headers: { accept },
  })
  if ('items' in answer) return fromGroups(answer)
  if ('versions' in answer) return readVersions(api, '', '/api', answer.versions)
  const resources: Resource[] = []
  for (const { name, versions, preferredVersion } of answer.groups ?? []) {
    const names = versions.map(({ version }) => version)
    const order = [...new Set([preferredVersion?.version ?? names[0]!, ...names])]
    resources.push(...(await readVersions(api, name, `/apis/${name}`, order)))
  }
  return resources
}

async function readVersions(api: Api, group: string, path: string, versions: readonly string[]): Promise<Resource[]> {
  const found: Resource[] = []
  for (const version of versions) {
    const { resources } = await api.read<ResourceList>(`${path}/${version}`)
    for (const each of resources.filter(({ name }) => !name.includes('/'))) {
      found.push({
        group,
        version,
        plural: each.name,
        singular: each.singularName || each.kind.toLowerCase(),
        kind: each.kind,
        namespaced: each.namespaced,
        shortNames: each.shortNames ?? [],
        verbs: each.verbs,
        categories: each.categories ?? [],
        subresources: resources.flatMap(({ name }) =>
          name.startsWith(`${each.name}/`) ? [name.slice(each.name.length + 1)] : [],
        ),
      })
    }
  }
  return found
}

function fromGroups({ items }: GroupDiscoveryList): Resource[] {
  return items.flatMap(({ metadata, versions }) =>
    versions.flatMap(({ version, resources = [] }) =>
      resources.map(each => ({
        group: metadata.name ?? '',
        version,
        plural: each.resource,
        singular: each.singularResource || each.responseKind?.kind.toLowerCase() || each.resource,
        kind: each.responseKind?.kind ?? '',
        namespaced: each.scope === 'Namespaced',
        shortNames: each.shortNames ?? [],
        verbs: each.verbs,
        categories: each.categories ?? [],
        subresources: (each.subresources ?? []).map(({ subresource }) => subresource),
      })),
    ),
  )
}
