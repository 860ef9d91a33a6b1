import { dump } from 'js-yaml'
import type { Container, HostPathVolumeSource, PodSpec, Probe } from 'kubernetes-types/core/v1'

/** What the control plane is told when it starts. */
export interface ControlPlaneSettings {
  readonly nodeName: string
  readonly address: string
  readonly podRange: string
  readonly serviceRange: string
}

interface Component {
  readonly name: string
  readonly image: string
  readonly annotations?: Readonly<Record<string, string>>
  readonly command: readonly string[]
  readonly probes: Pick<Container, 'livenessProbe' | 'readinessProbe' | 'startupProbe'>
  readonly requests: Readonly<Record<string, string>>
  readonly port: number
  readonly mounts: readonly (readonly [name: string, path: string, type: string, readOnly: boolean])[]
}

const pki = '/etc/kubernetes/pki'
const certificates = [
  ['ca-certs', '/etc/ssl/certs', 'DirectoryOrCreate', true],
  ['etc-ca-certificates', '/etc/ca-certificates', 'DirectoryOrCreate', true],
  ['k8s-certs', pki, 'DirectoryOrCreate', true],
  ['usr-local-share-ca-certificates', '/usr/local/share/ca-certificates', 'DirectoryOrCreate', true],
  ['usr-share-ca-certificates', '/usr/share/ca-certificates', 'DirectoryOrCreate', true],
] as const

/** The manifests that kubeadm puts into /etc/kubernetes/manifests, by file name. */
export function staticPodManifests(settings: ControlPlaneSettings): ReadonlyMap<string, string> {
  const components = [etcd(settings), apiServer(settings), controllerManager(settings), scheduler()]
  return new Map(components.map(component => [`${component.name}.yaml`, dump(manifestOf(component))]))
}

function manifestOf({ name, image, annotations, command, probes, requests, port, mounts }: Component) {
  const container: Container = {
    command: [...command],
    image,
    imagePullPolicy: 'IfNotPresent',
    ...probes,
    name,
    ports: [{ containerPort: port, name: 'probe-port', protocol: 'TCP' }],
    resources: { requests: { ...requests } },
    volumeMounts: mounts.map(([volume, mountPath, , readOnly]) => ({
      mountPath,
      name: volume,
      ...(readOnly && { readOnly }),
    })),
  }
  const spec: PodSpec = {
    containers: [container],
    hostNetwork: true,
    priority: 2_000_001_000,
    priorityClassName: 'system-node-critical',
    securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    volumes: [...mounts]
      .sort(byName)
      .map(([volume, path, type]) => ({ hostPath: { path, type } as HostPathVolumeSource, name: volume })),
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(annotations && { annotations }),
      labels: { component: name, tier: 'control-plane' },
      name,
      namespace: 'kube-system',
    },
    spec,
    status: {},
  }
}

/** kubeadm sorts the volumes, not the mounts. */
function byName([a]: Component['mounts'][number], [b]: Component['mounts'][number]): number {
  return a < b ? -1 : 1
}

function probe(host: string, path: string, scheme: string, changes: Partial<Probe> = {}): Probe {
  return {
    failureThreshold: 8,
    httpGet: { host, path, port: 'probe-port', scheme },
    initialDelaySeconds: 10,
    periodSeconds: 10,
    timeoutSeconds: 15,
    ...changes,
  }
}

function probesOf(host: string, scheme: string, live: string, ready: string | undefined, start: string) {
  const { initialDelaySeconds: _, ...readiness } = probe(host, ready ?? '', scheme, {
    failureThreshold: 3,
    periodSeconds: 1,
  })
  return {
    livenessProbe: probe(host, live, scheme),
    ...(ready !== undefined && { readinessProbe: readiness }),
    startupProbe: probe(host, start, scheme, { failureThreshold: 24 }),
  }
}

function etcd({ nodeName, address }: ControlPlaneSettings): Component {
  return {
    name: 'etcd',
    image: 'registry.k8s.io/etcd:3.6.8-0',
    annotations: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': `https://${address}:2379` },
    command: [
      'etcd',
      `--advertise-client-urls=https://${address}:2379`,
      `--cert-file=${pki}/etcd/server.crt`,
      '--client-cert-auth=true',
      '--data-dir=/var/lib/etcd',
      '--feature-gates=InitialCorruptCheck=true',
      `--initial-advertise-peer-urls=https://${address}:2380`,
      `--initial-cluster=${nodeName}=https://${address}:2380`,
      `--key-file=${pki}/etcd/server.key`,
      `--listen-client-urls=https://127.0.0.1:2379,https://${address}:2379`,
      '--listen-metrics-urls=http://127.0.0.1:2381',
      `--listen-peer-urls=https://${address}:2380`,
      `--name=${nodeName}`,
      `--peer-cert-file=${pki}/etcd/peer.crt`,
      '--peer-client-cert-auth=true',
      `--peer-key-file=${pki}/etcd/peer.key`,
      `--peer-trusted-ca-file=${pki}/etcd/ca.crt`,
      '--snapshot-count=10000',
      `--trusted-ca-file=${pki}/etcd/ca.crt`,
      '--watch-progress-notify-interval=5s',
    ],
    probes: probesOf('127.0.0.1', 'HTTP', '/livez', '/readyz', '/readyz'),
    requests: { cpu: '100m', memory: '100Mi' },
    port: 2381,
    mounts: [
      ['etcd-data', '/var/lib/etcd', 'DirectoryOrCreate', false],
      ['etcd-certs', `${pki}/etcd`, 'DirectoryOrCreate', false],
    ],
  }
}

