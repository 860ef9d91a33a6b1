import type { Client } from '../client.ts'
import { clusterRole } from '../kinds/clusterRole.ts'
import { configMap } from '../kinds/configMap.ts'
import { role } from '../kinds/role.ts'
import { roleBinding } from '../kinds/roleBinding.ts'
import { serviceAccount } from '../kinds/serviceAccount.ts'
import { ensure } from '../manifest/ensure.ts'
import { readRoles } from '../manifest/readRoles.ts'
import { bindRole, subjectOf } from './rbac.ts'

const apiGroup = 'rbac.authorization.k8s.io'
const bootstrappers = ['Group', 'system:bootstrappers:kubeadm:default-node-token'] as const
const nodes = ['Group', 'system:nodes'] as const

const clusterBindings = [
  ['kubeadm:apiserver-kubelet-client', 'system:kubelet-api-admin', ['User', 'kube-apiserver-kubelet-client']],
  ['kubeadm:cluster-admins', 'cluster-admin', ['Group', 'kubeadm:cluster-admins']],
  ['kubeadm:get-nodes', 'kubeadm:get-nodes', bootstrappers],
  ['kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', bootstrappers],
  [
    'kubeadm:node-autoapprove-bootstrap',
    'system:certificates.k8s.io:certificatesigningrequests:nodeclient',
    bootstrappers,
  ],
  [
    'kubeadm:node-autoapprove-certificate-rotation',
    'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient',
    nodes,
  ],
] as const

const configurationReaders = [
  ['kubeadm:nodes-kubeadm-config', 'kubeadm-config', [bootstrappers, nodes]],
  ['kubeadm:kubelet-config', 'kubelet-config', [bootstrappers, nodes]],
  ['kube-proxy', 'kube-proxy', [bootstrappers]],
] as const

/** What the cluster was set up with. */
export interface KubeadmSettings {
  readonly server: string
  readonly certificate: string
  readonly podRange: string
  readonly serviceRange: string
  readonly clusterDns: string
}

/** Installs what `kubeadm init` leaves behind: its configuration, and who may read it. */
export function installKubeadmObjects(client: Client, settings: KubeadmSettings): void {
  for (const { name, rules } of readRoles('kubeadm:get-nodes\n  get | core | nodes'))
    ensure(client, clusterRole, { metadata: { name }, rules })
  for (const [name, roleName, subject] of clusterBindings) bindRole(client, name, roleName, [subjectOf(subject)])
  for (const name of ['bootstrap-signer', 'token-cleaner'])
    ensure(client, serviceAccount, { metadata: { name, namespace: 'kube-system' } })
  const system = (name: string, data: Record<string, string>) =>
    ensure(client, configMap, { metadata: { name, namespace: 'kube-system' }, data })
  system('kubeadm-config', { ClusterConfiguration: clusterConfiguration(settings) })
  system('kubelet-config', { kubelet: kubeletConfiguration(settings) })
  system('kube-apiserver-legacy-service-account-token-tracking', { since: '2026-03-02' })
  system('extension-apiserver-authentication', {
    'client-ca-file': settings.certificate,
    'requestheader-allowed-names': '["front-proxy-client"]',
    'requestheader-client-ca-file': settings.certificate,
    'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
    'requestheader-group-headers': '["X-Remote-Group"]',
    'requestheader-uid-headers': '[]',
    'requestheader-username-headers': '["X-Remote-User"]',
  })
  ensure(client, configMap, {
    metadata: { name: 'cluster-info', namespace: 'kube-public' },
    data: { kubeconfig: publicKubeconfig(settings) },
  })
  allowReading(client, 'kube-public', 'kubeadm:bootstrap-signer-clusterinfo', 'cluster-info', [
    ['User', 'system:anonymous'],
  ])
  for (const [name, resource, subjects] of configurationReaders)
    allowReading(client, 'kube-system', name, resource, subjects)
}

function allowReading(
  client: Client,
  namespace: string,
  name: string,
  resource: string,
  subjects: readonly (readonly [string, string])[],
): void {
  const rules = [{ verbs: ['get'], apiGroups: [''], resources: ['configmaps'], resourceNames: [resource] }]
  ensure(client, role, { metadata: { name, namespace }, rules })
  ensure(client, roleBinding, {
    metadata: { name, namespace },
    subjects: subjects.map(subjectOf),
    roleRef: { apiGroup, kind: 'Role', name },
  })
}

function clusterConfiguration({ podRange, serviceRange }: KubeadmSettings): string {
  return `apiServer: {}
apiVersion: kubeadm.k8s.io/v1beta4
caCertificateValidityPeriod: 87600h0m0s
certificateValidityPeriod: 8760h0m0s
certificatesDir: /etc/kubernetes/pki
clusterName: kubernetes
controllerManager: {}
dns: {}
encryptionAlgorithm: RSA-2048
etcd:
  local:
    dataDir: /var/lib/etcd
imageRepository: registry.k8s.io
kind: ClusterConfiguration
kubernetesVersion: v1.36.3
networking:
  dnsDomain: cluster.local
  podSubnet: ${podRange}
  serviceSubnet: ${serviceRange}
proxy: {}
scheduler: {}
`
}

function kubeletConfiguration({ clusterDns }: KubeadmSettings): string {
  return `apiVersion: kubelet.config.k8s.io/v1beta1
authentication:
  anonymous:
    enabled: false
  webhook:
    cacheTTL: 0s
    enabled: true
  x509:
    clientCAFile: /etc/kubernetes/pki/ca.crt
authorization:
  mode: Webhook
  webhook:
    cacheAuthorizedTTL: 0s
    cacheUnauthorizedTTL: 0s
cgroupDriver: systemd
clusterDNS:
- ${clusterDns}
clusterDomain: cluster.local
containerRuntimeEndpoint: ""
healthzBindAddress: 127.0.0.1
healthzPort: 10248
kind: KubeletConfiguration
rotateCertificates: true
staticPodPath: /etc/kubernetes/manifests
`
}

function publicKubeconfig({ server, certificate }: KubeadmSettings): string {
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${btoa(certificate)}
    server: ${server}
  name: ""
contexts: null
current-context: ""
kind: Config
preferences: {}
users: null
`
}
