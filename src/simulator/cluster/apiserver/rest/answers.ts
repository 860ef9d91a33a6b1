import type { ApiResponse, DeleteOptions } from '../../client.ts'
import type { Asked } from './server.ts'

/** An answer with a JSON body. */
export function json(status: number, body: unknown): ApiResponse {
  return { status, headers: { 'content-type': 'application/json' }, body }
}

/** How a request wants something deleted: by its body, else by its query. */
export function deleteOptions({ body, query }: Asked): DeleteOptions {
  const given = (typeof body === 'object' && body !== null ? body : {}) as {
    gracePeriodSeconds?: number
    propagationPolicy?: DeleteOptions['propagationPolicy']
    preconditions?: { uid?: string }
    orphanDependents?: boolean
  }
  const grace =
    given.gracePeriodSeconds ?? (query['gracePeriodSeconds'] ? Number(query['gracePeriodSeconds']) : undefined)
  const policy =
    given.propagationPolicy ??
    (query['propagationPolicy'] as DeleteOptions['propagationPolicy']) ??
    (given.orphanDependents ? 'Orphan' : undefined)
  return {
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(policy === undefined ? {} : { propagationPolicy: policy }),
    ...(given.preconditions?.uid === undefined ? {} : { uid: given.preconditions.uid }),
  }
}
