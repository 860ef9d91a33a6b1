import { bytesOf, textOf } from '../../../machine/bytes.ts'
import type { HttpAnswer, HttpRequest } from '../../../machine/httpServer.ts'
import type { Operation } from '../../api/jsonPatch.ts'
import type { Pod } from '../../kinds/pod.ts'

/** Answers the API server about a pod that is to be created: with what shall be changed about it, if anything. */
export function answerReview(
  { body }: HttpRequest,
  patchOf: (pod: Pod, namespace: string) => readonly Operation[] | undefined,
): HttpAnswer {
  const request = readRequest(textOf(body))
  if (!request) return { status: 400, body: 'could not decode body\n' }
  const { uid, namespace, object } = request
  const patch = patchOf(object, namespace)
  const response = {
    uid,
    allowed: true,
    ...(patch && { patchType: 'JSONPatch', patch: btoa(String.fromCharCode(...bytesOf(JSON.stringify(patch)))) }),
  }
  const answer = { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', response }
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(answer) }
}

interface PodRequest {
  readonly uid: string
  readonly namespace: string
  readonly object: Pod
}

/** What is asked; undefined when it is no review of a pod. */
function readRequest(text: string): PodRequest | undefined {
  try {
    const { request } = JSON.parse(text) as { request?: PodRequest }
    return request?.object?.spec?.containers && request.object.metadata ? request : undefined
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error
    return undefined
  }
}
