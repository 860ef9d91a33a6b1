import type { JsonSchema } from '../api/jsonSchema/jsonSchema.ts'
import type { Draft } from '../api/object.ts'
import type { Client } from '../client.ts'
import { customResourceDefinition } from '../kinds/customResourceDefinition.ts'
import type { CustomResourceDefinition, PrinterColumn } from '../kinds/definitions/definition.ts'
import { gatewaySchema } from './gatewayApi/gateway.ts'
import { gatewayClassSchema } from './gatewayApi/gatewayClass.ts'
import { httpRouteSchema } from './gatewayApi/httpRoute.ts'
import { referenceGrantSchema } from './gatewayApi/referenceGrant.ts'
import { ensure } from './install.ts'
import type { OptionalAddon } from './optional.ts'

const age: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }

function column(name: string, jsonPath: string, priority = 0): PrinterColumn {
  return { name, type: 'string', jsonPath, ...(priority > 0 && { priority }) }
}

function statusOf(type: string): string {
  return `.status.conditions[?(@.type=="${type}")].status`
}

interface Parts {
  readonly kind: string
  readonly plural: string
  readonly scope?: string
  readonly shortNames?: string[]
  /** The version that is stored stands first. */
  readonly versions: readonly string[]
  readonly hasStatus?: boolean
  readonly schema: JsonSchema
  readonly columns: PrinterColumn[]
}

const definitions: readonly Parts[] = [
  {
    kind: 'GatewayClass',
    plural: 'gatewayclasses',
    scope: 'Cluster',
    shortNames: ['gc'],
    versions: ['v1', 'v1beta1'],
    schema: gatewayClassSchema,
    columns: [
      column('Controller', '.spec.controllerName'),
      column('Accepted', statusOf('Accepted')),
      age,
      column('Description', '.spec.description', 1),
    ],
  },
  {
    kind: 'Gateway',
    plural: 'gateways',
    shortNames: ['gtw'],
    versions: ['v1', 'v1beta1'],
    schema: gatewaySchema,
    columns: [
      column('Class', '.spec.gatewayClassName'),
      column('Address', '.status.addresses[*].value'),
      column('Programmed', statusOf('Programmed')),
      age,
    ],
  },
  {
    kind: 'HTTPRoute',
    plural: 'httproutes',
    versions: ['v1', 'v1beta1'],
    schema: httpRouteSchema,
    columns: [column('Hostnames', '.spec.hostnames'), age],
  },
  {
    kind: 'ReferenceGrant',
    plural: 'referencegrants',
    shortNames: ['refgrant'],
    versions: ['v1beta1'],
    hasStatus: false,
    schema: referenceGrantSchema,
    columns: [age],
  },
]

const group = 'gateway.networking.k8s.io'
const annotations = {
  'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api/pull/3328',
  [`${group}/bundle-version`]: 'v1.3.0',
  [`${group}/channel`]: 'standard',
}

function definitionOf({
  kind,
  plural,
  scope,
  shortNames,
  versions,
  hasStatus = true,
  schema,
  columns,
}: Parts): Draft<CustomResourceDefinition> {
  return {
    metadata: { name: `${plural}.${group}`, annotations },
    spec: {
      group,
      names: {
        kind,
        plural,
        listKind: `${kind}List`,
        singular: kind.toLowerCase(),
        categories: ['gateway-api'],
        ...(shortNames && { shortNames }),
      },
      scope: scope ?? 'Namespaced',
      versions: versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: schema },
        additionalPrinterColumns: columns,
        ...(hasStatus && { subresources: { status: {} } }),
      })),
    },
  }
}

// Simplified: the kinds of the standard channel that this course speaks of; GRPCRoute and the policies are left out.
/** The Gateway API's kinds, so that Gateways and routes can be written; a controller acts on them only if there is one. */
export const gatewayApi: OptionalAddon = {
  name: 'gateway-api',
  install(client: Client): void {
    for (const parts of definitions) ensure(client, customResourceDefinition, definitionOf(parts))
  },
}
