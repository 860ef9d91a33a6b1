import type { EnvVar } from 'kubernetes-types/core/v1'
import type { Client } from '../../client.ts'
import { clusterRole } from '../../kinds/clusterRole.ts'
import { clusterRoleBinding } from '../../kinds/clusterRoleBinding.ts'
import { configMap } from '../../kinds/configMap.ts'
import { daemonSet } from '../../kinds/daemonSet.ts'
import { deployment } from '../../kinds/deployment.ts'
import { serviceAccount } from '../../kinds/serviceAccount.ts'
import { ensure } from '../../manifest/ensure.ts'
import { readRoles } from '../../manifest/readRoles.ts'
import { configuration } from './configuration.ts'
import { agentImage, operatorImage } from './images.ts'

const namespace = 'kube-system'
const partOf = { 'app.kubernetes.io/part-of': 'cilium' }
const agentLabels = { 'app.kubernetes.io/name': 'cilium-agent', ...partOf, 'k8s-app': 'cilium' }
const operatorLabels = {
  'app.kubernetes.io/name': 'cilium-operator',
  ...partOf,
  'io.cilium/app': 'operator',
  name: 'cilium-operator',
}

const roles = `
cilium
  read | networking.k8s.io | networkpolicies
  read | discovery.k8s.io | endpointslices
  read | core | namespaces services pods endpoints nodes
  read | apiextensions.k8s.io | customresourcedefinitions
  read | cilium.io | ciliumnetworkpolicies ciliumclusterwidenetworkpolicies ciliumendpoints ciliumidentities ciliumnodes
  create | cilium.io | ciliumidentities ciliumendpoints ciliumnodes
  delete get update | cilium.io | ciliumendpoints ciliumnodes ciliumidentities
  patch | core | nodes nodes/status
  get | core | configmaps
cilium-operator
  read delete | core | pods
  read | core | nodes namespaces services configmaps
  patch | core | nodes nodes/status
  read | discovery.k8s.io | endpointslices
  create read update | apiextensions.k8s.io | customresourcedefinitions
  create delete get list patch update watch | cilium.io | ciliumnodes ciliumnodes/status ciliumidentities ciliumendpoints
  create get update | coordination.k8s.io | leases
`

/** Installs Cilium as `cilium install --set kubeProxyReplacement=true,k8sServiceHost=…` does. */
export function installCilium(client: Client, backend: string, podRange: string, server: string): void {
  for (const name of ['cilium', 'cilium-operator'])
    ensure(client, serviceAccount, { metadata: { name, namespace, labels: managed } })
  ensure(client, configMap, {
    metadata: { name: 'cilium-config', namespace, labels: managed },
    data: configuration(backend, podRange),
  })
  for (const { name, rules } of readRoles(roles)) {
    ensure(client, clusterRole, { metadata: { name, labels: { ...managed, ...partOf } }, rules })
    ensure(client, clusterRoleBinding, {
      metadata: { name, labels: { ...managed, ...partOf } },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    })
  }
  // Without kube-proxy nobody translates the address of the Service `kubernetes` for the agents themselves.
  const environment = [
    ...ownPlace,
    { name: 'KUBERNETES_SERVICE_HOST', value: server },
    { name: 'KUBERNETES_SERVICE_PORT', value: '6443' },
  ]
  installAgents(client, environment)
  installOperator(client, environment)
}

const managed = { 'app.kubernetes.io/managed-by': 'Helm' }
const nodeNameVariable = {
  name: 'K8S_NODE_NAME',
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } },
}
const namespaceVariable = {
  name: 'CILIUM_K8S_NAMESPACE',
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } },
}

const ownPlace: EnvVar[] = [nodeNameVariable, namespaceVariable]

// Simplified: the init containers that mount the cgroup and bpf file systems only run through.
const initContainers = [
  {
    name: 'config',
    image: agentImage,
    command: ['cilium-dbg', 'build-config'],
    env: ownPlace,
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  },
  { name: 'mount-cgroup', image: agentImage, command: ['cilium-mount', '/run/cilium/cgroupv2'] },
  { name: 'apply-sysctl-overwrites', image: agentImage, command: ['cilium-sysctlfix'] },
  {
    name: 'mount-bpf-fs',
    image: agentImage,
    command: ['cilium-mount', '/sys/fs/bpf'],
    securityContext: { privileged: true },
  },
  {
    name: 'clean-cilium-state',
    image: agentImage,
    command: ['/init-container.sh'],
    volumeMounts: [{ name: 'cilium-run', mountPath: '/var/run/cilium' }],
  },
  {
    name: 'install-cni-binaries',
    image: agentImage,
    command: ['/install-plugin.sh'],
    resources: { requests: { cpu: '100m', memory: '10Mi' } },
    volumeMounts: [{ name: 'cni-path', mountPath: '/host/opt/cni/bin' }],
  },
]

