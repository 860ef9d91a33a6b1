import type { JsonSchema } from '../../api/jsonSchema/jsonSchema.ts'
import { parentReference } from './references.ts'
import { routeStatus } from './routeStatus.ts'
import { hostName, list, object, text } from './schema.ts'

// Simplified: the rules of a GRPCRoute are stored as they come: no controller here acts on them.
/** Which gRPC calls of a Gateway go to which Services. */
export const grpcRouteSchema: JsonSchema = object('How gRPC calls find their way from a Gateway to Services.', {
  spec: object('What the route shall be.', {
    hostnames: list('For which hosts the route is.', text('A host.', 253, hostName), 16),
    parentRefs: list('The Gateways that the route is attached to.', parentReference, 32),
    rules: list(
      'Which calls go where.',
      { description: 'A rule.', type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      16,
    ),
  }),
  status: routeStatus,
})
