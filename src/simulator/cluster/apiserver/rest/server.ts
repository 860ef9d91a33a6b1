import type { Random } from '../../../random.ts'
import { Awaiting } from '../../api/awaiting.ts'
import { copyOf } from '../../api/copy.ts'
import { isEqual } from '../../api/equality.ts'
import { ApiError } from '../../api/error.ts'
import type { KubernetesObject } from '../../api/object.ts'
import type { ApiWords } from '../../api/openapi/words.ts'
import type { Status } from '../../api/status.ts'
import type { ApiRequest, ApiResponse, Dial, NodeConnection } from '../../client.ts'
import { componentStatus } from '../../kinds/componentStatus.ts'
import type { Kind } from '../../kinds/kind.ts'
import type { Outcome } from '../admission/webhooks/call.ts'
import { Aggregator, foreignIntent } from '../aggregation.ts'
import { Authorizer } from '../authorization.ts'
import type { ManagedFieldsEntry } from '../ownership.ts'
import type { Store, Subresource, Writer } from '../store.ts'
import { intentOf, pathIntent, requireAccess, speakerOf } from './access.ts'
import { deleteOptions, json } from './answers.ts'
import { applyPatch } from './applyPatch.ts'
import { placeObject, readAsked } from './body.ts'
import { Catalogue } from './catalogue.ts'
import { Chunks } from './chunks.ts'
import { answerComponentStatus } from './componentStatuses.ts'
import { requireListOptions } from './listOptions.ts'
import { metricsOf } from './metrics.ts'
import { patched } from './patching.ts'
import { acceptsObjects, Presentation, seenAs, withoutType } from './presentation.ts'
import { answerReview } from './reviews.ts'
import type { Route } from './route.ts'
import { Selection } from './selection.ts'
import { answerSubresource } from './subresources.ts'
import { listKindOf } from './table.ts'
import { answerUnversioned } from './unversioned.ts'
import { WatchStream } from './watchStream.ts'

/** Who sends a request: a name, and the groups that the proof of it carries. */
export interface Asker {
  readonly user: string
  readonly groups?: readonly string[]
}

/** A request with who asks, as the handlers see it. */
export interface Asked extends ApiRequest, Asker {
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
}

/** What the REST side of the API server works with. */
export interface RestServerParts {
  readonly store: Store
  readonly random: Random
  /** The server's own address. */
  readonly address: string
  readonly nodes: ReadonlyMap<string, NodeConnection>
  dial(): Dial | undefined
  words(): ApiWords | undefined
}

/** Answers requests by method and path, as the real server does over HTTP. */
export class RestServer {
  readonly parts: RestServerParts
  readonly #catalogue: Catalogue
  readonly #authorizer: Authorizer
  readonly #aggregator: Aggregator
  readonly #chunks: Chunks

  constructor(parts: RestServerParts) {
    this.parts = parts
    this.#aggregator = new Aggregator(parts.store, parts.dial)
    this.#catalogue = new Catalogue(parts.store.storage, () => this.#aggregator.kinds, parts.address)
    this.#authorizer = new Authorizer(parts.store.storage)
    this.#chunks = new Chunks(parts.store)
  }

  /** Answers at once, or begins again when a webhook has told what it thinks. */
  answer(request: ApiRequest & Asker, answers = new Map<string, Outcome>()): ApiResponse {
    const warnings: string[] = []
    const asked: Asked = { ...request, query: request.query ?? {}, headers: request.headers ?? {} }
    try {
      const response = this.#answer(asked, text => warnings.push(text), answers)
      return withWarnings(response, warnings)
    } catch (error) {
      if (error instanceof Awaiting) return this.#answerLater(request, error, answers)
      if (!(error instanceof ApiError)) throw error
      return withWarnings(json(error.code, error.status), warnings)
    }
  }

