import type { Change } from '../client.ts'
import { type ConfigMap, configMap } from '../kinds/configMap.ts'
import { namespace } from '../kinds/namespace.ts'
import { defineController, watch } from './controller.ts'

const name = 'kube-root-ca.crt'
const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.'

/** Puts the cluster's certificate authority into every namespace, where pods find it. */
export const rootCertificateController = defineController({
  name: 'root-ca-cert-publisher',
  watches: [watch(namespace), watch(configMap, namespaceOfBundle)],
  reconcile(key, { client, plane }) {
    const found = client.get(namespace, key)
    if (!found || found.metadata.deletionTimestamp) return
    const data = { 'ca.crt': plane.rootCertificate }
    const annotations = { 'kubernetes.io/description': description }
    const current = client.get(configMap, name, key)
    if (!current) client.create(configMap, { metadata: { name, namespace: key, annotations }, data })
    else if (current.data?.['ca.crt'] !== plane.rootCertificate)
      client.update(configMap, {
        ...current,
        metadata: { ...current.metadata, annotations: { ...current.metadata.annotations, ...annotations } },
        data,
      })
  },
})

function namespaceOfBundle({ object }: Change<ConfigMap>): string[] {
  return object.metadata.name === name ? [object.metadata.namespace!] : []
}
