import { Awaiting } from '../../../api/awaiting.ts'
import { CelError } from '../../../api/cel/values.ts'
import { ApiError } from '../../../api/error.ts'
import type { Webhook, WebhookConfiguration } from '../../../kinds/admission/webhook.ts'
import type { Kind } from '../../../kinds/kind.ts'
import type { Attempt } from '../admission.ts'
import { callWebhook, denial } from './call.ts'
import { matchesConditions, matchesLabels, matchesRules, type Operation } from './matching.ts'
import { type ReviewResponse, reviewOf } from './review.ts'

/** Objects that decide about webhooks are never shown to webhooks. */
export function isWatched(kind: Kind): boolean {
  return kind.group !== 'admissionregistration.k8s.io'
}

/** The operation that an attempt is. */
export function operationOf({ object, previous, connection }: Attempt): Operation {
  if (connection) return 'CONNECT'
  if (previous) return 'UPDATE'
  return object.metadata.resourceVersion ? 'DELETE' : 'CREATE'
}

/** Asks the webhooks of a kind of configuration, one after the other; `take` gets each answer that allows the attempt. */
export function askWebhooks(
  attempt: Attempt,
  configurations: Kind<WebhookConfiguration>,
  take: (response: ReviewResponse, webhook: Webhook) => void,
): void {
  const { kind, store, writer } = attempt
  const { storage } = store
  if (!writer.answers || storage.collection(configurations).size === 0) return
  const operation = operationOf(attempt)
  const all = Array.from(storage.collection(configurations).entries(), entry => entry.object as WebhookConfiguration)
  for (const configuration of all.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)))
    for (const webhook of configuration.webhooks ?? []) {
      if (!matchesRules(webhook.rules, kind, operation, attempt.connection)) continue
      const response = answerOf(attempt, operation, webhook, `${configurations.plural}/${configuration.metadata.name}`)
      if (!response) continue
      for (const text of response.warnings ?? []) writer.warn?.(text)
      if (!response.allowed) throw denial(webhook.name, response)
      take(response, webhook)
    }
}

/** What a webhook says; undefined where it is not asked or may be silent. */
function answerOf(
  attempt: Attempt,
  operation: Operation,
  webhook: Webhook,
  configuration: string,
): ReviewResponse | undefined {
  const { kind, object, previous, store, writer } = attempt
  if (!matchesLabels(webhook, kind, [object, previous], store)) return undefined
  // Objects get their names late; until then the beginning of the name stands for it.
  const { namespace = '', name, generateName } = object.metadata
  const key = [configuration, webhook.name, operation, kind.plural, namespace, generateName ?? name].join('|')
  const known = writer.answers!.get(key)
  if (!known) {
    const request = reviewOf(attempt, operation, store.uuid())
    const isMeant = matchesConditions(webhook.matchConditions, {
      object: request.object,
      oldObject: request.oldObject,
      request,
    })
    if (isMeant === false) return undefined
    if (isMeant instanceof CelError) return refuse(webhook, `failed to evaluate match conditions: ${isMeant.message}`)
    throw new Awaiting(done =>
      callWebhook(store, store.dial(), webhook, request, outcome => {
        writer.answers!.set(key, outcome)
        done()
      }),
    )
  }
  return 'failure' in known ? refuse(webhook, known.failure) : known.response
}

/** A webhook that cannot be asked stops the request, unless its policy says that it does not matter. */
function refuse({ failurePolicy }: Webhook, why: string): undefined {
  if (failurePolicy !== 'Ignore') throw ApiError.internal(why)
  return undefined
}
