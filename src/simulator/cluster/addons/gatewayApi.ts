import type { Client } from '../client.ts'
import { customResourceDefinition } from '../kinds/customResourceDefinition.ts'
import { ageColumn, type CustomResource, definitionOf, textColumn } from '../manifest/customResource.ts'
import { ensure } from '../manifest/ensure.ts'
import { gatewaySchema } from './gatewayApi/gateway.ts'
import { gatewayClassSchema } from './gatewayApi/gatewayClass.ts'
import { grpcRouteSchema } from './gatewayApi/grpcRoute.ts'
import { httpRouteSchema } from './gatewayApi/httpRoute.ts'
import { referenceGrantSchema } from './gatewayApi/referenceGrant.ts'
import type { OptionalAddon } from './optional.ts'

function statusOf(type: string): string {
  return `.status.conditions[?(@.type=="${type}")].status`
}

const group = 'gateway.networking.k8s.io'
const annotations = {
  'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api/pull/3328',
  [`${group}/bundle-version`]: 'v1.4.0',
  [`${group}/channel`]: 'standard',
}
const common = { group, categories: ['gateway-api'], annotations }

const definitions: readonly Omit<CustomResource, 'group'>[] = [
  {
    kind: 'GatewayClass',
    plural: 'gatewayclasses',
    scope: 'Cluster',
    shortNames: ['gc'],
    versions: ['v1', 'v1beta1'],
    schema: gatewayClassSchema,
    columns: [
      textColumn('Controller', '.spec.controllerName'),
      textColumn('Accepted', statusOf('Accepted')),
      ageColumn,
      textColumn('Description', '.spec.description', 1),
    ],
  },
  {
    kind: 'Gateway',
    plural: 'gateways',
    shortNames: ['gtw'],
    versions: ['v1', 'v1beta1'],
    schema: gatewaySchema,
    columns: [
      textColumn('Class', '.spec.gatewayClassName'),
      textColumn('Address', '.status.addresses[*].value'),
      textColumn('Programmed', statusOf('Programmed')),
      ageColumn,
    ],
  },
  {
    kind: 'HTTPRoute',
    plural: 'httproutes',
    versions: ['v1', 'v1beta1'],
    schema: httpRouteSchema,
    columns: [textColumn('Hostnames', '.spec.hostnames'), ageColumn],
  },
  {
    kind: 'GRPCRoute',
    plural: 'grpcroutes',
    versions: ['v1'],
    schema: grpcRouteSchema,
    columns: [textColumn('Hostnames', '.spec.hostnames'), ageColumn],
  },
  {
    kind: 'ReferenceGrant',
    plural: 'referencegrants',
    shortNames: ['refgrant'],
    versions: ['v1beta1'],
    hasStatus: false,
    schema: referenceGrantSchema,
    columns: [ageColumn],
  },
]

// Simplified: the kinds of the standard channel that this course speaks of; the policies are left out.
/** The Gateway API's kinds, so that Gateways and routes can be written; a controller acts on them only if there is one. */
export const gatewayApi: OptionalAddon = {
  name: 'gateway-api',
  install(client: Client): void {
    for (const parts of definitions) ensure(client, customResourceDefinition, definitionOf({ ...parts, ...common }))
  },
}
