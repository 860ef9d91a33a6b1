import { cascade } from './changing.ts'
import { boolean, duration, integer } from './flag.ts'

/** How objects go, for the verbs that may delete. */
export const deletionFlags = {
  cascade,
  force: boolean(
    'If true, immediately remove resources from API and bypass graceful deletion. Note that immediate deletion of some resources may result in inconsistency or data loss and requires confirmation.',
  ),
  'grace-period': integer(
    'Period of time in seconds given to the resource to terminate gracefully. Ignored if negative. Set to 1 for immediate shutdown. Can only be set to 0 when --force is true (force deletion).',
    -1,
  ),
  timeout: duration(
    'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object',
    0,
    '0s',
  ),
}

/** `--wait` of verbs that delete only on the way. */
export const waitForDeletion = boolean(
  'If true, wait for resources to be gone before returning. This waits for finalizers.',
)
