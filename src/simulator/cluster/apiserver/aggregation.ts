import { ApiError } from '../api/error.ts'
import type { ApiRequest, ApiResponse, Change, Dial } from '../client.ts'
import { type ApiService, apiService } from '../kinds/apiService.ts'
import { type EndpointSlice, endpointSlice } from '../kinds/endpointSlice.ts'
import type { Kind } from '../kinds/kind.ts'
import { type Service, service } from '../kinds/service.ts'
import type { Intent } from './authorization.ts'
import type { Store, Writer } from './store.ts'

const writer: Writer = { user: 'system:apiserver', manager: 'kube-apiserver' }
// How long the server takes to look at a change, and how soon it asks again where something is missing: milliseconds.
const reaction = 100
const retry = 5000
const serviceLabel = 'kubernetes.io/service-name'

/** A resource as another server lists it. */
interface ForeignResource {
  readonly name: string
  readonly singularName: string
  readonly namespaced: boolean
  readonly kind: string
  readonly verbs: readonly string[]
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
}

interface Condition {
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

/**
 * Hands groups of the API on to the servers that APIServices name, and watches whether these are there.
 * Simplified: the groups that the API server serves itself have no APIServices.
 */
export class Aggregator {
  readonly #store: Store
  readonly #dial: () => Dial | undefined
  readonly #planned = new Set<string>()
  readonly #foreign = new Map<string, readonly Kind[]>()
  #kinds: readonly Kind[] = []

  constructor(store: Store, dial: () => Dial | undefined) {
    this.#store = store
    this.#dial = dial
    const { storage } = store
    storage.watch(apiService, ({ change }) => this.#see(change as Change<ApiService>))
    storage.watch(endpointSlice, ({ change }) => this.#seeEndpoints(change as Change<EndpointSlice>))
  }

  /** The kinds that other servers have, for discovery. */
  get kinds(): readonly Kind[] {
    return this.#kinds
  }

  /** The APIService that a path belongs to, unless the API server answers itself. */
  find(path: string): ApiService | undefined {
    const [, root, group, version] = path.split('/')
    if (root !== 'apis' || !version) return undefined
    const found = this.#store.find(apiService, undefined, `${version}.${group}`) as ApiService | undefined
    return found?.spec.service ? found : undefined
  }

  /** Passes a request on. */
  answer(request: ApiRequest & { readonly user: string }, to: ApiService): ApiResponse {
    if (!isAvailable(to)) throw ApiError.serviceUnavailable('the server is currently unable to handle the request')
    const read = (answer: ApiResponse): ApiResponse =>
      /json/.test(answer.headers['content-type'] ?? '') ? { ...answer, body: readJson(answer.body) } : answer
    return { status: 200, headers: {}, later: receive => this.#ask(request, to, answer => receive(read(answer))) }
  }

  #see({ type, object }: Change<ApiService>): void {
    const { name } = object.metadata
    if (type === 'DELETED' || !object.spec.service) this.#learn(name, undefined)
    else if (!isAvailable(object)) this.#later(name, reaction)
  }

  #seeEndpoints({ object }: Change<EndpointSlice>): void {
    const { namespace, labels } = object.metadata
    for (const { object: each } of this.#store.storage.collection(apiService).entries()) {
      const { spec, metadata } = each as ApiService
      if (spec.service?.name === labels?.[serviceLabel] && spec.service?.namespace === namespace)
        this.#later(metadata.name, reaction)
    }
  }

  #later(name: string, delay: number): void {
    if (this.#planned.has(name)) return
    this.#planned.add(name)
    this.#store.after(delay, () => {
      this.#planned.delete(name)
      this.#check(name)
    })
  }

