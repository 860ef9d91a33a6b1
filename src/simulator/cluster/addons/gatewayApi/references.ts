import type { JsonSchema, ValidationRule } from '../../api/jsonSchema/jsonSchema.ts'
import { groupName, kindName, labelName, number, object, text } from './schema.ts'

const namespace = text('The namespace of the object; the own one when it is left out.', 63, labelName)

/** Where a route is attached: a Gateway, or one of its listeners. */
export const parentReference: JsonSchema = object('A Gateway or a Service that the route is attached to.', {
  group: text('The group of the parent.', 253, { ...groupName, default: 'gateway.networking.k8s.io' }),
  kind: text('The kind of the parent.', 63, { ...kindName, default: 'Gateway' }),
  'name!': text('The name of the parent.', 253),
  namespace,
  port: number('The port of the listener, where only one is meant.', 1, 65535),
  sectionName: text('The name of the listener, where only one is meant.', 253, {
    pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
  }),
})

const needsPort: ValidationRule = {
  message: 'Must have port for Service reference',
  rule: "(size(self.group) == 0 && self.kind == 'Service') ? has(self.port) : true",
}

/** Who answers the requests: usually a Service and its port. */
export function backendReference(description: string, more: Readonly<Record<string, JsonSchema>> = {}): JsonSchema {
  return object(
    description,
    {
      group: text('The group of the backend; empty for the core group.', 253, { ...groupName, default: '' }),
      kind: text('The kind of the backend.', 63, { ...kindName, default: 'Service' }),
      'name!': text('The name of the backend.', 253),
      namespace,
      port: number('The port of the Service, not that of its pods.', 1, 65535),
      ...more,
    },
    [needsPort],
  )
}

/** Another object that holds something secret: a certificate with its key. */
export const secretReference: JsonSchema = object('A Secret that holds a certificate and its key.', {
  group: text('The group of the object; empty for the core group.', 253, { ...groupName, default: '' }),
  kind: text('The kind of the object.', 63, { ...kindName, default: 'Secret' }),
  'name!': text('The name of the object.', 253),
  namespace,
})

/** An object in the same namespace that says more. */
export function localReference(description: string): JsonSchema {
  return object(description, {
    'group!': text('The group of the object; empty for the core group.', 253, groupName),
    'kind!': text('The kind of the object.', 63, kindName),
    'name!': text('The name of the object.', 253),
  })
}
