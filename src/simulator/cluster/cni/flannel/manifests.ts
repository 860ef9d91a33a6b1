import type { Draft, KubernetesObject } from '../../api/object.ts'
import { clusterRole } from '../../kinds/clusterRole.ts'
import { clusterRoleBinding } from '../../kinds/clusterRoleBinding.ts'
import { configMap } from '../../kinds/configMap.ts'
import { daemonSet } from '../../kinds/daemonSet.ts'
import type { Kind } from '../../kinds/kind.ts'
import { namespace } from '../../kinds/namespace.ts'
import { serviceAccount } from '../../kinds/serviceAccount.ts'

interface Choices {
  readonly podRange: string
  readonly backend: string
  /** Nodes where flannel must not run. */
  readonly without: readonly string[]
}

type Manifest = readonly [kind: Kind, object: Draft<KubernetesObject>]

const home = 'kube-flannel'
const labels = { app: 'flannel', tier: 'node' }
const image = 'ghcr.io/flannel-io/flannel:v0.28.4'

/** What flannel's usual manifest puts into a cluster. */
export function manifests(choices: Choices): Manifest[] {
  return [
    [
      namespace as Kind,
      {
        metadata: { name: home, labels: { 'k8s-app': 'flannel', 'pod-security.kubernetes.io/enforce': 'privileged' } },
      },
    ],
    [serviceAccount as Kind, { metadata: { name: 'flannel', namespace: home, labels: { 'k8s-app': 'flannel' } } }],
    [
      clusterRole as Kind,
      { ...role, metadata: { name: 'flannel', labels: { 'k8s-app': 'flannel' } } } as Draft<KubernetesObject>,
    ],
    [
      clusterRoleBinding as Kind,
      {
        metadata: { name: 'flannel', labels: { 'k8s-app': 'flannel' } },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'flannel' },
        subjects: [{ kind: 'ServiceAccount', name: 'flannel', namespace: home }],
      } as Draft<KubernetesObject>,
    ],
    [configMap as Kind, configuration(choices)],
    [daemonSet as Kind, daemon(choices)],
  ]
}

const role = {
  rules: [
    { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
    { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: [''], resources: ['nodes/status'], verbs: ['patch'] },
  ],
}

/** What install-cni copies to /etc/cni/net.d. */
const network = {
  name: 'cbr0',
  cniVersion: '0.3.1',
  plugins: [
    { type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true } },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
}

function configuration({ podRange, backend }: Choices): Draft<KubernetesObject> {
  const netConf = { Network: podRange, EnableNFTables: false, Backend: { Type: backend } }
  return {
    metadata: { name: 'kube-flannel-cfg', namespace: home, labels: { ...labels, 'k8s-app': 'flannel' } },
    data: {
      'cni-conf.json': `${JSON.stringify(network, undefined, 2)}\n`,
      'net-conf.json': `${JSON.stringify(netConf, undefined, 2)}\n`,
    },
  } as Draft<KubernetesObject>
}

function daemon({ without }: Choices): Draft<KubernetesObject> {
  const placement =
    without.length === 0
      ? {}
      : {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'NotIn', values: [...without] }] },
                ],
              },
            },
          },
        }
  return {
    metadata: { name: 'kube-flannel-ds', namespace: home, labels: { ...labels, 'k8s-app': 'flannel' } },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          ...placement,
          hostNetwork: true,
          priorityClassName: 'system-node-critical',
          tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
          serviceAccountName: 'flannel',
          initContainers: [
            {
              name: 'install-cni-plugin',
              image: 'ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel1',
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
  } as Draft<KubernetesObject>
}