function apiServer({ address, serviceRange }: ControlPlaneSettings): Component {
  return {
    name: 'kube-apiserver',
    image: 'registry.k8s.io/kube-apiserver:v1.36.3',
    annotations: { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${address}:6443` },
    command: [
      'kube-apiserver',
      `--advertise-address=${address}`,
      '--allow-privileged=true',
      '--authorization-mode=Node,RBAC',
      `--client-ca-file=${pki}/ca.crt`,
      '--enable-admission-plugins=NodeRestriction',
      '--enable-bootstrap-token-auth=true',
      `--etcd-cafile=${pki}/etcd/ca.crt`,
      `--etcd-certfile=${pki}/apiserver-etcd-client.crt`,
      `--etcd-keyfile=${pki}/apiserver-etcd-client.key`,
      '--etcd-servers=https://127.0.0.1:2379',
      `--kubelet-client-certificate=${pki}/apiserver-kubelet-client.crt`,
      `--kubelet-client-key=${pki}/apiserver-kubelet-client.key`,
      '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
      `--proxy-client-cert-file=${pki}/front-proxy-client.crt`,
      `--proxy-client-key-file=${pki}/front-proxy-client.key`,
      '--requestheader-allowed-names=front-proxy-client',
      `--requestheader-client-ca-file=${pki}/front-proxy-ca.crt`,
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-username-headers=X-Remote-User',
      '--secure-port=6443',
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--service-account-key-file=${pki}/sa.pub`,
      `--service-account-signing-key-file=${pki}/sa.key`,
      `--service-cluster-ip-range=${serviceRange}`,
      `--tls-cert-file=${pki}/apiserver.crt`,
      `--tls-private-key-file=${pki}/apiserver.key`,
    ],
    probes: probesOf(address, 'HTTPS', '/livez', '/readyz', '/livez'),
    requests: { cpu: '250m' },
    port: 6443,
    mounts: certificates,
  }
}

function controllerManager({ podRange, serviceRange }: ControlPlaneSettings): Component {
  const own = '/etc/kubernetes/controller-manager.conf'
  return {
    name: 'kube-controller-manager',
    image: 'registry.k8s.io/kube-controller-manager:v1.36.3',
    command: [
      'kube-controller-manager',
      '--allocate-node-cidrs=true',
      `--authentication-kubeconfig=${own}`,
      `--authorization-kubeconfig=${own}`,
      '--bind-address=127.0.0.1',
      `--client-ca-file=${pki}/ca.crt`,
      `--cluster-cidr=${podRange}`,
      '--cluster-name=kubernetes',
      `--cluster-signing-cert-file=${pki}/ca.crt`,
      `--cluster-signing-key-file=${pki}/ca.key`,
      '--controllers=*,bootstrapsigner,tokencleaner',
      `--kubeconfig=${own}`,
      '--leader-elect=true',
      `--requestheader-client-ca-file=${pki}/front-proxy-ca.crt`,
      `--root-ca-file=${pki}/ca.crt`,
      `--service-account-private-key-file=${pki}/sa.key`,
      `--service-cluster-ip-range=${serviceRange}`,
      '--use-service-account-credentials=true',
    ],
    probes: probesOf('127.0.0.1', 'HTTPS', '/healthz', undefined, '/healthz'),
    requests: { cpu: '200m' },
    port: 10_257,
    mounts: [...certificates.slice(0, 3), ['kubeconfig', own, 'FileOrCreate', true], ...certificates.slice(3)],
  }
}

function scheduler(): Component {
  const own = '/etc/kubernetes/scheduler.conf'
  return {
    name: 'kube-scheduler',
    image: 'registry.k8s.io/kube-scheduler:v1.36.3',
    command: [
      'kube-scheduler',
      `--authentication-kubeconfig=${own}`,
      `--authorization-kubeconfig=${own}`,
      '--bind-address=127.0.0.1',
      `--kubeconfig=${own}`,
      '--leader-elect=true',
    ],
    probes: probesOf('127.0.0.1', 'HTTPS', '/livez', '/readyz', '/livez'),
    requests: { cpu: '100m' },
    port: 10_259,
    mounts: [['kubeconfig', own, 'FileOrCreate', true]],
  }
}
