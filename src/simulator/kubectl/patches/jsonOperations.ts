import { jsonPatch, type Operation } from '../../cluster/api/jsonPatch.ts'
import { Failure } from '../failure.ts'
import type { AnyObject } from '../server/object.ts'

/**
 * Applies a JSON patch as kubectl itself does. Its evanphx/json-patch is older than the API server's: `replace` may add,
 * and the words are others.
 */
export function applyOperations(object: AnyObject, operations: readonly Operation[]): AnyObject {
  return operations.reduce(applyOne, object)
}

function applyOne(object: AnyObject, operation: Operation): AnyObject {
  const { op, path } = operation
  try {
    return jsonPatch(object, [operation]) as AnyObject
  } catch (error) {
    const { message } = error as Error
    if (message.includes('doc is missing key')) {
      if (op === 'replace') return applyOne(object, { ...operation, op: 'add' })
      if (op === 'test') throw new Failure(`testing value ${path} failed: test failed`)
    }
    const known = message.replace(/doc is missing path: "(.*)"/, 'doc is missing path: $1')
    if (!known.startsWith('Unable to')) throw new Failure(known)
    const reason = known.includes('nonexistent key') ? known.replace(/: [^:]*$/, ': missing value') : known
    throw new Failure(`error in ${op} for path: '${path}': ${reason}`)
  }
}
