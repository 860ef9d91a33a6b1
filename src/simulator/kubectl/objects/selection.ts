import { matchesRequirements, parseSelector } from '../../cluster/api/selector.ts'
import { Failure, Failures, ServerFailure, throwAll } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import type { Api, RequestOptions } from '../server/api.ts'
import type { AnyList, AnyObject } from '../server/object.ts'
import { goResource, guessedResource, pathOf, type Resource } from '../server/resource.ts'
import { NoKindMatch, Resources } from '../server/resources.ts'
import { readWhole } from '../server/wholeList.ts'
import { type ManifestSource, manifestSources } from './files.ts'
import { kustomizationSource } from './kustomization.ts'
import { manifestsIn, type Validation } from './manifests.ts'
import type { Reference, Target } from './target.ts'

/** What a command line says about the objects it means. */
export interface SelectionRequest {
  readonly args?: readonly string[]
  readonly filenames?: readonly string[]
  readonly kustomize?: string
  readonly isRecursive?: boolean
  readonly selector?: string | undefined
  readonly fieldSelector?: string | undefined
  /** `--all`. */
  readonly isAll?: boolean
  readonly isEveryNamespace?: boolean
  /** Whether a type alone means all its objects. */
  readonly mayBeType?: boolean
  /** Whether several types are refused. */
  readonly isOneType?: boolean
  readonly validation?: Validation
  /** `--local`: the server is not asked about anything. */
  readonly isLocal?: boolean
}

/** All objects of a type that match the selectors. */
export interface Query {
  readonly resource: Resource
  /** Undefined for all namespaces, and for kinds outside them. */
  readonly namespace: string | undefined
  readonly selector: string
  readonly fieldSelector: string
}

/** What has been chosen, before anything is fetched. */
export type Piece = { readonly query: Query } | { readonly reference: Reference } | { readonly target: Target }

