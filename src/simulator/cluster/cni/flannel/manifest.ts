import type { Client } from '../../client.ts'
import { clusterRole } from '../../kinds/clusterRole.ts'
import { clusterRoleBinding } from '../../kinds/clusterRoleBinding.ts'
import { configMap } from '../../kinds/configMap.ts'
import { daemonSet } from '../../kinds/daemonSet.ts'
import { namespace as namespaceKind } from '../../kinds/namespace.ts'
import { serviceAccount } from '../../kinds/serviceAccount.ts'
import { ensure } from '../../manifest/ensure.ts'
import { readRoles } from '../../manifest/readRoles.ts'

const namespace = 'kube-flannel'
const labels = { 'k8s-app': 'flannel' }
const podLabels = { app: 'flannel', tier: 'node' }
const allLabels = { ...podLabels, ...labels }

const roles = `
flannel
  get | core | pods
  read | core | nodes
  patch | core | nodes/status
`

const networkConfiguration = `{
  "name": "cbr0",
  "cniVersion": "0.3.1",
  "plugins": [
    {
      "type": "flannel",
      "delegate": {
        "hairpinMode": true,
        "isDefaultGateway": true
      }
    },
    {
      "type": "portmap",
      "capabilities": {
        "portMappings": true
      }
    }
  ]
}
`

/** Installs flannel as its usual manifest does. */
export function installFlannel(client: Client, backend: string, podRange: string): void {
  const privileged = { 'pod-security.kubernetes.io/enforce': 'privileged' }
  ensure(client, namespaceKind, {
    metadata: { name: namespace, labels: { ...labels, ...privileged } },
    spec: { finalizers: ['kubernetes'] },
  })
  ensure(client, serviceAccount, { metadata: { name: 'flannel', namespace, labels } })
  for (const { name, rules } of readRoles(roles)) ensure(client, clusterRole, { metadata: { name, labels }, rules })
  ensure(client, clusterRoleBinding, {
    metadata: { name: 'flannel', labels },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'flannel' },
    subjects: [{ kind: 'ServiceAccount', name: 'flannel', namespace }],
  })
  const networkOfPods = `{
  "Network": "${podRange}",
  "EnableNFTables": false,
  "Backend": {
    "Type": "${backend}"
  }
}
`
  ensure(client, configMap, {
    metadata: { name: 'kube-flannel-cfg', namespace, labels: allLabels },
    data: { 'cni-conf.json': networkConfiguration, 'net-conf.json': networkOfPods },
  })
  installDaemons(client)
}

function installDaemons(client: Client): void {
  const image = 'ghcr.io/flannel-io/flannel:v0.28.4'
  const pluginImage = 'ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel1'
  ensure(client, daemonSet, {
    metadata: { name: 'kube-flannel-ds', namespace, labels: allLabels },
    spec: {
      selector: { matchLabels: podLabels },
      template: {
        metadata: { labels: podLabels },
        spec: {
          hostNetwork: true,
          priorityClassName: 'system-node-critical',
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  { matchExpressions: [{ key: 'kubernetes.io/os', operator: 'In', values: ['linux'] }] },
                ],
              },
            },
          },
          tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
          serviceAccountName: 'flannel',
          initContainers: [
            {
              name: 'install-cni-plugin',
              image: pluginImage,
              command: ['cp'],
              args: ['-f', '/flannel', '/opt/cni/bin/flannel'],
              volumeMounts: [{ name: 'cni-plugin', mountPath: '/opt/cni/bin' }],
            },
            {
              name: 'install-cni',
              image,
              command: ['cp'],
              args: ['-f', '/etc/kube-flannel/cni-conf.json', '/etc/cni/net.d/10-flannel.conflist'],
              volumeMounts: [
                { name: 'cni', mountPath: '/etc/cni/net.d' },
                { name: 'flannel-cfg', mountPath: '/etc/kube-flannel/' },
              ],
            },
          ],
          containers: [
            {
              name: 'kube-flannel',
              image,
              command: ['/opt/bin/flanneld'],
              args: ['--ip-masq', '--kube-subnet-mgr'],
              resources: { requests: { cpu: '100m', memory: '50Mi' } },
              securityContext: { privileged: false, capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
              env: [
                { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
                { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
                { name: 'EVENT_QUEUE_DEPTH', value: '5000' },
                { name: 'CONT_WHEN_CACHE_NOT_READY', value: 'false' },
              ],
              volumeMounts: [
                { name: 'run', mountPath: '/run/flannel' },
                { name: 'flannel-cfg', mountPath: '/etc/kube-flannel/' },
                { name: 'xtables-lock', mountPath: '/run/xtables.lock' },
              ],
            },
          ],
          volumes: [
            { name: 'run', hostPath: { path: '/run/flannel' } },
            { name: 'cni-plugin', hostPath: { path: '/opt/cni/bin' } },
            { name: 'cni', hostPath: { path: '/etc/cni/net.d' } },
            { name: 'flannel-cfg', configMap: { name: 'kube-flannel-cfg' } },
            { name: 'xtables-lock', hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' } },
          ],
        },
      },
    },
  })
}
