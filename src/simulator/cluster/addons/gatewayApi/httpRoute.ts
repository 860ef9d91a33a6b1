import type { JsonSchema, ValidationRule } from '../../api/jsonSchema/jsonSchema.ts'
import { backendReference, localReference, parentReference } from './references.ts'
import { routeStatus } from './routeStatus.ts'
import { hostName, keyed, list, number, object, preciseHostName, text, withRules, word } from './schema.ts'

const headerName = { pattern: "^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$" }
const duration: JsonSchema = { type: 'string', pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$' }

function header(description: string): JsonSchema {
  return object(description, {
    'name!': text('The name of the header.', 256, headerName),
    'value!': text('Its value.', 4096),
  })
}

const headerFilter = (description: string) =>
  object(description, {
    add: keyed('Headers to add to those that are there.', ['name'], header('A header.'), 16),
    remove: { ...list('Headers to take away.', { type: 'string' }, 16), 'x-kubernetes-list-type': 'set' },
    set: keyed('Headers to put in the place of those that are there.', ['name'], header('A header.'), 16),
  })

const pathModifier = object(
  'What becomes of the path.',
  {
    replaceFullPath: { description: 'The whole new path.', type: 'string', maxLength: 1024 },
    replacePrefixMatch: {
      description: 'What stands in the place of the matched prefix.',
      type: 'string',
      maxLength: 1024,
    },
    'type!': word('Which part is replaced.', ['ReplaceFullPath', 'ReplacePrefixMatch']),
  },
  [
    {
      message: "replaceFullPath must be specified when type is set to 'ReplaceFullPath'",
      rule: "self.type == 'ReplaceFullPath' ? has(self.replaceFullPath) : true",
    },
    {
      message: "replacePrefixMatch must be specified when type is set to 'ReplacePrefixMatch'",
      rule: "self.type == 'ReplacePrefixMatch' ? has(self.replacePrefixMatch) : true",
    },
  ],
)

const filterFields: Readonly<Record<string, JsonSchema>> = {
  extensionRef: localReference('A filter of the controller.'),
  requestHeaderModifier: headerFilter('What becomes of the headers of the request.'),
  requestMirror: object('Who gets a copy of the request.', {
    'backendRef!': backendReference('Where the copies go.'),
    fraction: object('Which part of the requests is copied.', {
      denominator: { description: 'Of how many.', type: 'integer', format: 'int32', minimum: 1, default: 100 },
      'numerator!': { description: 'How many.', type: 'integer', format: 'int32', minimum: 0 },
    }),
    percent: number('How many of a hundred requests are copied.', 0, 100),
  }),
  requestRedirect: object('Where the client is sent instead.', {
    hostname: text('The host to go to.', 253, preciseHostName),
    path: pathModifier,
    port: number('The port to go to.', 1, 65535),
    scheme: word('The scheme to use.', ['http', 'https']),
    statusCode: { description: 'The code of the answer.', type: 'integer', enum: [301, 302], default: 302 },
  }),
  responseHeaderModifier: headerFilter('What becomes of the headers of the answer.'),
  urlRewrite: object('What becomes of the URL on the way.', {
    hostname: text('The new host.', 253, preciseHostName),
    path: pathModifier,
  }),
}

function typeOf(field: string): string {
  return field === 'urlRewrite' ? 'URLRewrite' : `${field[0]!.toUpperCase()}${field.slice(1)}`
}

/** Exactly the part that the type names must be there. */
const filterRules: readonly ValidationRule[] = Object.keys(filterFields).flatMap(field => [
  {
    message: `filter.${field} must be nil if the filter.type is not ${typeOf(field)}`,
    rule: `!(has(self.${field}) && self.type != '${typeOf(field)}')`,
  },
  {
    message: `filter.${field} must be specified for ${typeOf(field)} filter.type`,
    rule: `!(!has(self.${field}) && self.type == '${typeOf(field)}')`,
  },
])

const filters: JsonSchema = {
  ...list(
    'What is done to requests on the way, in this order.',
    object(
      'One thing that is done.',
      { ...filterFields, 'type!': word('What is done.', Object.keys(filterFields).map(typeOf)) },
      filterRules,
    ),
    16,
  ),
  ...withRules([
    {
      message: 'May specify either httpRouteFilterRequestRedirect or httpRouteFilterRequestRewrite, but not both',
      rule: "!(self.exists(f, f.type == 'RequestRedirect') && self.exists(f, f.type == 'URLRewrite'))",
    },
    ...['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite'].map(type => ({
      message: `${type} filter cannot be repeated`,
      rule: `self.filter(f, f.type == '${type}').size() <= 1`,
    })),
  ]),
}

const path: JsonSchema = {
  ...object(
    'Which paths.',
    {
      type: word('How the path is compared.', ['Exact', 'PathPrefix', 'RegularExpression'], 'PathPrefix'),
      value: { description: 'The path to compare with.', type: 'string', maxLength: 1024, default: '/' },
    },
    [
      {
        message: "value must be an absolute path and start with '/' when type one of ['Exact', 'PathPrefix']",
        rule: "(self.type in ['Exact', 'PathPrefix']) ? self.value.startsWith('/') : true",
      },
      {
        message: "must not contain '//' when type one of ['Exact', 'PathPrefix']",
        rule: "(self.type in ['Exact', 'PathPrefix']) ? !self.value.contains('//') : true",
      },
      {
        message:
          "must only contain valid characters (matching ^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$) for types ['Exact', 'PathPrefix']",
        rule: `(self.type in ['Exact', 'PathPrefix']) ? self.value.matches(r"""^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$""") : true`,
      },
    ],
  ),
  default: { type: 'PathPrefix', value: '/' },
}

function comparison(what: string, most: number): JsonSchema {
  return object(`Which ${what}.`, {
    'name!': text('The name.', 256, headerName),
    type: word('How the value is compared.', ['Exact', 'RegularExpression'], 'Exact'),
    'value!': text('The value to compare with.', most),
  })
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']
const everything = [{ path: { type: 'PathPrefix', value: '/' } }]

const matches: JsonSchema = list(
  'Which requests the rule is for: those that fit one of these.',
  object('What must fit, all of it.', {
    headers: keyed('Headers that the request must have.', ['name'], comparison('header', 4096), 16),
    method: word('The method of the request.', methods),
    path,
    queryParams: keyed('Parameters that the URL must have.', ['name'], comparison('parameter', 1024), 16),
  }),
  64,
  { default: everything },
)

const rule = object(
  'Which requests go where.',
  {
    backendRefs: list(
      'Who answers the requests, each a share by its weight.',
      backendReference('A backend and its share of the requests.', {
        filters,
        weight: number('The share, compared with the other weights.', 0, 1_000_000, 1),
      }),
      16,
    ),
    filters,
    matches,
    name: text('The name of the rule.', 253),
    timeouts: object(
      'How long is waited.',
      {
        backendRequest: { description: 'For one request to a backend.', ...duration },
        request: { description: 'For the whole answer.', ...duration },
      },
      [
        {
          message: 'backendRequest timeout cannot be longer than request timeout',
          rule: "!(has(self.request) && has(self.backendRequest) && duration(self.request) != duration('0s') && duration(self.backendRequest) > duration(self.request))",
        },
      ],
    ),
  },
  [
    {
      message: 'RequestRedirect filter must not be used together with backendRefs',
      rule: '(has(self.backendRefs) && size(self.backendRefs) > 0) ? (!has(self.filters) || self.filters.all(f, !has(f.requestRedirect))) : true',
    },
  ],
)

/** Which HTTP requests of a Gateway go to which Services. */
export const httpRouteSchema: JsonSchema = object('How HTTP requests find their way from a Gateway to Services.', {
  'spec!': object('What the route shall be.', {
    hostnames: list('For which hosts the route is.', text('A host.', 253, hostName), 16),
    parentRefs: list('The Gateways that the route is attached to.', parentReference, 32),
    rules: list('Which requests go where.', rule, 16, { default: [{ matches: everything }] }),
  }),
  status: routeStatus,
})