function health(port: number, isBrief = false) {
  const headers = isBrief ? { httpHeaders: [{ name: 'brief', value: 'true' }] } : {}
  return { httpGet: { host: '127.0.0.1', path: '/healthz', port, scheme: 'HTTP', ...headers } }
}

function installAgents(client: Client, environment: EnvVar[]): void {
  ensure(client, daemonSet, {
    metadata: { name: 'cilium', namespace, labels: { ...managed, ...agentLabels } },
    spec: {
      selector: { matchLabels: { 'k8s-app': 'cilium' } },
      updateStrategy: { rollingUpdate: { maxUnavailable: 2 }, type: 'RollingUpdate' },
      template: {
        metadata: { labels: agentLabels },
        spec: {
          hostNetwork: true,
          priorityClassName: 'system-node-critical',
          serviceAccountName: 'cilium',
          terminationGracePeriodSeconds: 1,
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: [{ operator: 'Exists' }],
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                { labelSelector: { matchLabels: { 'k8s-app': 'cilium' } }, topologyKey: 'kubernetes.io/hostname' },
              ],
            },
          },
          initContainers,
          containers: [
            {
              name: 'cilium-agent',
              image: agentImage,
              command: ['cilium-agent'],
              args: ['--config-dir=/tmp/cilium/config-map'],
              env: environment,
              startupProbe: { ...health(9879, true), failureThreshold: 300, periodSeconds: 2, initialDelaySeconds: 5 },
              livenessProbe: { ...health(9879, true), failureThreshold: 10, periodSeconds: 30, timeoutSeconds: 5 },
              readinessProbe: { ...health(9879, true), failureThreshold: 3, periodSeconds: 30, timeoutSeconds: 5 },
              ports: [{ name: 'peer-service', containerPort: 4244, hostPort: 4244, protocol: 'TCP' }],
              securityContext: {
                capabilities: {
                  add: ['CHOWN', 'KILL', 'NET_ADMIN', 'NET_RAW', 'IPC_LOCK', 'SYS_ADMIN'],
                  drop: ['ALL'],
                },
              },
              volumeMounts: [
                { name: 'cilium-run', mountPath: '/var/run/cilium' },
                { name: 'etc-cni-netd', mountPath: '/host/etc/cni/net.d' },
                { name: 'tmp', mountPath: '/tmp' },
              ],
            },
          ],
          volumes: [
            { name: 'tmp', emptyDir: {} },
            { name: 'cilium-run', hostPath: { path: '/var/run/cilium', type: 'DirectoryOrCreate' } },
            { name: 'cni-path', hostPath: { path: '/opt/cni/bin', type: 'DirectoryOrCreate' } },
            { name: 'etc-cni-netd', hostPath: { path: '/etc/cni/net.d', type: 'DirectoryOrCreate' } },
          ],
        },
      },
    },
  })
}

function installOperator(client: Client, environment: EnvVar[]): void {
  ensure(client, deployment, {
    metadata: { name: 'cilium-operator', namespace, labels: { ...managed, ...operatorLabels } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { 'io.cilium/app': 'operator', name: 'cilium-operator' } },
      strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: '100%' }, type: 'RollingUpdate' },
      template: {
        metadata: { labels: operatorLabels },
        spec: {
          hostNetwork: true,
          priorityClassName: 'system-cluster-critical',
          serviceAccountName: 'cilium-operator',
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: [{ operator: 'Exists' }],
          containers: [
            {
              name: 'cilium-operator',
              image: operatorImage,
              command: ['cilium-operator-generic'],
              args: ['--config-dir=/tmp/cilium/config-map', '--debug=$(CILIUM_DEBUG)'],
              env: environment,
              livenessProbe: { ...health(9234), initialDelaySeconds: 60, periodSeconds: 10, timeoutSeconds: 3 },
              readinessProbe: { ...health(9234), failureThreshold: 5, periodSeconds: 5, timeoutSeconds: 3 },
              volumeMounts: [{ name: 'cilium-config-path', mountPath: '/tmp/cilium/config-map', readOnly: true }],
            },
          ],
          volumes: [{ name: 'cilium-config-path', configMap: { name: 'cilium-config' } }],
        },
      },
    },
  })
}
