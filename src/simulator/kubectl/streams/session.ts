import type { ApiStream } from '../../cluster/client.ts'
import { Failure, ServerFailure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import type { RequestOptions } from '../server/api.ts'

/** Opens a stream to a container; a container that is not there refuses the upgrade of the connection. */
export async function openSession(invocation: Invocation, path: string, options: RequestOptions): Promise<ApiStream> {
  try {
    const { stream } = await invocation.api.request('POST', path, options)
    if (!stream) throw new Failure(`unable to upgrade connection: no stream at ${path}`)
    return stream
  } catch (error) {
    // The upgrade of a connection tells the text alone.
    if (error instanceof ServerFailure && error.answer.reason === 'BadUpgrade') throw new Failure(error.message)
    throw error
  }
}
