import type { JsonSchema, ValidationRule } from '../../api/jsonSchema/jsonSchema.ts'
import { localReference, secretReference } from './references.ts'
import { conditions, groupName, hostName, keyed, kindName, list, number, object, text, word } from './schema.ts'

const sectionName = { pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$' }

const labelSelector: JsonSchema = {
  ...object('Namespaces by their labels, where `from` is Selector.', {
    matchExpressions: list(
      'What must hold for the labels.',
      object('One requirement.', {
        'key!': { description: 'The label.', type: 'string' },
        'operator!': { description: 'In, NotIn, Exists or DoesNotExist.', type: 'string' },
        values: list('The values to compare with.', { type: 'string' }, 64),
      }),
      64,
    ),
    matchLabels: {
      description: 'Labels with the values that they must have.',
      type: 'object',
      additionalProperties: { type: 'string' },
    },
  }),
  'x-kubernetes-map-type': 'atomic',
}

const routeKind = object('A kind of route.', {
  group: text('The group of the kind.', 253, { ...groupName, default: 'gateway.networking.k8s.io' }),
  'kind!': text('The kind.', 63, kindName),
})

const allowedRoutes: JsonSchema = {
  ...object('Which routes may attach themselves to the listener.', {
    kinds: list('Which kinds of routes; those that fit the protocol when it is left out.', routeKind, 8),
    namespaces: {
      ...object('From which namespaces.', {
        from: word('All namespaces, the same or some by label.', ['All', 'Selector', 'Same'], 'Same'),
        selector: labelSelector,
      }),
      default: { from: 'Same' },
    },
  }),
  default: { namespaces: { from: 'Same' } },
}

const listenerTls = object(
  'How the listener speaks TLS.',
  {
    certificateRefs: list('The certificates that the listener shows.', secretReference, 64),
    mode: word('Whether TLS ends here or is passed through.', ['Terminate', 'Passthrough'], 'Terminate'),
    options: {
      description: 'Settings of a controller.',
      type: 'object',
      additionalProperties: { type: 'string', maxLength: 4096 },
      maxProperties: 16,
    },
  },
  [
    {
      message: 'certificateRefs or options must be specified when mode is Terminate',
      rule: "self.mode == 'Terminate' ? size(self.certificateRefs) > 0 || size(self.options) > 0 : true",
    },
  ],
)

const listenerRules: readonly ValidationRule[] = [
  {
    message: "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']",
    rule: "self.all(l, l.protocol in ['HTTP', 'TCP', 'UDP'] ? !has(l.tls) : true)",
  },
  {
    message: 'tls mode must be Terminate for protocol HTTPS',
    rule: "self.all(l, (l.protocol == 'HTTPS' && has(l.tls)) ? (l.tls.mode == '' || l.tls.mode == 'Terminate') : true)",
  },
  {
    message: "hostname must not be specified for protocols ['TCP', 'UDP']",
    rule: "self.all(l, l.protocol in ['TCP', 'UDP'] ? (!has(l.hostname) || l.hostname == '') : true)",
  },
  {
    message: 'Listener name must be unique within the Gateway',
    rule: 'self.all(l1, self.exists_one(l2, l1.name == l2.name))',
  },
  {
    message: 'Combination of port, protocol and hostname must be unique for each listener',
    rule: 'self.all(l1, self.exists_one(l2, l1.port == l2.port && l1.protocol == l2.protocol && (has(l1.hostname) && has(l2.hostname) ? l1.hostname == l2.hostname : !has(l1.hostname) && !has(l2.hostname))))',
  },
]

const listener = object('One port on which the Gateway listens.', {
  allowedRoutes,
  hostname: text('Only requests for this host; all when it is left out.', 253, hostName),
  'name!': text('The name of the listener, for routes to refer to.', 253, sectionName),
  'port!': number('The port.', 1, 65535),
  'protocol!': text('What is spoken on the port: HTTP, HTTPS, TLS, TCP or UDP.', 255, {
    pattern:
      '^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\\/[A-Za-z0-9]+$',
  }),
  tls: listenerTls,
})

function address(description: string): JsonSchema {
  return object(description, {
    type: { ...text('IPAddress, Hostname or a type of a controller.', 253), default: 'IPAddress' },
    value: { description: 'The address itself.', type: 'string', maxLength: 253 },
  })
}

const stringMap = (description: string): JsonSchema => ({
  description,
  type: 'object',
  additionalProperties: { type: 'string', maxLength: 4096 },
  maxProperties: 8,
})

/** Where traffic comes into the cluster: addresses, ports and who may use them. */
export const gatewaySchema: JsonSchema = object('A point where traffic comes into the cluster.', {
  'spec!': object('What the Gateway shall be.', {
    addresses: list('Addresses that are asked for.', address('An address.'), 16),
    'gatewayClassName!': text('The class whose controller runs the Gateway.', 253),
    infrastructure: object('What is put on everything that is made for the Gateway.', {
      annotations: stringMap('Annotations.'),
      labels: stringMap('Labels.'),
      parametersRef: localReference('An object with settings for the controller.'),
    }),
    'listeners!': keyed('The ports on which the Gateway listens.', ['name'], listener, 64, {
      minItems: 1,
      'x-kubernetes-validations': listenerRules,
    }),
  }),
  status: {
    ...object('What the controller says of the Gateway.', {
      addresses: list('The addresses that the Gateway has.', address('An address.'), 16),
      conditions: conditions('Whether the Gateway is accepted and at work.', ['Accepted', 'Programmed']),
      listeners: keyed(
        'What is to be said of each listener.',
        ['name'],
        object('The state of a listener.', {
          'attachedRoutes!': { description: 'How many routes are attached.', type: 'integer', format: 'int32' },
          'conditions!': conditions('Whether the listener is accepted and at work.'),
          'name!': text('The name of the listener.', 253, sectionName),
          'supportedKinds!': list('Which kinds of routes it takes.', routeKind, 8),
        }),
        64,
      ),
    }),
    default: {
      conditions: ['Accepted', 'Programmed'].map(type => ({
        lastTransitionTime: '1970-01-01T00:00:00Z',
        message: 'Waiting for controller',
        reason: 'Pending',
        status: 'Unknown',
        type,
      })),
    },
  },
})
