import { copyOf } from '../../cluster/api/copy.ts'
import { Failure } from '../failure.ts'
import { parseYaml } from '../yaml/parser.ts'
import type { Folder } from './folder.ts'
import type { Replacement, ReplacementOptions, ReplacementTarget, Selector } from './kustomization.ts'
import type { Transformer } from './patching.ts'
import type { Resource } from './resource.ts'
import { formatId, type ResourceId } from './resourceId.ts'
import { select } from './selectors.ts'

/** `replacements`: copies values from one resource into others. */
export function replacementTransformer(folder: Folder, given: readonly Replacement[]): Transformer {
  const replacements = given.flatMap(each => (each.path ? readFile(folder, each.path) : [each]))
  return resources => {
    for (const { source, sourceValue, targets } of replacements) {
      if ((!source && sourceValue === undefined) || !targets)
        throw new Failure('replacements must specify a source and at least one target')
      if (source && sourceValue !== undefined)
        throw new Failure('value and resource selectors are mutually exclusive in replacement')
      const value = source ? sourceValueIn([...resources], source) : sourceValue
      for (const target of targets) replace([...resources], target, value)
    }
  }
}

function readFile(folder: Folder, path: string): Replacement[] {
  const value = parseYaml(folder.read(path))
  if (Array.isArray(value)) return value as Replacement[]
  if (typeof value === 'object' && value !== null) return [value as Replacement]
  throw new Failure(`unsupported replacement type encountered within replacement path: ${typeof value}`)
}

function sourceValueIn(resources: readonly Resource[], source: NonNullable<Replacement['source']>): unknown {
  const found = resources.filter(({ ids }) => ids.some(id => isExactly(id, source)))
  const shown = describe(source)
  if (found.length > 1) throw new Failure(`multiple matches for selector ${shown}`)
  const [resource] = found
  if (!resource) throw new Failure(`nothing selected by ${shown}`)
  const path = source.fieldPath || 'metadata.name'
  const value = lookUp(resource.object, partsOf(path))[0]?.value
  if (value === undefined || value === null) {
    throw new Failure(`fieldPath \`${path}\` is missing for replacement source ${shown}`)
  }
  return cut(value, source.options)
}

/** The part of a text that options ask for. */
function cut(value: unknown, options: ReplacementOptions | undefined): unknown {
  const { delimiter = '', index = 0 } = options ?? {}
  if (delimiter === '') return value
  if (typeof value === 'object') throw new Failure('delimiter option can only be used with scalar nodes')
  const parts = String(value).split(delimiter)
  if (index < 0 || index >= parts.length)
    throw new Failure(`options.index ${index} is out of bounds for value ${value}`)
  return parts[index]
}

function replace(resources: readonly Resource[], target: ReplacementTarget, value: unknown): void {
  const { select: wanted, reject = [], options } = target
  if (!wanted) throw new Failure('target must specify resources to select')
  const paths = target.fieldPaths?.length ? target.fieldPaths : ['metadata.name']
  const refused = reject.flatMap(selector => select(resources, selector))
  for (const resource of select(resources, wanted)) {
    if (refused.includes(resource)) continue
    for (const path of paths) {
      const places = lookUp(resource.object, partsOf(path), options?.create ? value : undefined)
      if (places.length === 0) {
        throw new Failure(`unable to find field ${JSON.stringify(path)} in replacement target`)
      }
      if (path === 'metadata.name' || path === 'metadata.namespace') resource.rememberId()
      for (const place of places) place.set(put(place.value, value, options))
    }
  }
}

/** The new value of a field: with a delimiter only one part of the old one changes. Scalars keep their type. */
function put(old: unknown, value: unknown, options: ReplacementOptions | undefined): unknown {
  const { delimiter = '', index = 0 } = options ?? {}
  if (delimiter !== '') {
    if (typeof old === 'object') throw new Failure('delimiter option can only be used with scalar nodes')
    const parts = String(old).split(delimiter)
    if (index < 0) parts.unshift(String(value))
    else if (index >= parts.length) parts.push(String(value))
    else parts[index] = String(value)
    return parts.join(delimiter)
  }
  if (typeof value === 'object' || typeof old === 'object') return copyOf(value)
  if (typeof old === 'string') return String(value)
  if (typeof old === 'number' && typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value)
  return value
}

interface Found {
  readonly value: unknown
  set(value: unknown): void
}

/** Every place that a path leads to: `*` is each item, `[name=web]` those with a value, a number one of them. */
function lookUp(root: unknown, parts: readonly string[], made?: unknown): Found[] {
  let places: Found[] = [{ value: root, set: () => undefined }]
  for (const [i, part] of parts.entries()) {
    const next = parts[i + 1]
    const fresh = made === undefined ? undefined : next === undefined ? made : isListPart(next) ? [] : {}
    places = places.flatMap(place => step(place.value, part, fresh))
  }
  return places
}

function isListPart(part: string): boolean {
  return part === '*' || part === '-' || /^\[.*\]$|^\d+$/.test(part)
}

function step(node: unknown, part: string, fresh: unknown): Found[] {
  const at = (key: string | number): Found => ({
    value: (node as Record<string | number, unknown>)[key],
    set: value => ((node as Record<string | number, unknown>)[key] = value),
  })
  if (Array.isArray(node)) {
    if (part === '*') return node.map((_, i) => at(i))
    if (part === '-') return node.length > 0 ? [at(node.length - 1)] : []
    if (/^\d+$/.test(part)) return Number(part) < node.length ? [at(Number(part))] : []
    const [, key = '', value] = /^\[([^=]*)=(.*)\]$/.exec(part) ?? []
    if (value === undefined) throw new Failure(`wrong Node Kind for expected: MappingNode was SequenceNode`)
    const isMeant = (item: unknown) => String(key ? (item as Record<string, unknown> | null)?.[key] : item) === value
    const found = node.flatMap((item, i) => (isMeant(item) ? [at(i)] : []))
    if (found.length > 0 || fresh === undefined) return found
    node.push(key ? { [key]: value } : value)
    return [at(node.length - 1)]
  }
  if (typeof node !== 'object' || node === null) return []
  const map = node as Record<string, unknown>
  if (part === '*') return Object.keys(map).map(at)
  if (map[part] === undefined) {
    if (fresh === undefined) return []
    map[part] = typeof fresh === 'object' ? copyOf(fresh) : fresh
  }
  return [at(part)]
}

/** The names of a path: dots inside brackets and after a backslash belong to a name. */
function partsOf(path: string): string[] {
  return (path.match(/\[[^\]]*\]|(?:\\.|[^.\\[])+/g) ?? []).map(part => part.replaceAll('\\.', '.'))
}

function isExactly(id: ResourceId, { group, version, kind, name, namespace }: Selector): boolean {
  return (
    (!group || group === id.group) &&
    (!version || version === id.version) &&
    (!kind || kind === id.kind) &&
    (!name || name === id.name) &&
    (!namespace || namespace === id.namespace)
  )
}

function describe(source: NonNullable<Replacement['source']>): string {
  const { group = '', version = '', kind = '', name = '', namespace = '' } = source
  return formatId({ group, version, kind, name, namespace })
}
