import { mutatingWebhookConfiguration } from '../../kinds/mutatingWebhookConfiguration.ts'
import { validatingWebhookConfiguration } from '../../kinds/validatingWebhookConfiguration.ts'
import type { Attempt } from './admission.ts'
import { askWebhooks } from './webhooks/webhooks.ts'

/** Lets webhooks refuse a connection to a part of an object: `attach`, `exec`, `portforward`. */
export function admitConnection(attempt: Attempt): void {
  askWebhooks(attempt, mutatingWebhookConfiguration, () => {})
  askWebhooks(attempt, validatingWebhookConfiguration, () => {})
}
