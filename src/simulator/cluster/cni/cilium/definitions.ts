import type { JsonSchema } from '../../api/jsonSchema/jsonSchema.ts'
import { ageColumn, type CustomResource, textColumn } from '../../manifest/customResource.ts'

// Simplified: the schemas say what the fields are that are used here, and let all others pass.
const open: JsonSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
const group = 'cilium.io'

/** The kinds that the operator registers when it starts. */
export const ciliumDefinitions: readonly CustomResource[] = [
  {
    group,
    kind: 'CiliumNode',
    plural: 'ciliumnodes',
    scope: 'Cluster',
    shortNames: ['cn', 'ciliumn'],
    categories: ['cilium'],
    versions: ['v2'],
    schema: {
      description: 'CiliumNode represents a node managed by Cilium.',
      type: 'object',
      required: ['metadata', 'spec'],
      properties: { spec: open, status: open },
    },
    columns: [
      textColumn('CiliumInternalIP', '.spec.addresses[?(@.type=="CiliumInternalIP")].ip'),
      textColumn('InternalIP', '.spec.addresses[?(@.type=="InternalIP")].ip'),
      ageColumn,
    ],
  },
  {
    group,
    kind: 'CiliumEndpoint',
    plural: 'ciliumendpoints',
    shortNames: ['cep', 'ciliumep'],
    categories: ['cilium'],
    versions: ['v2'],
    hasStatus: false,
    schema: {
      description: 'CiliumEndpoint is the status of a Cilium policy rule.',
      type: 'object',
      properties: { status: open },
    },
    columns: [
      { name: 'Security Identity', type: 'integer', jsonPath: '.status.identity.id' },
      textColumn('Ingress Enforcement', '.status.policy.ingress.state', 1),
      textColumn('Egress Enforcement', '.status.policy.egress.state', 1),
      textColumn('Endpoint State', '.status.state'),
      textColumn('IPv4', '.status.networking.addressing[0].ipv4'),
      textColumn('IPv6', '.status.networking.addressing[0].ipv6'),
    ],
  },
  {
    group,
    kind: 'CiliumIdentity',
    plural: 'ciliumidentities',
    scope: 'Cluster',
    shortNames: ['ciliumid'],
    categories: ['cilium'],
    versions: ['v2'],
    hasStatus: false,
    schema: {
      description: 'CiliumIdentity is a CRD that represents an identity managed by Cilium.',
      type: 'object',
      required: ['metadata', 'security-labels'],
      properties: {
        'security-labels': {
          description: 'SecurityLabels is the source-of-truth set of labels for this identity.',
          type: 'object',
          additionalProperties: { type: 'string' },
        },
      },
    },
    columns: [
      {
        name: 'Namespace',
        type: 'string',
        jsonPath: '.metadata.labels.io\\.kubernetes\\.pod\\.namespace',
      },
      ageColumn,
    ],
  },
]
