import type { Endpoint, EndpointPort } from 'kubernetes-types/discovery/v1'
import { isEqual } from '../api/equality.ts'
import { controllerReference } from '../api/object.ts'
import type { Change } from '../client.ts'
import { type EndpointSlice, endpointSlice } from '../kinds/endpointSlice.ts'
import { type Endpoints, endpoints as endpointsKind } from '../kinds/endpoints.ts'
import { service } from '../kinds/service.ts'
import { defineController, joinKey, type Key, lookUp, watch } from './controller.ts'

const managedBy = 'endpointslice.kubernetes.io/managed-by'
const serviceName = 'kubernetes.io/service-name'
const skipMirror = 'endpointslice.kubernetes.io/skip-mirror'
const ownName = 'endpointslicemirroring-controller.k8s.io'

/** Copies Endpoints that someone wrote by hand into slices, for Services without a selector: only slices are read. */
export const endpointSliceMirroringController = defineController({
  name: 'endpointslicemirroring-controller',
  watches: [watch(endpointsKind), watch(service), watch(endpointSlice, serviceOfMirror)],
  reconcile(key, { client }) {
    const source = lookUp(client, endpointsKind, key)
    const parent = lookUp(client, service, key)
    const [namespace = '', name = ''] = key.split('/')
    const mirrors = client.list(endpointSlice, { namespace, labels: { [serviceName]: name, [managedBy]: ownName } })
    const isMirrored = source && parent && !parent.spec.selector && source.metadata.labels?.[skipMirror] !== 'true'
    const wanted = isMirrored ? (source.subsets ?? []).map(subset => contentOf(subset)) : []
    const spare = [...mirrors]
    for (const content of wanted) {
      const same = spare.findIndex(slice => isEqual(slice.ports ?? [], content.ports))
      const mirror = same >= 0 ? spare.splice(same, 1)[0] : undefined
      if (!mirror) client.create(endpointSlice, { metadata: metadataFor(source!), addressType: 'IPv4', ...content })
      else if (!isEqual(mirror.endpoints, content.endpoints)) client.update(endpointSlice, { ...mirror, ...content })
    }
    for (const { metadata } of spare) client.delete(endpointSlice, metadata.name, metadata.namespace)
  },
})

function serviceOfMirror({ object }: Change<EndpointSlice>): Key[] {
  const { namespace, labels } = object.metadata
  return labels?.[managedBy] === ownName ? [joinKey(namespace, labels[serviceName] ?? '')] : []
}

function metadataFor(source: Endpoints): Partial<EndpointSlice['metadata']> {
  const { name, namespace, labels, annotations } = source.metadata
  const { 'kubectl.kubernetes.io/last-applied-configuration': _, ...others } = annotations ?? {}
  return {
    generateName: `${name}-`,
    namespace: namespace!,
    labels: { ...labels, [managedBy]: ownName, [serviceName]: name },
    ...(Object.keys(others).length > 0 && { annotations: others }),
    ownerReferences: [controllerReference(source)],
  }
}

type Subset = NonNullable<Endpoints['subsets']>[number]

function contentOf({ addresses = [], notReadyAddresses = [], ports = [] }: Subset) {
  const endpoints: Endpoint[] = [
    ...addresses.map(address => endpointOf(address, true)),
    ...notReadyAddresses.map(address => endpointOf(address, false)),
  ]
  const copied: EndpointPort[] = ports.map(({ name = '', port, protocol = 'TCP', appProtocol }) => ({
    name,
    port,
    protocol,
    ...(appProtocol && { appProtocol }),
  }))
  return { endpoints, ports: copied }
}

function endpointOf(
  { ip, hostname, nodeName, targetRef }: NonNullable<Subset['addresses']>[number],
  ready: boolean,
): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname && { hostname }),
    ...(nodeName && { nodeName }),
    ...(targetRef && { targetRef }),
  }
}
