import type { Client } from '../../client.ts'
import { clusterRole } from '../../kinds/clusterRole.ts'
import { clusterRoleBinding } from '../../kinds/clusterRoleBinding.ts'
import { configMap } from '../../kinds/configMap.ts'
import { daemonSet } from '../../kinds/daemonSet.ts'
import { deployment } from '../../kinds/deployment.ts'
import { podDisruptionBudget } from '../../kinds/podDisruptionBudget.ts'
import { serviceAccount } from '../../kinds/serviceAccount.ts'
import { ensure } from '../../manifest/ensure.ts'
import { readRoles } from '../../manifest/readRoles.ts'
import type { NetworkOptions } from '../plugin.ts'
import { defineCalicoKinds } from './definitions.ts'
import { cniImage, controllersImage, nodeImage } from './settings.ts'

const namespace = 'kube-system'
const accounts = ['calico-cni-plugin', 'calico-kube-controllers', 'calico-node'] as const

const roles = `
calico-cni-plugin
  get | core | pods nodes namespaces
  patch | core | pods/status
  create delete get list update | crd.projectcalico.org | blockaffinities ipamblocks ipamhandles clusterinformations ippools ipreservations ipamconfigs
calico-kube-controllers
  read | core | nodes pods
  create delete get list update watch | crd.projectcalico.org | blockaffinities ipamblocks ipamhandles ippools clusterinformations
calico-node
  get | core | pods nodes namespaces configmaps
  list watch | discovery.k8s.io | endpointslices
  read | core | pods nodes namespaces serviceaccounts endpoints services
  patch update | core | nodes/status
  patch | core | pods/status
  list watch | networking.k8s.io | networkpolicies
  create get list update watch delete | crd.projectcalico.org | blockaffinities clusterinformations felixconfigurations ipamblocks ipamhandles ippools
`

const networkConfiguration = `{
  "name": "k8s-pod-network",
  "cniVersion": "0.3.1",
  "plugins": [
    {
      "type": "calico",
      "log_level": "info",
      "log_file_path": "/var/log/calico/cni/cni.log",
      "datastore_type": "kubernetes",
      "nodename": "__KUBERNETES_NODE_NAME__",
      "mtu": __CNI_MTU__,
      "ipam": {
          "type": "calico-ipam"
      },
      "policy": {
          "type": "k8s"
      },
      "kubernetes": {
          "kubeconfig": "__KUBECONFIG_FILEPATH__"
      }
    },
    {
      "type": "portmap",
      "snat": true,
      "capabilities": {"portMappings": true}
    }
  ]
}`

/** Installs Calico as its manifest calico.yaml does, with the Kubernetes API server as its datastore. */
export function installCalico(client: Client, { backend, subnet }: NetworkOptions): void {
  defineCalicoKinds(client)
  for (const name of accounts) ensure(client, serviceAccount, { metadata: { name, namespace } })
  for (const { name, rules } of readRoles(roles)) {
    ensure(client, clusterRole, { metadata: { name }, rules })
    ensure(client, clusterRoleBinding, {
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    })
  }
  ensure(client, configMap, {
    metadata: { name: 'calico-config', namespace },
    data: {
      calico_backend: backend === 'vxlan' ? 'vxlan' : 'bird',
      cni_network_config: networkConfiguration,
      typha_service_name: 'none',
      veth_mtu: '0',
    },
  })
  installDaemons(client, backend, subnet)
  installControllers(client)
}

function settingOf(name: string, key: string) {
  return { name, valueFrom: { configMapKeyRef: { name: 'calico-config', key } } }
}

const nodeName = { fieldRef: { fieldPath: 'spec.nodeName' } }
const servicesEndpoint = { configMapRef: { name: 'kubernetes-services-endpoint', optional: true } }

