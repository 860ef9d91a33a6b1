import { ApiError } from '../../api/error.ts'
import { jsonPatch, type Operation } from '../../api/jsonPatch.ts'
import { mergePatch } from '../../api/mergePatch.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { schemaNameOf } from '../../api/schemaName.ts'
import { strategicMerge } from '../../api/strategicMerge.ts'
import type { Kind } from '../../kinds/kind.ts'

/** Applies a patch of the type that the request names to a copy of an object. */
export function patched(current: KubernetesObject, patch: unknown, type: string, kind: Kind): unknown {
  switch (type) {
    case 'application/json-patch+json':
      try {
        return jsonPatch(current, patch as readonly Operation[])
      } catch (error) {
        throw new ApiError(422, 'Invalid', `the server rejected our request due to an error in our request`, {
          causes: [{ message: error instanceof Error ? error.message : String(error) }],
        })
      }
    case 'application/merge-patch+json':
      return mergePatch(current, patch)
    case 'application/strategic-merge-patch+json':
      try {
        return strategicMerge(current, patch, kind.schema ?? schemaNameOf(kind))
      } catch (error) {
        throw ApiError.badRequest(error instanceof Error ? error.message : String(error))
      }
    default:
      throw ApiError.unsupportedMediaType(
        `the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml`,
      )
  }
}
