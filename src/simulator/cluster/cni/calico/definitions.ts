import type { JsonSchema } from '../../api/jsonSchema/jsonSchema.ts'
import type { Client } from '../../client.ts'
import { customResourceDefinition } from '../../kinds/customResourceDefinition.ts'
import { type CustomResource, definitionOf } from '../../manifest/customResource.ts'
import { ensure } from '../../manifest/ensure.ts'
import { calicoGroup } from './resources.ts'

// Simplified: what stands in the spec of a kind is not checked; calicoctl and the agents check what they read.
const schema: JsonSchema = {
  type: 'object',
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
}

const names: readonly (readonly [kind: string, plural: string])[] = [
  ['BlockAffinity', 'blockaffinities'],
  ['ClusterInformation', 'clusterinformations'],
  ['FelixConfiguration', 'felixconfigurations'],
  ['IPAMBlock', 'ipamblocks'],
  ['IPAMHandle', 'ipamhandles'],
  ['IPPool', 'ippools'],
]

// Simplified: the kinds of Calico's own policies, of BGP peers and of host endpoints are left out.
/** Defines the kinds that Calico keeps its state in. */
export function defineCalicoKinds(client: Client): void {
  for (const [kind, plural] of names) {
    const resource: CustomResource = {
      group: calicoGroup,
      kind,
      plural,
      scope: 'Cluster',
      versions: ['v1'],
      hasStatus: false,
      schema,
    }
    ensure(client, customResourceDefinition, definitionOf(resource))
  }
}