/** How packets to other nodes are wrapped, and from which range pods get their addresses. */
function poolEnvironment(backend: string, range: string | undefined) {
  return [
    { name: 'CALICO_IPV4POOL_IPIP', value: backend === 'ipip' ? 'Always' : 'Never' },
    { name: 'CALICO_IPV4POOL_VXLAN', value: backend === 'vxlan' ? 'Always' : 'Never' },
    ...(range === undefined ? [] : [{ name: 'CALICO_IPV4POOL_CIDR', value: range }]),
  ]
}

// Simplified: the init container that mounts the file system of eBPF, which the iptables dataplane does not need, is left out.
function installDaemons(client: Client, backend: string, range: string | undefined): void {
  const labels = { 'k8s-app': 'calico-node' }
  ensure(client, daemonSet, {
    metadata: { name: 'calico-node', namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels },
        spec: {
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          hostNetwork: true,
          tolerations: [
            { effect: 'NoSchedule', operator: 'Exists' },
            { key: 'CriticalAddonsOnly', operator: 'Exists' },
            { effect: 'NoExecute', operator: 'Exists' },
          ],
          serviceAccountName: 'calico-node',
          terminationGracePeriodSeconds: 0,
          priorityClassName: 'system-node-critical',
          initContainers: [
            {
              name: 'upgrade-ipam',
              image: cniImage,
              imagePullPolicy: 'IfNotPresent',
              command: ['/opt/cni/bin/calico-ipam', '-upgrade'],
              envFrom: [servicesEndpoint],
              env: [
                { name: 'KUBERNETES_NODE_NAME', valueFrom: nodeName },
                settingOf('CALICO_NETWORKING_BACKEND', 'calico_backend'),
              ],
              volumeMounts: [
                { mountPath: '/var/lib/cni/networks', name: 'host-local-net-dir' },
                { mountPath: '/host/opt/cni/bin', name: 'cni-bin-dir' },
              ],
              securityContext: { privileged: true },
            },
            {
              name: 'install-cni',
              image: cniImage,
              imagePullPolicy: 'IfNotPresent',
              command: ['/opt/cni/bin/install'],
              envFrom: [servicesEndpoint],
              env: [
                { name: 'CNI_CONF_NAME', value: '10-calico.conflist' },
                settingOf('CNI_NETWORK_CONFIG', 'cni_network_config'),
                { name: 'KUBERNETES_NODE_NAME', valueFrom: nodeName },
                settingOf('CNI_MTU', 'veth_mtu'),
                { name: 'SLEEP', value: 'false' },
              ],
              volumeMounts: [
                { mountPath: '/host/opt/cni/bin', name: 'cni-bin-dir' },
                { mountPath: '/host/etc/cni/net.d', name: 'cni-net-dir' },
              ],
              securityContext: { privileged: true },
            },
          ],
          containers: [
            {
              name: 'calico-node',
              image: nodeImage,
              imagePullPolicy: 'IfNotPresent',
              envFrom: [servicesEndpoint],
              env: [
                { name: 'DATASTORE_TYPE', value: 'kubernetes' },
                { name: 'WAIT_FOR_DATASTORE', value: 'true' },
                { name: 'NODENAME', valueFrom: nodeName },
                settingOf('CALICO_NETWORKING_BACKEND', 'calico_backend'),
                { name: 'CLUSTER_TYPE', value: 'k8s,bgp' },
                { name: 'IP', value: 'autodetect' },
                ...poolEnvironment(backend, range),
                { name: 'CALICO_IPV6POOL_VXLAN', value: 'Never' },
                settingOf('FELIX_IPINIPMTU', 'veth_mtu'),
                settingOf('FELIX_VXLANMTU', 'veth_mtu'),
                settingOf('FELIX_WIREGUARDMTU', 'veth_mtu'),
                { name: 'CALICO_DISABLE_FILE_LOGGING', value: 'true' },
                { name: 'FELIX_DEFAULTENDPOINTTOHOSTACTION', value: 'ACCEPT' },
                { name: 'FELIX_IPV6SUPPORT', value: 'false' },
                { name: 'FELIX_HEALTHENABLED', value: 'true' },
              ],
              securityContext: { privileged: true },
              resources: { requests: { cpu: '250m' } },
              lifecycle: { preStop: { exec: { command: ['/bin/calico-node', '-shutdown'] } } },
              livenessProbe: {
                exec: { command: ['/bin/calico-node', '-felix-live', '-bird-live'] },
                periodSeconds: 10,
                initialDelaySeconds: 10,
                failureThreshold: 6,
                timeoutSeconds: 10,
              },
              readinessProbe: {
                exec: { command: ['/bin/calico-node', '-felix-ready', '-bird-ready'] },
                periodSeconds: 10,
                timeoutSeconds: 10,
              },
              volumeMounts: [
                { mountPath: '/host/etc/cni/net.d', name: 'cni-net-dir', readOnly: false },
                { mountPath: '/lib/modules', name: 'lib-modules', readOnly: true },
                { mountPath: '/run/xtables.lock', name: 'xtables-lock', readOnly: false },
                { mountPath: '/var/run/calico', name: 'var-run-calico', readOnly: false },
                { mountPath: '/var/lib/calico', name: 'var-lib-calico', readOnly: false },
                { name: 'policysync', mountPath: '/var/run/nodeagent' },
                { name: 'cni-log-dir', mountPath: '/var/log/calico/cni', readOnly: true },
              ],
            },
          ],
          volumes: [
            { name: 'lib-modules', hostPath: { path: '/lib/modules', type: 'DirectoryOrCreate' } },
            { name: 'var-run-calico', hostPath: { path: '/var/run/calico', type: 'DirectoryOrCreate' } },
            { name: 'var-lib-calico', hostPath: { path: '/var/lib/calico', type: 'DirectoryOrCreate' } },
            { name: 'xtables-lock', hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' } },
            { name: 'cni-bin-dir', hostPath: { path: '/opt/cni/bin', type: 'DirectoryOrCreate' } },
            { name: 'cni-net-dir', hostPath: { path: '/etc/cni/net.d' } },
            { name: 'cni-log-dir', hostPath: { path: '/var/log/calico/cni', type: 'DirectoryOrCreate' } },
            { name: 'host-local-net-dir', hostPath: { path: '/var/lib/cni/networks', type: 'DirectoryOrCreate' } },
            { name: 'policysync', hostPath: { type: 'DirectoryOrCreate', path: '/var/run/nodeagent' } },
          ],
        },
      },
    },
  })
}

