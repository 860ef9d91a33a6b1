import type { Client } from '../../client.ts'
import { namespace as namespaceKind } from '../../kinds/namespace.ts'
import type { Pod } from '../../kinds/pod.ts'
import { type PodView, workloadName } from '../mesh/serviceRegistry.ts'

/** The namespace of Linkerd's control plane. */
export const controlNamespace = 'linkerd'

/** A pod as Linkerd's measurements and certificates name it. */
export const linkerdView: PodView = {
  isMeshed: ({ metadata }) =>
    metadata.labels?.['linkerd.io/control-plane-ns'] === controlNamespace &&
    Boolean(metadata.labels['linkerd.io/workload-ns']),
  workloadOf(pod) {
    const { namespace = 'default', name, labels = {} } = pod.metadata
    const account = pod.spec.serviceAccountName ?? 'default'
    return {
      name: workloadName(pod),
      namespace,
      pod: name,
      app: labels['app'] ?? '',
      version: labels['version'] ?? '',
      account,
      isMeshed: linkerdView.isMeshed(pod),
      identity: `${account}.${namespace}.serviceaccount.identity.${controlNamespace}.cluster.local`,
    }
  },
}

/** What an annotation says of a pod: its own word, else that of its namespace. */
export function annotationOf(client: Client, { metadata }: Pod, namespace: string, name: string): string | undefined {
  return metadata.annotations?.[name] ?? client.get(namespaceKind, namespace)?.metadata.annotations?.[name]
}
