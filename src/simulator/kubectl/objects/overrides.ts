import { jsonPatch, type Operation } from '../../cluster/api/jsonPatch.ts'
import { mergePatch } from '../../cluster/api/mergePatch.ts'
import { strategicMerge } from '../../cluster/api/strategicMerge.ts'
import { Failure } from '../failure.ts'
import { structOf } from '../patches/strategic.ts'
import type { AnyObject } from '../server/object.ts'

/** The object with what `--overrides` says, understood as `--override-type` says. */
export function overridden(object: AnyObject, overrides: string, type: string): AnyObject {
  if (overrides === '') return object
  const types = ['json', 'merge', 'strategic']
  if (!types.includes(type)) {
    throw new Failure(`invalid override type: ${type} must be one of [json merge strategic]`)
  }
  let patch: unknown
  try {
    patch = JSON.parse(overrides)
  } catch {
    throw new Failure('Invalid JSON Patch')
  }
  if (type === 'json') return jsonPatch(object, patch as Operation[]) as AnyObject
  const struct = structOf(object)
  if (type === 'strategic' && struct) return strategicMerge(object, patch, struct) as AnyObject
  return mergePatch(object, patch) as AnyObject
}
