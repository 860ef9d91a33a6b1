import { ApiError } from '../../../api/error.ts'
import type { Dial } from '../../../client.ts'
import type { Webhook } from '../../../kinds/admission/webhook.ts'
import { service as serviceKind } from '../../../kinds/service.ts'
import type { Store } from '../../store.ts'
import type { ReviewRequest, ReviewResponse } from './review.ts'

/** The answer of a webhook, or why there is none. */
export type Outcome = { readonly response: ReviewResponse } | { readonly failure: string }

// Simplified: a certificate is trusted when there is any caBundle to trust it by; webhooks outside the cluster are not
// reached.
/** Asks a webhook over the cluster's own network, as the API server does: by the address of its Service. */
export function callWebhook(
  store: Store,
  dial: Dial | undefined,
  { name, clientConfig, timeoutSeconds = 10 }: Webhook,
  request: ReviewRequest,
  receive: (outcome: Outcome) => void,
): void {
  const { url, service } = clientConfig
  const path = service?.path ?? '/'
  const address = service
    ? `https://${service.name}.${service.namespace}.svc:${service.port ?? 443}${path}`
    : (url ?? '')
  const post = `Post ${JSON.stringify(`${address}?timeout=${timeoutSeconds}s`)}`
  const fail = (why: string) =>
    receive({ failure: `failed calling webhook ${JSON.stringify(name)}: failed to call webhook: ${post}: ${why}` })
  if (!service || !dial) return fail('webhooks outside the cluster are not simulated here')
  const found = store.find(serviceKind, service.namespace, service.name) as { spec: { clusterIP?: string } } | undefined
  if (!found) return fail(`service ${JSON.stringify(service.name)} not found`)
  const { clusterIP = '' } = found.spec
  let isOver = false
  const timer = store.after(timeoutSeconds * 1000, () => {
    isOver = true
    fail('context deadline exceeded')
  })
  const body = JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request })
  const target = { address: clusterIP, port: service.port ?? 443, scheme: 'https' as const }
  const headers = { 'content-type': 'application/json', accept: 'application/json, */*' }
  const query = { timeout: `${timeoutSeconds}s` }
  dial(target, { method: 'POST', path, query, headers, body }, answer => {
    if (isOver) return
    timer.cancel()
    const told = typeof answer.body === 'string' ? answer.body : (answer.body as { message?: string }).message
    if (!clientConfig.caBundle && typeof answer.body === 'string')
      return fail('tls: failed to verify certificate: x509: certificate signed by unknown authority')
    if (typeof answer.body !== 'string') return fail((told ?? '').replace('error trying to reach service: ', ''))
    receive(readReview(answer.status, answer.body, name))
  })
}

function readReview(status: number, text: string, name: string): Outcome {
  const failed = (why: string) => ({ failure: `failed calling webhook ${JSON.stringify(name)}: ${why}` })
  if (status !== 200)
    return failed(
      `failed to call webhook: the server responded with the status code ${status} but did not return more information`,
    )
  try {
    const { response } = JSON.parse(text) as { response?: ReviewResponse }
    return response ? { response } : failed('webhook response was absent')
  } catch {
    return failed('failed to call webhook: invalid character in the answer')
  }
}

/** The refusal of a webhook: ToStatusErr of k8s.io/apiserver/pkg/admission/plugin/webhook/errors. */
export function denial(name: string, { status = {} }: ReviewResponse): ApiError {
  const why = `admission webhook ${JSON.stringify(name)} denied the request`
  const code = Math.max(status.code ?? 0, 400)
  const told = status.message || status.reason
  return new ApiError(code, status.reason, told ? `${why}: ${told}` : `${why} without explanation`)
}
