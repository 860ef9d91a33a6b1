import { formatJsonLine } from '../../cluster/api/goJson.ts'
import type { Operation } from '../../cluster/api/jsonPatch.ts'
import { Failure } from '../failure.ts'
import { formatYaml } from '../output/yaml.ts'
import { applyOperations } from '../patches/jsonOperations.ts'
import type { AnyObject } from '../server/object.ts'
import { parseYaml } from '../yaml/parser.ts'
import { resourcesIn } from './documents.ts'
import type { Folder } from './folder.ts'
import type { Patch, Selector } from './kustomization.ts'
import type { Resource } from './resource.ts'
import { formatId, idOf } from './resourceId.ts'
import type { ResourceSet } from './resourceSet.ts'
import { select } from './selectors.ts'
import { strategicPatch } from './strategicPatch.ts'

/** Does something to the resources of a build. */
export type Transformer = (resources: ResourceSet) => void

/** What `patches` says: each is a strategic merge patch or a JSON patch. */
export function patchTransformer(folder: Folder, patch: Patch): Transformer {
  const config = formatYaml({
    patch: patch.patch?.trim() || undefined,
    path: patch.path || undefined,
    target: patch.target,
    options: patch.options,
  })
  const fail = (problem: string) =>
    new Failure(`trouble configuring builtin PatchTransformer with config: \`\n${config}\`: ${problem}`)
  const inline = patch.patch?.trim() ?? ''
  const path = patch.path ?? ''
  if (inline === '' && path === '') throw fail(`must specify one of patch and path in\n${config}`)
  if (inline !== '' && path !== '') throw fail(`patch and path can't be set at the same time\n${config}`)
  const source = path ? `[path: ${JSON.stringify(path)}]` : `[patch: ${JSON.stringify(inline)}]`
  let text = inline
  if (path) {
    try {
      text = folder.read(path)
    } catch (error) {
      throw fail(`failed to get the patch file from path(${path}): ${(error as Error).message}`)
    }
  }
  const objects = patchObjects(text)
  if (objects && (path || objects.length > 0)) return strategic(objects, patch)
  const operations = operationsIn(text)
  if (!operations) throw fail(`unable to parse SM or JSON patch from ${source}`)
  const { target } = patch
  return resources => {
    if (!target) throw new Failure(`must specify a target for JSON patch ${source}`)
    for (const resource of select(resources, target)) patchWithOperations(resource, operations)
  }
}

/** What `patchesStrategicMerge` says: paths, or patches themselves. */
export function mergeTransformer(folder: Folder, patches: readonly string[]): Transformer {
  const objects = patches.flatMap(patch => patchObjects(patch) ?? readPatchFile(folder, patch, patches))
  return resources => {
    for (const object of objects) applyPatch(resources, resources.target(idOf(object)), object, {})
  }
}

/** What `patchesJson6902` says. */
export function jsonTransformer(folder: Folder, patch: Patch): Transformer {
  const config = formatYaml({ jsonOp: patch.patch || undefined, path: patch.path || undefined, target: patch.target })
  const fail = (problem: string) =>
    new Failure(`trouble configuring builtin PatchJson6902Transformer with config: \`\n${config}\`: ${problem}`)
  const { target } = patch
  if (!target?.name) throw fail('must specify the target name')
  if (!patch.path && !patch.patch) throw fail('must specify a json patch file path or a json op')
  if (patch.path && patch.patch) throw fail('must specify only one of path and jsonOp')
  const text = patch.path ? folder.read(patch.path) : patch.patch!
  const operations = operationsIn(text)
  if (!operations) {
    const json = formatJsonLine(parseYaml(text))
    throw fail(`decoding ${json}: json: cannot unmarshal object into Go value of type jsonpatch.Patch`)
  }
  return resources => {
    for (const resource of select(resources, target)) patchWithOperations(resource, operations)
  }
}

function strategic(objects: readonly AnyObject[], { target, options = {} }: Patch): Transformer {
  return resources => {
    for (const object of objects) {
      if (target) patchSelected(resources, target, object, options)
      else applyPatch(resources, targetOf(resources, object), object, options)
    }
  }
}

function targetOf(resources: ResourceSet, object: AnyObject): Resource {
  const id = idOf(object)
  try {
    return resources.target(id)
  } catch (error) {
    throw new Failure(
      `no resource matches strategic merge patch ${JSON.stringify(formatId(id))}: ${(error as Error).message}`,
    )
  }
}

function patchSelected(
  resources: ResourceSet,
  target: Selector,
  object: AnyObject,
  options: NonNullable<Patch['options']>,
): void {
  for (const resource of select(resources, target)) {
    applyPatch(resources, resource, { ...object, apiVersion: resource.object.apiVersion }, options)
  }
}

/** Merges a patch into a resource; name, namespace and kind stay, unless the patch may change them. */
function applyPatch(
  resources: ResourceSet,
  resource: Resource,
  patch: AnyObject,
  options: NonNullable<Patch['options']>,
): void {
  const { name, namespace, kind } = resource.id
  const { allowNameChange, allowKindChange } = options
  if (allowNameChange || allowKindChange) resource.rememberId()
  const object = strategicPatch(resource.object, patch)
  if (!object) return resources.remove(resource)
  resource.object = object
  object.metadata ??= {}
  if (!allowKindChange) object.kind = kind
  if (!allowNameChange) resource.rename(name)
  if (namespace) object.metadata['namespace'] = namespace
  else delete object.metadata['namespace']
}

/** A JSON patch always finds a map of annotations: kustomize keeps its own notes there. */
function patchWithOperations(resource: Resource, operations: readonly Operation[]): void {
  resource.rememberId()
  resource.object.metadata.annotations ??= {}
  resource.object = applyOperations(resource.object, operations)
  const { metadata } = resource.object
  if (metadata?.annotations && Object.keys(metadata.annotations).length === 0) delete metadata['annotations']
}

function patchObjects(text: string): AnyObject[] | undefined {
  try {
    return resourcesIn(text)
  } catch {
    return undefined
  }
}

function readPatchFile(folder: Folder, path: string, paths: readonly string[]): AnyObject[] {
  try {
    return resourcesIn(folder.read(path), path)
  } catch (error) {
    throw new Failure(
      `trouble configuring builtin PatchStrategicMergeTransformer with config: \`\n${formatYaml({ paths })}\`: ${(error as Error).message}`,
    )
  }
}

function operationsIn(text: string): Operation[] | undefined {
  try {
    const value = text.startsWith('[') ? JSON.parse(text) : parseYaml(text)
    const isList = Array.isArray(value) && value.every(each => typeof each === 'object' && each !== null)
    return isList && value.length > 0 ? (value as Operation[]) : undefined
  } catch {
    return undefined
  }
}
