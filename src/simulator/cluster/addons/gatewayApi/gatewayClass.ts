import type { JsonSchema } from '../../api/jsonSchema/jsonSchema.ts'
import { conditions, controllerName, groupName, keyed, kindName, labelName, object, text, withRules } from './schema.ts'

const waiting = [
  {
    lastTransitionTime: '1970-01-01T00:00:00Z',
    message: 'Waiting for controller',
    reason: 'Pending',
    status: 'Unknown',
    type: 'Accepted',
  },
]

/** Which kind of load balancer stands behind Gateways, and whose controller runs it. */
export const gatewayClassSchema: JsonSchema = object('A class of Gateways that one controller looks after.', {
  'spec!': object('What the class shall be.', {
    'controllerName!': {
      ...controllerName('Who looks after the Gateways of this class.'),
      ...withRules([{ message: 'Value is immutable', rule: 'self == oldSelf' }]),
    },
    description: { description: 'The class in a few words.', type: 'string', maxLength: 64 },
    parametersRef: object('An object with settings for the controller.', {
      'group!': text('The group of the object; empty for the core group.', 253, groupName),
      'kind!': text('The kind of the object.', 63, kindName),
      'name!': text('The name of the object.', 253),
      namespace: text('The namespace of the object, where it has one.', 63, labelName),
    }),
  }),
  status: {
    ...object('What the controller says of the class.', {
      conditions: conditions('Whether the controller has accepted the class.', ['Accepted']),
      supportedFeatures: keyed(
        'What the controller can do beyond the core.',
        ['name'],
        object('A feature.', { 'name!': { description: 'Its name.', type: 'string' } }),
        64,
      ),
    }),
    default: { conditions: waiting },
  },
})
