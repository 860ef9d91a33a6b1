import { ApiError } from '../../api/error.ts'
import { jsonPatch, type Operation } from '../../api/jsonPatch.ts'
import { mergePatch } from '../../api/mergePatch.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { schemaNameOf } from '../../api/schemaName.ts'
import { strategicMerge } from '../../api/strategicMerge.ts'
import type { Kind } from '../../kinds/kind.ts'

const accepted = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/apply-patch+yaml',
  'application/strategic-merge-patch+json',
]

/** Applies a patch of the type that the request names to a copy of an object. */
export function patched(current: KubernetesObject, patch: unknown, type: string, kind: Kind): unknown {
  switch (type) {
    case 'application/json-patch+json':
      if (!Array.isArray(patch)) throw unreadable(patch, 'jsonpatch.Patch')
      try {
        return jsonPatch(current, patch as readonly Operation[])
      } catch {
        // The server keeps the reason to itself: NewGenericServerResponse in k8s.io/apimachinery/pkg/api/errors.
        throw new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
      }
    case 'application/merge-patch+json':
      if (!isMap(patch)) throw unreadable(patch, 'map[string]interface {}')
      return mergePatch(current, patch)
    case 'application/strategic-merge-patch+json':
      if (kind.custom) throw unknownFormat(accepted.slice(0, -1))
      if (!isMap(patch)) throw unreadable(patch, 'map[string]interface {}')
      try {
        return strategicMerge(current, patch, kind.schema ?? schemaNameOf(kind))
      } catch (error) {
        throw new ApiError(500, undefined, error instanceof Error ? error.message : String(error))
      }
    default:
      throw unknownFormat(kind.custom ? accepted.slice(0, -1) : accepted)
  }
}

function unknownFormat(types: readonly string[]): ApiError {
  return ApiError.unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`,
  )
}

function unreadable(patch: unknown, type: string): ApiError {
  const kind = Array.isArray(patch) ? 'array' : typeof patch === 'boolean' ? 'bool' : typeof patch
  return ApiError.badRequest(`json: cannot unmarshal ${kind} into Go value of type ${type}`)
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