  /** Finds out whether the other server is there, and what it has. */
  #check(name: string): void {
    const found = this.#store.find(apiService, undefined, name) as ApiService | undefined
    if (!found?.spec.service) return
    const problem = this.#problemOf(found)
    if (problem) {
      this.#report(name, problem)
      return
    }
    const { group, version } = found.spec
    const path = `/apis/${group}/${version}`
    this.#ask({ method: 'GET', path, user: 'system:kube-aggregator' }, found, answer => {
      const document = readJson(answer.body) as { resources?: readonly ForeignResource[]; message?: string } | undefined
      if (answer.status === 200 && document?.resources) {
        this.#learn(
          name,
          document.resources.map(resource => foreignKind(group!, version!, resource)),
        )
        this.#report(name, { status: 'True', reason: 'Passed', message: 'all checks passed' })
        return
      }
      const why = document?.message ?? `bad status from https://${this.#addressOf(found)}${path}: ${answer.status}`
      const message = `failing or missing response from https://${this.#addressOf(found)}${path}: ${why}`
      this.#report(name, { status: 'False', reason: 'FailedDiscoveryCheck', message })
      this.#later(name, retry)
    })
  }

  #problemOf({ spec }: ApiService): Condition | undefined {
    const { namespace, name, port } = spec.service!
    const where = `service/${name} in "${namespace}"`
    const no = (reason: string, message: string): Condition => ({ status: 'False', reason, message })
    const found = this.#store.find(service, namespace, name!) as Service | undefined
    if (!found) return no('ServiceNotFound', `${where} is not present`)
    const wanted = found.spec.ports?.find(each => each.port === port)
    if (!wanted) return no('ServicePortError', `${where} is not listening on port ${port}`)
    const slices = this.#store.storage.collection(endpointSlice).withLabel(namespace, serviceLabel, name!)
    for (const { object } of slices)
      if ((object as EndpointSlice).endpoints?.some(({ conditions }) => conditions?.ready !== false)) return undefined
    return no('MissingEndpoints', `endpoints for ${where} have no addresses with port name "${wanted.name ?? ''}"`)
  }

  #addressOf({ spec }: ApiService): string {
    const { namespace, name, port } = spec.service!
    const found = this.#store.find(service, namespace, name!) as Service | undefined
    return `${found?.spec.clusterIP ?? ''}:${port}`
  }

  #ask(request: ApiRequest & { readonly user: string }, to: ApiService, receive: (answer: ApiResponse) => void): void {
    const dial = this.#dial()
    if (!dial) {
      receive({ status: 503, headers: {}, body: { message: 'no way to other servers is simulated here' } })
      return
    }
    const [address = '', port = ''] = this.#addressOf(to).split(':')
    const headers = { ...request.headers, 'x-remote-user': request.user }
    dial({ address, port: Number(port), scheme: 'https' }, { ...request, headers }, receive)
  }

  #learn(name: string, kinds: readonly Kind[] | undefined): void {
    if (kinds) this.#foreign.set(name, kinds)
    else if (!this.#foreign.delete(name)) return
    this.#kinds = [...this.#foreign.values()].flat()
  }

  #report(name: string, condition: Condition): void {
    const change = (current: ApiService): ApiService => {
      const before = current.status.conditions?.find(({ type }) => type === 'Available')
      if (before?.status === condition.status && before.message === condition.message) return current
      const lastTransitionTime =
        before?.status === condition.status ? before.lastTransitionTime! : this.#store.timestamp
      const available = { type: 'Available', lastTransitionTime, ...condition }
      return { ...current, status: { conditions: [available] } }
    }
    this.#store.update(apiService, undefined, name, current => change(current as ApiService), writer, 'status')
  }
}

/** What a request to another server wants to do, for those who decide about access. */
export function foreignIntent({ method, path, query }: ApiRequest): Intent {
  const [group = '', , ...rest] = path.split('/').slice(2).map(decodeURIComponent)
  const isInside = rest[0] === 'namespaces' && rest.length > 2
  const [resource, name, subresource] = isInside ? rest.slice(2) : rest
  if (resource === undefined) return { verb: 'get', group: '', resource: '', path }
  const isWatch = query?.['watch'] === 'true' || query?.['watch'] === '1'
  const verbs = { GET: name ? 'get' : isWatch ? 'watch' : 'list', POST: 'create', PUT: 'update', PATCH: 'patch' }
  const verb = method === 'DELETE' ? (name ? 'delete' : 'deletecollection') : verbs[method]
  return {
    verb,
    group,
    resource,
    ...(name && { name }),
    ...(subresource && { subresource }),
    ...(isInside && { namespace: rest[1]! }),
  }
}

function isAvailable({ status }: ApiService): boolean {
  return status.conditions?.some(({ type, status: state }) => type === 'Available' && state === 'True') ?? false
}

function foreignKind(group: string, version: string, resource: ForeignResource): Kind {
  const { name, singularName, namespaced, kind, verbs, shortNames = [], categories = [] } = resource
  return {
    group,
    version,
    kind,
    plural: name,
    singular: singularName || kind.toLowerCase(),
    shortNames,
    categories,
    namespaced,
    subresources: [],
    columns: [],
    verbs,
  }
}

function readJson(body: unknown): unknown {
  if (typeof body !== 'string') return body
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