const missingResource = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`

/** The objects that files, types, names and selectors of a command line mean (kubectl's resource builder). */
export class Selection {
  /** Whether exactly one object was named. */
  readonly isSingle: boolean
  readonly #invocation: Invocation
  readonly #request: SelectionRequest
  readonly #queries: readonly Query[]
  readonly #references: readonly Reference[]
  readonly #sources: readonly ManifestSource[]

  private constructor(
    invocation: Invocation,
    request: SelectionRequest,
    parts: { queries?: Query[]; references?: Reference[]; sources?: ManifestSource[] },
  ) {
    this.#invocation = invocation
    this.#request = request
    this.#queries = parts.queries ?? []
    this.#references = parts.references ?? []
    this.#sources = parts.sources ?? []
    this.isSingle = this.#references.length === 1 || (this.#sources.length === 1 && !request.isRecursive)
  }

  /** Understands the command line; what is wrong with it is thrown. */
  static async of(invocation: Invocation, request: SelectionRequest): Promise<Selection> {
    const sources = sourcesOf(invocation, request)
    const args = asTuples(request.args ?? [])
    if (sources.length > 0) {
      if (args.length > 0) {
        const what = args.length > 1 || args[0]!.includes('/') ? 'a resource by arguments' : 'resource arguments'
        throw new Failure(`when paths, URLs, or stdin is provided as input, you may not specify ${what} as well`)
      }
      return new Selection(invocation, request, { sources })
    }
    const slashes = args.filter(arg => arg.includes('/')).length
    if (slashes > 0 && slashes < args.length) {
      throw new Failure(
        "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
      )
    }
    if (slashes > 0) return Selection.#ofTuples(invocation, request, args)
    return Selection.#ofTypes(invocation, request, args)
  }

  static async #ofTuples(
    invocation: Invocation,
    request: SelectionRequest,
    args: readonly string[],
  ): Promise<Selection> {
    const tuples = args.map(splitTuple)
    if (hasSelector(request)) {
      throw new Failure('selectors and the all flag cannot be used when passing resource/name arguments')
    }
    const resources = await invocation.resourcesThatKnow(known => tuples.every(([type]) => known.findNamed(type)))
    const references = tuples.map(([type, name]) => referenceTo(invocation, request, resources.named(type), name))
    return new Selection(invocation, request, { references })
  }

  static async #ofTypes(
    invocation: Invocation,
    request: SelectionRequest,
    [typeList, ...names]: readonly string[],
  ): Promise<Selection> {
    const isQuery = hasSelector(request) || (request.mayBeType && names.length === 0)
    if (typeList === undefined) {
      throw new Failure(
        hasSelector(request) ? 'at least one resource must be specified to use a selector' : missingResource,
      )
    }
    if (hasSelector(request) && names.length > 0) {
      throw new Failure('name cannot be provided when a selector is specified')
    }
    const resources = await invocation.resourcesThatKnow(known =>
      known.expand(typeList).every(type => known.findNamed(type)),
    )
    const types = resources.expand(typeList)
    if (isQuery) {
      const found = unique(types.map(type => resources.named(type)))
      if (request.isOneType && found.length > 1) throw new Failure('you may only specify a single resource type')
      const queries = found.map(resource => ({
        resource,
        namespace: resource.namespaced && !request.isEveryNamespace ? invocation.namespace : undefined,
        selector: request.selector ?? '',
        fieldSelector: request.fieldSelector ?? '',
      }))
      return new Selection(invocation, request, { queries })
    }
    if (names.length === 0) {
      for (const type of types) resources.named(type)
      throw new Failure('resource(s) were provided, but no name was specified')
    }
    if (types.length > 1) throw new Failure('you must specify only one resource')
    const resource = resources.named(types[0]!)
    if (names.length === 1 && names[0] === '') throw new Failure('resource name may not be empty')
    const references = names.map(name => referenceTo(invocation, request, resource, name))
    return new Selection(invocation, request, { references })
  }

  /** The chosen things in order; reasons why one cannot be used come in its place. */
  async *pieces(): AsyncGenerator<Piece | Failure> {
    for (const query of this.#queries) yield { query }
    for (const reference of this.#references) yield { reference }
    if (this.#sources.length === 0) return
    for (const source of this.#sources) {
      for await (const manifest of manifestsIn(source, this.#request.validation)) {
        if (manifest instanceof Failure) {
          yield manifest
          continue
        }
        const { apiVersion = '', kind } = manifest.object
        const resources = this.#request.isLocal
          ? new Resources([])
          : await this.#invocation.resourcesThatKnow(known => known.hasKind(apiVersion, kind))
        const target = this.#targetOf(manifest.object, manifest.source, resources)
        if (target instanceof Failure) yield target
        else if (matches(target, this.#request.selector)) yield { target }
      }
    }
  }

  /** Whether objects come from files. */
  get isFromFiles(): boolean {
    return this.#sources.length > 0
  }

  /** The lists that are asked for. */
  get queries(): readonly Query[] {
    return this.#queries
  }

  #targetOf(object: AnyObject, source: string, resources: Resources): Target | Failure {
    const name = object.metadata.name ?? ''
    const given = object.metadata.namespace ?? ''
    let resource: Resource
    if (this.#request.isLocal) {
      return { resource: guessedResource(object), namespace: given || undefined, name, object, source }
    }
    try {
      resource = resources.ofKind(object.apiVersion ?? '', object.kind)
    } catch (error) {
      if (!(error instanceof NoKindMatch)) throw error
      const quoted = [name, given, source].map(text => JSON.stringify(text))
      return new Failure(
        `resource mapping not found for name: ${quoted[0]} namespace: ${quoted[1]} from ${quoted[2]}: ${error.message}\nensure CRDs are installed first`,
      )
    }
    if (!resource.namespaced) return { resource, namespace: undefined, name, object, source }
    const { namespace } = this.#invocation
    if (given && given !== namespace && this.#invocation.config.hasNamespace) {
      return new Failure(
        `the namespace from the provided object ${JSON.stringify(given)} does not match the namespace ${JSON.stringify(namespace)}. You must pass '--namespace=${given}' to perform this operation.`,
      )
    }
    const home = given || namespace
    return {
      resource,
      namespace: home,
      name,
      object: { ...object, metadata: { ...object.metadata, namespace: home } },
      source,
    }
  }

  /** Fetches what a piece means: one object by its name, all that match a query, or what a file says. */
  async fetch(piece: Piece, subresource?: string): Promise<Target[]> {
    const { api } = this.#invocation
    if ('target' in piece) return [piece.target]
    if ('query' in piece) {
      const { items } = await readQuery<AnyList>(api, piece.query)
      return items.map(object => targetOf(piece.query.resource, object))
    }
    const { reference } = piece
    const { resource, namespace, name } = reference
    const object = await api.getNamed(resource, namespace, name, { subresource })
    return [{ ...reference, object }]
  }

  /** Visits every object, goes on after failures, and throws them at the end. */
  async each(
    visit: (target: Target) => Promise<void>,
    options: { stopsAtError?: boolean; isLatest?: boolean; subresource?: string } = {},
  ): Promise<void> {
    const errors: Error[] = []
    const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof Failure) || options.stopsAtError) throw error
        errors.push(error)
        return undefined
      }
    }
    for await (const piece of this.pieces()) {
      if (piece instanceof Failure) await attempt(() => Promise.reject(piece))
      else {
        const wanted = options.isLatest && 'target' in piece ? { reference: piece.target } : piece
        const targets = await attempt(() => this.fetch(wanted, options.subresource))
        for (const target of targets ?? []) await attempt(() => visit(target))
      }
    }
    throwAll(errors)
  }

  /** All objects at once; failures are thrown together with those of other pieces. */
  async all(): Promise<Target[]> {
    const targets: Target[] = []
    await this.each(async target => void targets.push(target))
    return targets
  }

  /** Everything that the server has, and what went wrong with the rest. */
  async settle(subresource?: string): Promise<{ targets: Target[]; errors: readonly Error[] }> {
    const targets: Target[] = []
    try {
      await this.each(async target => void targets.push(target), {
        isLatest: true,
        ...(subresource && { subresource }),
      })
      return { targets, errors: [] }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return { targets, errors: error instanceof Failures ? error.all : [error] }
    }
  }
}

/** An object that came from the server, as something to work on. */
export function targetOf(resource: Resource, object: AnyObject): Target {
  return {
    resource,
    namespace: resource.namespaced ? object.metadata.namespace : undefined,
    name: object.metadata.name ?? '',
    object,
  }
}

/** What the server answers to a query; its refusals tell what was asked for. */
export async function readQuery<T>(api: Api, query: Query, options: RequestOptions = {}): Promise<T> {
  const { resource, namespace, selector, fieldSelector } = query
  try {
    return await readWhole<T>(api, pathOf(resource, namespace), {
      ...options,
      query: {
        labelSelector: selector || undefined,
        fieldSelector: fieldSelector || undefined,
        ...options.query,
      },
    })
  } catch (error) {
    if (!(error instanceof ServerFailure) || !/^(BadRequest|NotFound)$/.test(error.answer.reason ?? '')) throw error
    const what = JSON.stringify(goResource(resource))
    const asked = `label selector ${JSON.stringify(selector)}, field selector ${JSON.stringify(fieldSelector)}`
    const message = selector || fieldSelector ? `Unable to find ${what} that match ${asked}` : `Unable to list ${what}`
    throw new ServerFailure({ ...error.answer, message: `${message}: ${error.answer.message}` })
  }
}

function matches({ object }: Target, selector: string | undefined): boolean {
  return !selector || matchesRequirements(parseSelector(selector), object.metadata.labels)
}

function sourcesOf({ process }: Invocation, request: SelectionRequest): ManifestSource[] {
  if (request.kustomize && request.filenames?.length) throw new Failure('only one of -f or -k can be specified')
  if (request.kustomize) return [kustomizationSource(process, request.kustomize)]
  return manifestSources(process, request.filenames ?? [], request.isRecursive ?? false)
}

function hasSelector(request: SelectionRequest): boolean {
  return Boolean(request.selector || request.fieldSelector || request.isAll)
}

/** `deploy,svc web` means `deploy/web svc/web`. */
function asTuples(args: readonly string[]): string[] {
  const [types = '', ...names] = args
  const list = types.split(',')
  if (names.length === 0 || list.length === 1) return [...args]
  return list.flatMap(type => names.map(name => `${type}/${name}`))
}

function splitTuple(arg: string): [type: string, name: string] {
  const parts = arg.split('/')
  if (parts.length !== 2) throw new Failure('arguments in resource/name form may not have more than one slash')
  const [type = '', name = ''] = parts
  if (!type || !name || type.includes(',')) {
    throw new Failure('arguments in resource/name form must have a single resource and name')
  }
  return [type, name]
}

function referenceTo(invocation: Invocation, request: SelectionRequest, resource: Resource, name: string): Reference {
  if (resource.namespaced && request.isEveryNamespace) {
    throw new Failure('a resource cannot be retrieved by name across all namespaces')
  }
  return { resource, namespace: resource.namespaced ? invocation.namespace : undefined, name }
}

function unique(resources: readonly Resource[]): Resource[] {
  return [...new Set(resources)]
}
