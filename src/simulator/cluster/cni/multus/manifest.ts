import type { Client } from '../../client.ts'
import { clusterRole } from '../../kinds/clusterRole.ts'
import { clusterRoleBinding } from '../../kinds/clusterRoleBinding.ts'
import { customResourceDefinition } from '../../kinds/customResourceDefinition.ts'
import { daemonSet } from '../../kinds/daemonSet.ts'
import { serviceAccount } from '../../kinds/serviceAccount.ts'
import { definitionOf } from '../../manifest/customResource.ts'
import { ensure } from '../../manifest/ensure.ts'
import { readRoles } from '../../manifest/readRoles.ts'
import { networkAttachmentDefinition } from './definition.ts'
import { furtherPlugins } from './image.ts'

const namespace = 'kube-system'
const image = 'ghcr.io/k8snetworkplumbingwg/multus-cni:v4.2.2'

const sources = ['multus', ...furtherPlugins].map(name => `/usr/src/multus-cni/bin/${name}`)

const roles = `
multus
  * | k8s.cni.cncf.io | *
  get list update watch patch | core | pods pods/status
  create patch update | core events.k8s.io | events
`

/** Installs Multus as its manifest `multus-daemonset.yml` does. */
export function installMultus(client: Client): void {
  ensure(client, customResourceDefinition, definitionOf(networkAttachmentDefinition))
  for (const { name, rules } of readRoles(roles)) ensure(client, clusterRole, { metadata: { name }, rules })
  ensure(client, clusterRoleBinding, {
    metadata: { name: 'multus' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'multus' },
    subjects: [{ kind: 'ServiceAccount', name: 'multus', namespace }],
  })
  ensure(client, serviceAccount, { metadata: { name: 'multus', namespace } })
  const labels = { tier: 'node', app: 'multus', name: 'multus' }
  ensure(client, daemonSet, {
    metadata: { name: 'kube-multus-ds', namespace, labels },
    spec: {
      selector: { matchLabels: { name: 'multus' } },
      updateStrategy: { type: 'RollingUpdate' },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          tolerations: [
            { operator: 'Exists', effect: 'NoSchedule' },
            { operator: 'Exists', effect: 'NoExecute' },
          ],
          serviceAccountName: 'multus',
          initContainers: [
            {
              name: 'install-multus-binary',
              image,
              command: ['cp', '-f', ...sources, '/host/opt/cni/bin/'],
              resources: { requests: { cpu: '10m', memory: '15Mi' } },
              securityContext: { privileged: true },
              volumeMounts: [{ name: 'cnibin', mountPath: '/host/opt/cni/bin', mountPropagation: 'Bidirectional' }],
            },
          ],
          containers: [
            {
              name: 'kube-multus',
              image,
              command: ['/thin_entrypoint'],
              args: [
                '--multus-conf-file=auto',
                '--multus-autoconfig-dir=/host/etc/cni/net.d',
                '--cni-conf-dir=/host/etc/cni/net.d',
              ],
              resources: { requests: { cpu: '100m', memory: '50Mi' }, limits: { cpu: '100m', memory: '50Mi' } },
              securityContext: { privileged: true },
              volumeMounts: [
                { name: 'cni', mountPath: '/host/etc/cni/net.d' },
                { name: 'cnibin', mountPath: '/host/opt/cni/bin' },
              ],
            },
          ],
          terminationGracePeriodSeconds: 10,
          volumes: [
            { name: 'cni', hostPath: { path: '/etc/cni/net.d' } },
            { name: 'cnibin', hostPath: { path: '/opt/cni/bin' } },
          ],
        },
      },
    },
  })
}
