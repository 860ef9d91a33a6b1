import type { JsonSchema, ValidationRule } from '../../api/jsonSchema/jsonSchema.ts'

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const host = `${label}(\\.${label})*`

/** A text of a certain length and look. */
export function text(description: string, most: number, more: JsonSchema = {}): JsonSchema {
  return { description, type: 'string', minLength: 1, maxLength: most, ...more }
}

/** One of a few words. */
export function word(description: string, words: readonly string[], usual?: string): JsonSchema {
  return { description, type: 'string', enum: words, ...(usual !== undefined && { default: usual }) }
}

/** A whole number between two others. */
export function number(description: string, minimum: number, maximum: number, usual?: number): JsonSchema {
  return {
    description,
    type: 'integer',
    format: 'int32',
    minimum,
    maximum,
    ...(usual !== undefined && { default: usual }),
  }
}

/** An object with fields; those whose name ends in `!` are required. */
export function object(
  description: string,
  fields: Readonly<Record<string, JsonSchema>>,
  rules: readonly ValidationRule[] = [],
): JsonSchema {
  const required = Object.keys(fields).filter(name => name.endsWith('!'))
  return {
    description,
    type: 'object',
    properties: Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name.replace('!', ''), schema])),
    ...(required.length > 0 && { required: required.map(name => name.slice(0, -1)) }),
    ...withRules(rules),
  }
}

/** A list that is a whole. */
export function list(description: string, items: JsonSchema, maxItems: number, more: JsonSchema = {}): JsonSchema {
  return { description, type: 'array', items, maxItems, 'x-kubernetes-list-type': 'atomic', ...more }
}

/** A list whose items have keys. */
export function keyed(
  description: string,
  keys: readonly string[],
  items: JsonSchema,
  maxItems: number,
  more: JsonSchema = {},
): JsonSchema {
  const merging = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys }
  return { description, type: 'array', items, maxItems, ...merging, ...more }
}

export function withRules(rules: readonly ValidationRule[]): JsonSchema {
  return rules.length > 0 ? { 'x-kubernetes-validations': rules } : {}
}

export const groupName = { pattern: `^$|^${host}$`, minLength: 0 }
export const kindName = { pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$' }
export const labelName = { pattern: `^${label}$` }
export const hostName = { pattern: `^(\\*\\.)?${host}$` }
export const preciseHostName = { pattern: `^${host}$` }

/** Which controller a class or a status belongs to: a path under a domain. */
export function controllerName(description: string): JsonSchema {
  return text(description, 253, { pattern: `^${host}\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$` })
}

/** How far something has come, as all objects of the Gateway API tell it. */
export function conditions(description: string, pending: readonly string[] = []): JsonSchema {
  const usual = pending.map(type => ({
    lastTransitionTime: '1970-01-01T00:00:00Z',
    message: 'Waiting for controller',
    reason: 'Pending',
    status: 'Unknown',
    type,
  }))
  const item = object('One aspect of the current state.', {
    'lastTransitionTime!': { description: 'When the status last changed.', type: 'string', format: 'date-time' },
    'message!': { description: 'What happened, for people.', type: 'string', maxLength: 32768 },
    observedGeneration: {
      description: 'The generation of the object that the condition was made for.',
      type: 'integer',
      format: 'int64',
      minimum: 0,
    },
    'reason!': text('Why the status is as it is, in one word.', 1024, {
      pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    }),
    'status!': word('Whether the condition holds.', ['True', 'False', 'Unknown']),
    'type!': text('What the condition is about.', 316, {
      pattern: `^(${host}/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$`,
    }),
  })
  return keyed(description, ['type'], item, 8, usual.length > 0 ? { default: usual } : {})
}
