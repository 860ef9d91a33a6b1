import type { Random } from '../../../random.ts'
import { copyOf } from '../../api/copy.ts'
import { isEqual } from '../../api/equality.ts'
import { ApiError, qualified } from '../../api/error.ts'
import type { KubernetesObject } from '../../api/object.ts'
import type { ApiWords } from '../../api/openApi.ts'
import type { Status } from '../../api/status.ts'
import type { ApiRequest, ApiResponse, Dial, NodeConnection } from '../../client.ts'
import type { Kind } from '../../kinds/kind.ts'
import { Authorizer } from '../authorization.ts'
import type { Entry } from '../collection.ts'
import type { ManagedFieldsEntry } from '../ownership.ts'
import type { Store, Subresource, Writer } from '../store.ts'
import { intentOf, requireAccess, speakerOf } from './access.ts'
import { deleteOptions, json } from './answers.ts'
import { applyPatch } from './applyPatch.ts'
import { placeObject, readBody } from './body.ts'
import { Discovery } from './discovery.ts'
import { OpenApi } from './openApi.ts'
import { patched } from './patching.ts'
import { answerReview } from './reviews.ts'
import { type Route, Routes } from './route.ts'
import { Selection } from './selection.ts'
import { answerSubresource } from './subresources.ts'
import { type Included, listKindOf, tableOf, wantsTable } from './table.ts'
import { answerUnversioned } from './unversioned.ts'
import { WatchStream } from './watchStream.ts'

/** A request with who asks, as the handlers see it. */
export interface Asked extends ApiRequest {
  readonly user: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
}

/** What the REST side of the API server works with. */
export interface RestServerParts {
  readonly store: Store
  readonly random: Random
  readonly nodes: ReadonlyMap<string, NodeConnection>
  dial(): Dial | undefined
  words(): ApiWords | undefined
}

/** Answers requests by method and path, as the real server does over HTTP. */
export class RestServer {
  readonly parts: RestServerParts
  readonly #routes: Routes
  readonly #discovery: Discovery
  readonly #openApi: OpenApi
  readonly #authorizer: Authorizer

  constructor(parts: RestServerParts) {
    this.parts = parts
    this.#routes = new Routes(parts.store.storage.kinds)
    this.#discovery = new Discovery(parts.store.storage.kinds)
    this.#openApi = new OpenApi(parts.store.storage.kinds)
    this.#authorizer = new Authorizer(parts.store.storage)
  }

  answer(request: ApiRequest & { readonly user: string }): ApiResponse {
    const warnings: string[] = []
    const asked: Asked = { ...request, query: request.query ?? {}, headers: request.headers ?? {} }
    try {
      const response = this.#answer(asked, text => warnings.push(text))
      return withWarnings(response, warnings)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return withWarnings(json(error.code, error.status), warnings)
    }
  }

