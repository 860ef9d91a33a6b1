import type { JsonSchema } from '../../api/jsonSchema/jsonSchema.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { ageColumn, type CustomResource, textColumn } from '../../manifest/customResource.ts'

/** Addresses that may be given to Services. */
export interface IpAddressPool extends KubernetesObject {
  readonly spec?: {
    /** `192.168.64.240/28` or `192.168.64.240-192.168.64.250`. */
    readonly addresses?: readonly string[]
    readonly autoAssign?: boolean
    readonly avoidBuggyIPs?: boolean
  }
}

/** Which pools are announced by ARP, and from which nodes. */
export interface L2Advertisement extends KubernetesObject {
  readonly spec?: {
    readonly ipAddressPools?: readonly string[]
    readonly ipAddressPoolSelectors?: readonly Selector[]
    readonly nodeSelectors?: readonly Selector[]
    readonly interfaces?: readonly string[]
  }
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>
}

const texts = (description: string): JsonSchema => ({ description, type: 'array', items: { type: 'string' } })

const selectors = (description: string): JsonSchema => ({
  description,
  type: 'array',
  items: {
    type: 'object',
    properties: {
      matchLabels: { type: 'object', additionalProperties: { type: 'string' } },
      matchExpressions: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            key: { type: 'string' },
            operator: { type: 'string' },
            values: texts('Values to compare with.'),
          },
          required: ['key', 'operator'],
        },
      },
    },
  },
})

function schemaOf(
  description: string,
  required: readonly string[],
  properties: Record<string, JsonSchema>,
): JsonSchema {
  return {
    description,
    type: 'object',
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec: { type: 'object', properties, ...(required.length > 0 && { required: [...required] }) },
      status: { type: 'object' },
    },
    ...(required.length > 0 && { required: ['spec'] }),
  }
}

// Simplified: only layer 2 is there; the kinds for BGP, and the statuses that speakers write, are left out.
/** The kinds that MetalLB is set up with. */
export const metalLbKinds: readonly CustomResource[] = [
  {
    group: 'metallb.io',
    kind: 'IPAddressPool',
    plural: 'ipaddresspools',
    versions: ['v1beta1'],
    columns: [
      { name: 'Auto Assign', type: 'boolean', jsonPath: '.spec.autoAssign' },
      { name: 'Avoid Buggy IPs', type: 'boolean', jsonPath: '.spec.avoidBuggyIPs' },
      textColumn('Addresses', '.spec.addresses'),
    ],
    schema: schemaOf('Addresses that may be given to Services.', ['addresses'], {
      addresses: texts('Ranges: prefixes, or a first and a last address with a hyphen.'),
      autoAssign: { description: 'Whether Services get an address without asking.', type: 'boolean', default: true },
      avoidBuggyIPs: {
        description: 'Whether addresses that end in 0 and 255 are left out.',
        type: 'boolean',
        default: false,
      },
    }),
  },
  {
    group: 'metallb.io',
    kind: 'L2Advertisement',
    plural: 'l2advertisements',
    versions: ['v1beta1'],
    columns: [
      textColumn('IPAddressPools', '.spec.ipAddressPools'),
      textColumn('IPAddressPool Selectors', '.spec.ipAddressPoolSelectors'),
      textColumn('Interfaces', '.spec.interfaces'),
      textColumn('Node Selectors', '.spec.nodeSelectors', 10),
      { ...ageColumn, priority: 10 },
    ],
    schema: schemaOf('Pools that are announced by ARP.', [], {
      interfaces: texts('The interfaces to announce on; all when left out.'),
      ipAddressPools: texts('The names of pools; all when left out.'),
      ipAddressPoolSelectors: selectors('Pools by their labels.'),
      nodeSelectors: selectors('The nodes that may announce; all when left out.'),
    }),
  },
]