  #answerLater(request: ApiRequest & Asker, awaiting: Awaiting, answers: Map<string, Outcome>): ApiResponse {
    const later = (receive: (answer: ApiResponse) => void) =>
      awaiting.start(() => {
        const answer = this.answer(request, answers)
        if (answer.later) answer.later(receive)
        else receive(answer)
      })
    return { status: 200, headers: {}, later }
  }

  #answer(asked: Asked, warn: (text: string) => void, answers: Map<string, Outcome>): ApiResponse {
    const { path } = asked
    if (guarded.has(path)) requireAccess(this.#authorizer, speakerOf(asked, this.#authorizer), pathIntent(path))
    const plain = this.#discovered(asked) ?? answerUnversioned(asked, () => metricsOf(this.parts.store.storage))
    if (plain) return plain
    requireReadable(asked)
    const who = speakerOf(asked, this.#authorizer)
    const review = answerReview(asked, who, this.#authorizer)
    if (review && !acceptsObjects(asked.headers['accept'])) throw ApiError.notAcceptable()
    if (review) return json(201, review)
    const elsewhere = this.#aggregator.find(path)
    if (elsewhere) {
      requireAccess(this.#authorizer, who, foreignIntent(asked))
      return this.#aggregator.answer(asked, elsewhere)
    }
    const route = this.#catalogue.routes.find(path)
    if (!route) throw ApiError.unknownPath()
    requireAccess(this.#authorizer, who, intentOf(asked, route))
    requireSupported(asked, route)
    if (route.kind === componentStatus) return answerComponentStatus(this.parts.store, asked, route)
    const { deprecation } = route.view ?? route.kind
    if (deprecation) warn(deprecation)
    const writer: Writer = {
      user: who.name,
      manager: asked.query['fieldManager'] ?? managerOf(asked),
      isDryRun: asked.query['dryRun'] === 'All',
      answers,
      warn,
    }
    if (route.subresource && route.name !== undefined) return answerSubresource(this, asked, route, writer)
    return route.name === undefined ? this.#collection(asked, route, writer) : this.#single(asked, route, writer)
  }

  #discovered(asked: Asked): ApiResponse | undefined {
    if (asked.method !== 'GET') return undefined
    const path = asked.path.replace(/\/$/, '')
    const body =
      this.#catalogue.discovery.answer(path, asked.headers['accept'] ?? '') ??
      this.#catalogue.openApi.answer(path, this.parts.words())
    if (body === undefined) return undefined
    const isAggregated = (body as { kind?: string }).kind === 'APIGroupDiscoveryList'
    return isAggregated ? { ...json(200, body), headers: { 'content-type': aggregatedType } } : json(200, body)
  }

  #collection(asked: Asked, route: Route, writer: Writer): ApiResponse {
    const { kind } = route
    switch (asked.method) {
      case 'GET':
        return asked.query['watch'] === 'true' || asked.query['watch'] === '1'
          ? this.#watch(asked, route)
          : this.#list(asked, route)
      case 'POST': {
        const object = readAsked(asked, route, writer)
        placeObject(object, route)
        return this.present(201, asked, route, this.parts.store.create(kind, object, writer))
      }
      case 'DELETE': {
        const { store } = this.parts
        const items = new Selection(route, asked.query).find(store.storage)
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
        const object = readAsked(asked, route, writer)
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
    const before = new Presentation(store, route, asked).owned(entry.object)
    let owners: unknown[] | undefined
    const change = () => {
      const wanted = patched(copyOf(seenAs(view, before)), asked.body, type, view ?? kind)
      const object = readAsked(asked, route, writer, wanted)
      owners = object.metadata.managedFields
      if (isEqual(owners, before.metadata.managedFields)) owners = undefined
      return object
    }
    const changed = store.update(kind, namespace, name, change, writer, subresource)
    if (owners && !writer.isDryRun) entry.ownership.replace(owners as ManagedFieldsEntry[])
    return changed
  }

  #list(asked: Asked, route: Route): ApiResponse {
    const { name } = route
    const { store } = this.parts
    const query = name === undefined ? asked.query : { ...asked.query, fieldSelector: `metadata.name=${name}` }
    requireListOptions(query, false, store.storage.revision)
    const all = new Selection(route, query).find(store.storage)
    const { items, ...metadata } = this.#chunks.cut(all, query)
    return json(200, new Presentation(store, route, asked).list(items, metadata))
  }

  #watch(asked: Asked, route: Route): ApiResponse {
    const { store } = this.parts
    requireListOptions(asked.query, true, store.storage.revision)
    const selection = new Selection(route, asked.query)
    const presentation = new Presentation(store, route, asked)
    const stream = new WatchStream(store, selection, asked.query, presentation)
    return { status: 200, headers: { 'content-type': 'application/json' }, stream }
  }

  /** One object as the client wants to see it. */
  present(status: number, asked: Asked, route: Route, object: KubernetesObject): ApiResponse {
    return json(status, new Presentation(this.parts.store, route, asked).one(object))
  }

  #listMetadata(): { resourceVersion: string } {
    return { resourceVersion: String(this.parts.store.storage.revision) }
  }
}

/** Paths that are no objects and not for everybody; discovery and health are. */
const guarded = new Set(['/', '/metrics'])

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
  const { verbs, custom } = view ?? kind
  const { verb } = intentOf(asked, route)
  if (custom && verb === 'create' && !subresource && custom.isTerminating)
    throw new ApiError(
      405,
      'MethodNotAllowed',
      'create not allowed while custom resource definition is terminating',
      {},
    )
  if (!subresource && verbs && !verbs.includes(verb)) throw ApiError.methodNotAllowed()
}

/** The name in managed fields where the client gives none: the program in its User-Agent. */
function managerOf({ headers }: Asked): string {
  return headers['user-agent']?.split('/')[0] || 'unknown'
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
