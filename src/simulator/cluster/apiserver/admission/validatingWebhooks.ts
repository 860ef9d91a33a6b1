import { validatingWebhookConfiguration } from '../../kinds/validatingWebhookConfiguration.ts'
import type { Admission } from './admission.ts'
import { askWebhooks, isWatched } from './webhooks/webhooks.ts'

/** Lets servers outside refuse objects. */
export const validatingWebhooks: Admission = {
  name: 'ValidatingAdmissionWebhook',
  on: ['create', 'update', 'delete'],
  handles: isWatched,
  check: attempt => askWebhooks(attempt, validatingWebhookConfiguration, () => {}),
}
