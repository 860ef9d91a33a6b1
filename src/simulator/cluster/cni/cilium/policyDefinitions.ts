import type { JsonSchema } from '../../api/jsonSchema/jsonSchema.ts'
import { ageColumn, type CustomResource, textColumn } from '../../manifest/customResource.ts'

const open: JsonSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
const text: JsonSchema = { type: 'string' }

function list(items: JsonSchema): JsonSchema {
  return { type: 'array', items }
}

function object(properties: Readonly<Record<string, JsonSchema>>, required?: readonly string[]): JsonSchema {
  return { type: 'object', properties, ...(required && { required }) }
}

const selector = object({
  matchLabels: { type: 'object', additionalProperties: { type: 'string', maxLength: 63 } },
  matchExpressions: list(
    object(
      { key: text, operator: { type: 'string', enum: ['In', 'NotIn', 'Exists', 'DoesNotExist'] }, values: list(text) },
      ['key', 'operator'],
    ),
  ),
})
const block = object({ cidr: text, except: list(text), cidrGroupRef: text })
const port = object(
  {
    port: { type: 'string', maxLength: 63 },
    endPort: { type: 'integer', format: 'int32', minimum: 0, maximum: 65535 },
    protocol: { type: 'string', enum: ['TCP', 'UDP', 'SCTP', 'ICMP', 'ICMPv6', 'VRRP', 'IGMP', 'ANY'] },
  },
  ['port'],
)
const ports = list(
  object({
    ports: { ...list(port), maxItems: 40 },
    rules: open,
    listener: open,
    originatingTLS: open,
    serverNames: list(text),
    terminatingTLS: open,
  }),
)
const entity: JsonSchema = {
  type: 'string',
  enum: [
    'all',
    'world',
    'cluster',
    'host',
    'init',
    'ingress',
    'unmanaged',
    'remote-node',
    'health',
    'none',
    'kube-apiserver',
  ],
}

function peers(side: 'from' | 'to'): JsonSchema {
  const more: Record<string, JsonSchema> = side === 'to' ? { toFQDNs: list(open), toServices: list(open) } : {}
  return list(
    object({
      [`${side}Endpoints`]: list(selector),
      [`${side}Entities`]: list(entity),
      [`${side}CIDR`]: list(text),
      [`${side}CIDRSet`]: list(block),
      [`${side}Groups`]: list(open),
      [`${side}Nodes`]: list(selector),
      [`${side}Requires`]: list(selector),
      toPorts: ports,
      icmps: list(open),
      authentication: open,
      ...more,
    }),
  )
}

const rule = object({
  description: text,
  labels: list(open),
  endpointSelector: selector,
  nodeSelector: selector,
  ingress: peers('from'),
  ingressDeny: peers('from'),
  egress: peers('to'),
  egressDeny: peers('to'),
  enableDefaultDeny: object({ ingress: { type: 'boolean' }, egress: { type: 'boolean' } }),
})

const schema: JsonSchema = {
  type: 'object',
  required: ['metadata'],
  properties: { spec: rule, specs: list(rule), status: open },
}

const common = {
  group: 'cilium.io',
  categories: ['cilium', 'ciliumpolicy'],
  versions: ['v2'],
  schema,
  columns: [ageColumn, textColumn('Valid', ".status.conditions[?(@.type=='Valid')].status")],
}

/** Policies in Cilium's own words: for a namespace, and for the whole cluster. */
export const policyDefinitions: readonly CustomResource[] = [
  {
    ...common,
    kind: 'CiliumNetworkPolicy',
    plural: 'ciliumnetworkpolicies',
    shortNames: ['cnp', 'ciliumnp'],
  },
  {
    ...common,
    kind: 'CiliumClusterwideNetworkPolicy',
    plural: 'ciliumclusterwidenetworkpolicies',
    scope: 'Cluster',
    shortNames: ['ccnp'],
  },
]