  #answer(asked: Asked, warn: (text: string) => void): ApiResponse {
    const { path } = asked
    const plain = this.#discovered(asked) ?? answerUnversioned(asked)
    if (plain) return plain
    requireReadable(asked)
    const who = speakerOf(asked, this.#authorizer)
    const review = answerReview(asked, who, this.#authorizer)
    if (review) return json(201, review)
    const route = this.#routes.find(path)
    if (!route) throw ApiError.unknownPath()
    requireAccess(this.#authorizer, who, intentOf(asked, route))
    requireSupported(asked, route)
    if (route.kind.deprecation) warn(route.kind.deprecation)
    const writer: Writer = {
      user: who.name,
      manager: asked.query['fieldManager'] ?? managerOf(asked),
      isDryRun: asked.query['dryRun'] === 'All',
      warn,
    }
    if (route.subresource && route.name !== undefined) return answerSubresource(this, asked, route, writer)
    return route.name === undefined ? this.#collection(asked, route, writer) : this.#single(asked, route, writer)
  }

  #discovered(asked: Asked): ApiResponse | undefined {
    if (asked.method !== 'GET') return undefined
    const body =
      this.#discovery.answer(asked.path, asked.headers['accept'] ?? '') ??
      this.#openApi.answer(asked.path, this.parts.words())
    if (body === undefined) return undefined
    const isAggregated = (body as { kind?: string }).kind === 'APIGroupDiscoveryList'
    return isAggregated ? { ...json(200, body), headers: { 'content-type': aggregatedType } } : json(200, body)
  }

  #collection(asked: Asked, route: Route, writer: Writer): ApiResponse {
    const { kind, namespace } = route
    switch (asked.method) {
      case 'GET':
        return asked.query['watch'] === 'true' || asked.query['watch'] === '1'
          ? this.#watch(asked, route)
          : this.#list(asked, route)
      case 'POST': {
        const object = readBody(asked.body, route, asked.query['fieldValidation'], text => writer.warn?.(text))
        placeObject(object, route)
        return this.present(201, asked, route, this.parts.store.create(kind, object, writer))
      }
      case 'DELETE': {
        const { store } = this.parts
        const items = new Selection(kind, namespace, asked.query).find(store.storage)
        for (const { metadata } of items)
          store.delete(kind, metadata.namespace, metadata.name, deleteOptions(asked), writer)
        return json(200, { ...listKindOf(kind), metadata: this.#listMetadata(), items: items.map(withoutType) })
      }
      default:
        throw ApiError.methodNotAllowed()
    }
  }

  #single(asked: Asked, route: Route, writer: Writer): ApiResponse {
    const { kind, namespace, name = '' } = route
    const { store } = this.parts
    switch (asked.method) {
      case 'GET':
        return this.present(200, asked, route, store.get(kind, namespace, name))
      case 'PUT': {
        const object = readBody(asked.body, route, asked.query['fieldValidation'], text => writer.warn?.(text))
        placeObject(object, route)
        return this.present(
          200,
          asked,
          route,
          store.update(kind, namespace, name, () => object, writer),
        )
      }
      case 'PATCH': {
        // Only applying makes what is not there; every other patch is refused then.
        const code = store.find(kind, namespace, name) ? 200 : 201
        return this.present(code, asked, route, this.patch(asked, route, writer))
      }
      case 'DELETE': {
        const { object, isGone } = store.delete(kind, namespace, name, deleteOptions(asked), writer)
        return isGone && kind.kind !== 'Pod'
          ? json(200, deletedStatus(kind, object))
          : this.present(200, asked, route, object)
      }
      default:
        throw ApiError.methodNotAllowed()
    }
  }

  /** Applies the patch of a request to an object, or to a part of it. */
  patch(asked: Asked, route: Route, writer: Writer, subresource?: Subresource): KubernetesObject {
    const { kind, view, namespace, name = '' } = route
    const type = (asked.headers['content-type'] ?? '').split(';')[0]!
    if (type.startsWith('application/apply-patch'))
      return applyPatch(this.parts.store, asked, route, writer, subresource)
    const { store } = this.parts
    const entry = store.entry(kind, namespace, name)
    const before = withManagedFields(entry.object, entry)
    let owners: unknown[] | undefined
    const change = () => {
      const wanted = patched(copyOf(seenAs(view, before)), asked.body, type, view ?? kind)
      const object = readBody(wanted, route, asked.query['fieldValidation'], text => writer.warn?.(text))
      owners = object.metadata.managedFields
      if (isEqual(owners, before.metadata.managedFields)) owners = undefined
      return object
    }
    const changed = store.update(kind, namespace, name, change, writer, subresource)
    if (owners && !writer.isDryRun) entry.ownership.replace(owners as ManagedFieldsEntry[])
    return changed
  }

  #list(asked: Asked, { kind, view, namespace, name }: Route): ApiResponse {
    const { store } = this.parts
    const query = name === undefined ? asked.query : { ...asked.query, fieldSelector: `metadata.name=${name}` }
    const all = new Selection(kind, namespace, query).find(store.storage)
    const limit = Number(query['limit'] ?? 0)
    const start = readContinue(query['continue'])
    const items = limit > 0 ? all.slice(start, start + limit) : all.slice(start)
    const left = all.length - start - items.length
    const metadata = {
      ...this.#listMetadata(),
      ...(left > 0
        ? { continue: btoa(JSON.stringify({ start: start + items.length })), remainingItemCount: left }
        : {}),
    }
    if (wantsTable(asked.headers['accept']))
      return json(200, tableOf(kind, items, store.now, metadata, query['includeObject'] as Included | undefined))
    const shown = items.map(item => withoutType(seenAs(view, this.#owned(kind, item))))
    return json(200, { ...listKindOf(view ?? kind), metadata, items: shown })
  }

  #watch(asked: Asked, { kind, view, namespace }: Route): ApiResponse {
    const { store } = this.parts
    const selection = new Selection(kind, namespace, asked.query)
    const included = asked.query['includeObject'] as Included | undefined
    const isTable = wantsTable(asked.headers['accept'])
    const stream = new WatchStream(store, selection, asked.query, (object, isFirst) =>
      isTable
        ? tableOf(kind, [object], store.now, { resourceVersion: object.metadata.resourceVersion }, included, isFirst)
        : seenAs(view, object),
    )
    return { status: 200, headers: { 'content-type': 'application/json;stream=watch' }, stream }
  }

  /** One object as the client wants to see it. */
  present(status: number, asked: Asked, { kind, view }: Route, object: KubernetesObject): ApiResponse {
    if (!wantsTable(asked.headers['accept'])) return json(status, seenAs(view, this.#owned(kind, object)))
    const metadata = { resourceVersion: object.metadata.resourceVersion }
    const included = asked.query['includeObject'] as Included | undefined
    return json(status, tableOf(kind, [object], this.parts.store.now, metadata, included))
  }

  // Simplified: tables and watches leave managed fields out.
  #owned(kind: Kind, object: KubernetesObject): KubernetesObject {
    const { namespace, name } = object.metadata
    return withManagedFields(object, this.parts.store.findEntry(kind, namespace, name))
  }

  #listMetadata(): { resourceVersion: string } {
    return { resourceVersion: String(this.parts.store.storage.revision) }
  }
}

/** Clients look at this header to see which form of discovery they got. */
const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

function withWarnings(response: ApiResponse, warnings: readonly string[]): ApiResponse {
  if (warnings.length === 0) return response
  const warning = [...new Set(warnings)].map(text => `299 - ${JSON.stringify(text)}`).join(', ')
  return { ...response, headers: { ...response.headers, warning } }
}

const readable = /json|yaml|^$/

// Simplified: bodies are JSON; the real server also reads Protocol Buffers and CBOR.
function requireReadable({ method, headers }: Asked): void {
  if (method === 'GET' || readable.test(headers['content-type'] ?? '')) return
  throw ApiError.unsupportedMediaType(
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
  )
}

/** Some kinds take only a few requests, and some are only names here. */
function requireSupported(asked: Asked, route: Route): void {
  const { kind, view, subresource } = route
  const { verbs, isInert } = view ?? kind
  if (!subresource && verbs && !verbs.includes(intentOf(asked, route).verb)) throw ApiError.methodNotAllowed()
  if (isInert && asked.method === 'POST')
    throw new ApiError(501, 'NotImplemented', `${qualified(kind)} are not simulated here`)
}

/** An object as the path of the request names its kind. */
function seenAs(view: Kind | undefined, object: KubernetesObject): KubernetesObject {
  return view?.view ? view.view.fromStored(object as never) : object
}

/** The object with the list of who owns which of its fields, which is made only when someone looks. */
function withManagedFields(object: KubernetesObject, entry: Entry | undefined): KubernetesObject {
  if (!entry || entry.object.metadata.uid !== object.metadata.uid) return object
  const managedFields = entry.ownership.managedFields(object.apiVersion)
  if (managedFields.length === 0) return object
  return { ...object, metadata: { ...object.metadata, managedFields } }
}

/** Items of a list leave out what the list says of all. */
function withoutType(object: KubernetesObject): Omit<KubernetesObject, 'apiVersion' | 'kind'> {
  const { apiVersion: _, kind: __, ...rest } = object
  return rest
}

/** The name in managed fields where the client gives none: the program in its User-Agent. */
function managerOf({ headers }: Asked): string {
  return headers['user-agent']?.split('/')[0] || 'unknown'
}

function readContinue(token: string | undefined): number {
  if (!token) return 0
  try {
    return Number((JSON.parse(atob(token)) as { start: number }).start)
  } catch {
    throw ApiError.badRequest('continue key is not valid: incorrect encoded token')
  }
}

function deletedStatus(kind: Kind, { metadata }: KubernetesObject): Omit<Status, 'code'> {
  const { name, uid } = metadata
  const group = kind.group ? { group: kind.group } : {}
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...group, kind: kind.plural, uid },
  }
}
