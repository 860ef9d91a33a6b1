import { copyOf } from '../../cluster/api/copy.ts'
import { types } from '../../cluster/api/schema.generated.ts'
import { schemaNameOf } from '../../cluster/api/schemaName.ts'
import { threeWayPatch, twoWayPatch } from '../../cluster/api/strategicDiff.ts'
import type { AnyObject } from '../server/object.ts'
import { splitApiVersion } from '../server/resource.ts'
import { createMergePatch, createThreeWayMergePatch } from './mergePatch.ts'

/** A patch and how the server is to understand it. */
export interface Patch {
  readonly type: 'strategic' | 'merge'
  readonly patch: Record<string, unknown>
}

/** The patch from one state of an object to another: strategic for the kinds of the API itself. */
export function patchBetween(before: AnyObject, after: AnyObject): Patch {
  const struct = structOf(after)
  const [original, modified] = [copyOf(before), copyOf(after)]
  return struct
    ? { type: 'strategic', patch: twoWayPatch(original, modified, struct) }
    : { type: 'merge', patch: createMergePatch(original, modified) }
}

/** The patch that makes a live object what a manifest wants, and takes away what the last manifest had. */
export function applyPatch(lastApplied: unknown, wanted: AnyObject, live: AnyObject): Patch {
  const struct = structOf(wanted)
  return struct
    ? { type: 'strategic', patch: threeWayPatch(copyOf(lastApplied), copyOf(wanted), copyOf(live), struct) }
    : { type: 'merge', patch: createThreeWayMergePatch(lastApplied, wanted, live) }
}

/** The name of an object's type in the schema; undefined for kinds that came with the cluster's own extensions. */
export function structOf({
  apiVersion,
  kind,
}: {
  readonly apiVersion: string
  readonly kind: string
}): string | undefined {
  const name = schemaNameOf({ ...splitApiVersion(apiVersion), kind })
  return Object.hasOwn(types, name) ? name : undefined
}
