import type { LabelSelector } from 'kubernetes-types/meta/v1'
import { type FieldError, invalid, notSupported, required } from '../../api/fieldError.ts'
import { checkDns1123Subdomain } from '../../api/names.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { type MatchCondition, validateConditions } from './expressions.ts'
import { type Rule, validateRules } from './resourceRules.ts'

/** A server that is asked before an object is written. */
export interface Webhook {
  name: string
  clientConfig: {
    url?: string
    service?: { namespace: string; name: string; path?: string; port?: number }
    caBundle?: string
  }
  rules?: Rule[]
  failurePolicy?: string
  matchPolicy?: string
  namespaceSelector?: LabelSelector
  objectSelector?: LabelSelector
  sideEffects?: string
  timeoutSeconds?: number
  admissionReviewVersions?: string[]
  reinvocationPolicy?: string
  matchConditions?: MatchCondition[]
}

export interface WebhookConfiguration extends KubernetesObject {
  webhooks?: Webhook[]
}

export function setWebhookDefaults({ webhooks = [] }: WebhookConfiguration, isMutating: boolean): void {
  for (const webhook of webhooks) {
    webhook.failurePolicy ??= 'Fail'
    webhook.matchPolicy ??= 'Equivalent'
    webhook.namespaceSelector ??= {}
    webhook.objectSelector ??= {}
    webhook.timeoutSeconds ??= 10
    if (isMutating) webhook.reinvocationPolicy ??= 'Never'
    if (webhook.clientConfig?.service) webhook.clientConfig.service.port ??= 443
    for (const rule of webhook.rules ?? []) rule.scope ??= '*'
  }
}

export function validateWebhooks({ webhooks = [] }: WebhookConfiguration): FieldError[] {
  const names = webhooks.map(({ name }) => name)
  return webhooks.flatMap((webhook, index) => {
    const path = `webhooks[${index}]`
    const errors = validateWebhook(webhook, path)
    if (names.indexOf(webhook.name) < index)
      errors.push({
        type: 'FieldValueDuplicate',
        field: `${path}.name`,
        body: `Duplicate value: ${JSON.stringify(webhook.name)}`,
      })
    return errors
  })
}

const reviewVersions = ['v1', 'v1beta1']

function validateWebhook(webhook: Webhook, path: string): FieldError[] {
  const errors: FieldError[] = []
  const { name = '', clientConfig = {}, sideEffects, timeoutSeconds = 10, admissionReviewVersions = [] } = webhook
  for (const text of checkDns1123Subdomain(name)) errors.push(invalid(`${path}.name`, name, text))
  if (name.split('.').length < 3)
    errors.push(invalid(`${path}.name`, name, 'should be a domain with at least three segments separated by dots'))
  if (admissionReviewVersions.length === 0)
    errors.push(required(`${path}.admissionReviewVersions`, `must specify one of ${reviewVersions.join(', ')}`))
  else if (!admissionReviewVersions.some(version => reviewVersions.includes(version))) {
    const text = `must include at least one of ${reviewVersions.join(', ')}`
    errors.push(invalid(`${path}.admissionReviewVersions`, admissionReviewVersions, text))
  }
  errors.push(...validateRules(webhook.rules ?? [], `${path}.rules`))
  errors.push(...validateChoice(webhook.failurePolicy, ['Fail', 'Ignore'], `${path}.failurePolicy`))
  errors.push(...validateChoice(webhook.matchPolicy, ['Equivalent', 'Exact'], `${path}.matchPolicy`))
  errors.push(...validateChoice(webhook.reinvocationPolicy, ['IfNeeded', 'Never'], `${path}.reinvocationPolicy`))
  if (!sideEffects) errors.push(required(`${path}.sideEffects`, 'must specify one of None, NoneOnDryRun'))
  else errors.push(...validateChoice(sideEffects, ['None', 'NoneOnDryRun'], `${path}.sideEffects`))
  if (timeoutSeconds < 1 || timeoutSeconds > 30) {
    const text = 'the timeout value must be between 1 and 30 seconds'
    errors.push(invalid(`${path}.timeoutSeconds`, timeoutSeconds, text))
  }
  if ((clientConfig.url === undefined) === (clientConfig.service === undefined))
    errors.push(required(`${path}.clientConfig`, 'exactly one of url or service is required'))
  errors.push(...validateService(clientConfig.service, `${path}.clientConfig.service`))
  return [...errors, ...validateConditions(webhook.matchConditions ?? [], `${path}.matchConditions`)]
}

function validateService(service: Webhook['clientConfig']['service'], path: string): FieldError[] {
  if (!service) return []
  const errors: FieldError[] = []
  if (!service.name) errors.push(required(`${path}.name`, 'service name is required'))
  if (!service.namespace) errors.push(required(`${path}.namespace`, 'service namespace is required'))
  const { port = 443 } = service
  if (port < 1 || port > 65535)
    errors.push(invalid(`${path}.port`, port, 'port is not valid: must be between 1 and 65535, inclusive'))
  if (service.path !== undefined && !service.path.startsWith('/'))
    errors.push(invalid(`${path}.path`, service.path, "must start with a '/'"))
  return errors
}

function validateChoice(value: string | undefined, words: readonly string[], path: string): FieldError[] {
  return value === undefined || words.includes(value) ? [] : [notSupported(path, value, words)]
}
