import type { Change } from '../client.ts'
import { namespace } from '../kinds/namespace.ts'
import { type ServiceAccount, serviceAccount } from '../kinds/serviceAccount.ts'
import { defineController, watch } from './controller.ts'

/** Gives every namespace the ServiceAccount `default`, which pods use when they name none. */
export const serviceAccountController = defineController({
  name: 'service-account-controller',
  watches: [watch(namespace), watch(serviceAccount, namespaceOfDefault)],
  reconcile(key, { client }) {
    const found = client.get(namespace, key)
    if (!found || found.metadata.deletionTimestamp || client.get(serviceAccount, 'default', key)) return
    client.create(serviceAccount, { metadata: { name: 'default', namespace: key } })
  },
})

function namespaceOfDefault({ type, object }: Change<ServiceAccount>): string[] {
  return type === 'DELETED' && object.metadata.name === 'default' ? [object.metadata.namespace!] : []
}
