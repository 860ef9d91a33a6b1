import { setWebhookDefaults, validateWebhooks, type WebhookConfiguration } from './admission/webhook.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Asks servers outside to change objects before they are written. */
export const mutatingWebhookConfiguration = defineKind<WebhookConfiguration>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  singular: 'mutatingwebhookconfiguration',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: [],
  hasGeneration: true,
  defaults: configuration => setWebhookDefaults(configuration, true),
  validate: validateWebhooks,
  columns: [
    nameColumn,
    { name: 'Webhooks', type: 'integer', value: ({ webhooks = [] }) => webhooks.length },
    ageColumn,
  ],
})