function installControllers(client: Client): void {
  const labels = { 'k8s-app': 'calico-kube-controllers' }
  ensure(client, podDisruptionBudget, {
    metadata: { name: 'calico-kube-controllers', namespace, labels },
    spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
  })
  ensure(client, deployment, {
    metadata: { name: 'calico-kube-controllers', namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      strategy: { type: 'Recreate' },
      template: {
        metadata: { name: 'calico-kube-controllers', namespace, labels },
        spec: {
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: [
            { key: 'CriticalAddonsOnly', operator: 'Exists' },
            { key: 'node-role.kubernetes.io/master', effect: 'NoSchedule' },
            { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
          ],
          serviceAccountName: 'calico-kube-controllers',
          priorityClassName: 'system-cluster-critical',
          containers: [
            {
              name: 'calico-kube-controllers',
              image: controllersImage,
              imagePullPolicy: 'IfNotPresent',
              env: [
                { name: 'ENABLED_CONTROLLERS', value: 'node,loadbalancer' },
                { name: 'DATASTORE_TYPE', value: 'kubernetes' },
              ],
              livenessProbe: {
                exec: { command: ['/usr/bin/check-status', '-l'] },
                periodSeconds: 10,
                initialDelaySeconds: 10,
                failureThreshold: 6,
                timeoutSeconds: 10,
              },
              readinessProbe: { exec: { command: ['/usr/bin/check-status', '-r'] }, periodSeconds: 10 },
              securityContext: { runAsNonRoot: true },
            },
          ],
        },
      },
    },
  })
}
