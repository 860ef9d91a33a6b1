import type { Container, Probe, Volume } from 'kubernetes-types/core/v1'
import type { Operation } from '../../api/jsonPatch.ts'
import type { Pod } from '../../kinds/pod.ts'
import { workloadName } from '../mesh/serviceRegistry.ts'
import { istioVersion } from './version.ts'

const image = `docker.io/istio/proxyv2:${istioVersion}`
const owned = [
  'workload-socket',
  'credential-socket',
  'workload-certs',
  'istio-envoy',
  'istio-data',
  'istio-podinfo',
  'istio-token',
  'istiod-ca-cert',
]
const resources = { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '10m', memory: '40Mi' } }

/** Whether a pod shall get a proxy; its namespace and its labels have been looked at by the webhook's selectors. */
export function wantsProxy({ metadata, spec }: Pod): boolean {
  const word = metadata.labels?.['sidecar.istio.io/inject'] ?? metadata.annotations?.['sidecar.istio.io/inject']
  return word !== 'false' && !spec.hostNetwork
}

/** What is changed about a pod so that a proxy stands beside its containers. */
export function injectionPatch(pod: Pod, namespace: string): Operation[] {
  const { metadata, spec } = pod
  const probers: Record<string, unknown> = {}
  const containers = spec.containers.map(each => redirectProbes(each, probers))
  const [first] = spec.containers
  const name = first?.name ?? ''
  const appName = metadata.labels?.['app.kubernetes.io/name'] ?? metadata.labels?.['app'] ?? workloadName(pod)
  const revision = metadata.labels?.['app.kubernetes.io/version'] ?? metadata.labels?.['version'] ?? 'latest'
  const labels = {
    ...metadata.labels,
    'security.istio.io/tlsMode': 'istio',
    'service.istio.io/canonical-name': metadata.labels?.['service.istio.io/canonical-name'] ?? appName,
    'service.istio.io/canonical-revision': metadata.labels?.['service.istio.io/canonical-revision'] ?? revision,
  }
  const status = {
    initContainers: ['istio-init', 'istio-proxy'],
    containers: null,
    volumes: owned,
    imagePullSecrets: null,
    revision: 'default',
  }
  const annotations = {
    'istio.io/rev': 'default',
    'kubectl.kubernetes.io/default-container': name,
    'kubectl.kubernetes.io/default-logs-container': name,
    'prometheus.io/path': '/stats/prometheus',
    'prometheus.io/port': '15020',
    'prometheus.io/scrape': 'true',
    ...metadata.annotations,
    'sidecar.istio.io/status': JSON.stringify(status),
  }
  return [
    { op: 'add', path: '/metadata/labels', value: labels },
    { op: 'add', path: '/metadata/annotations', value: annotations },
    { op: 'add', path: '/spec/containers', value: containers },
    {
      op: 'add',
      path: '/spec/initContainers',
      value: [
        initContainer(metadata.annotations ?? {}),
        proxyContainer(pod, namespace, probers),
        ...(spec.initContainers ?? []),
      ],
    },
    { op: 'add', path: '/spec/volumes', value: [...volumes(), ...(spec.volumes ?? [])] },
  ]
}

/** HTTP and TCP probes of the kubelet would meet the proxy, and mutual TLS: the agent asks in their place. */
function redirectProbes(container: Container, probers: Record<string, unknown>): Container {
  const changed = { ...container }
  for (const [field, word] of [
    ['livenessProbe', 'livez'],
    ['readinessProbe', 'readyz'],
    ['startupProbe', 'startupz'],
  ] as const) {
    const probe = container[field]
    if (!probe?.httpGet && !probe?.tcpSocket) continue
    const path = `/app-health/${container.name}/${word}`
    const { httpGet, tcpSocket, timeoutSeconds = 1 } = probe
    const port = (given: string | number) =>
      typeof given === 'number' ? given : (container.ports?.find(({ name }) => name === given)?.containerPort ?? given)
    probers[path] = {
      ...(httpGet && { httpGet: { ...httpGet, port: port(httpGet.port) } }),
      ...(tcpSocket && { tcpSocket: { port: port(tcpSocket.port) } }),
      timeoutSeconds,
    }
    const { tcpSocket: _, ...rest } = probe
    changed[field] = { ...rest, httpGet: { path, port: 15020, scheme: 'HTTP' } } as Probe
  }
  return changed
}

function initContainer(annotations: Readonly<Record<string, string>>): Container {
  const setting = (name: string, usual: string) => annotations[`traffic.sidecar.istio.io/${name}`] ?? usual
  const excluded = [
    '15090',
    '15021',
    '15020',
    ...setting('excludeInboundPorts', '')
      .split(',')
      .filter(each => each !== ''),
  ]
  const outbound = setting('excludeOutboundPorts', '')
  return {
    name: 'istio-init',
    image,
    args: [
      'istio-iptables',
      ...['-p', '15001', '-z', '15006', '-u', '1337', '-m', 'REDIRECT'],
      ...['-i', setting('includeOutboundIPRanges', '*'), '-x', setting('excludeOutboundIPRanges', '')],
      ...['-b', setting('includeInboundPorts', '*'), '-d', excluded.join(',')],
      ...(outbound === '' ? [] : ['-o', outbound]),
      '--log_output_level=default:info',
    ],
    resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: false,
      runAsGroup: 0,
      runAsNonRoot: false,
      runAsUser: 0,
    },
  }
}

const readiness = { httpGet: { path: '/healthz/ready', port: 15021 }, timeoutSeconds: 3 }

/** The pod of a proxy at the edge, which stands alone. */
export function edgePod(): { containers: Container[]; volumes: Volume[] } {
  const namespace = 'istio-system'
  const alone = { metadata: { name: 'istio-ingressgateway', namespace }, spec: { containers: [] } } as unknown as Pod
  const container = agentContainer('router', alone, namespace, {})
  const ports = [15021, 8080, 8443].map(containerPort => ({ containerPort, protocol: 'TCP' }))
  const readinessProbe = { ...readiness, initialDelaySeconds: 1, periodSeconds: 2, failureThreshold: 30 }
  return { containers: [{ ...container, ports: [...ports, ...container.ports!], readinessProbe }], volumes: volumes() }
}

/** A container that begins before the others and ends after them: a sidecar in Kubernetes' own sense. */
function proxyContainer(pod: Pod, namespace: string, probers: object): Container {
  const drain = ['pilot-agent', 'request', '--debug-port=15020', 'POST', 'drain']
  const always = { restartPolicy: 'Always' }
  return {
    ...agentContainer('sidecar', pod, namespace, probers),
    ...always,
    lifecycle: { preStop: { exec: { command: drain } } },
    readinessProbe: { ...readiness, failureThreshold: 4, periodSeconds: 15 },
    startupProbe: { ...readiness, failureThreshold: 600, periodSeconds: 1 },
  }
}

/** What the proxies beside others and at the edge have in common. */
function agentContainer(type: 'sidecar' | 'router', pod: Pod, namespace: string, probers: object): Container {
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } })
  const ports = pod.spec.containers.flatMap(each => each.ports ?? [])
  const workload = workloadName(pod)
  return {
    name: 'istio-proxy',
    image,
    args: [
      'proxy',
      type,
      '--domain',
      '$(POD_NAMESPACE).svc.cluster.local',
      '--proxyLogLevel=warning',
      '--proxyComponentLogLevel=misc:error',
      '--log_output_level=default:info',
    ],
    ports: [{ containerPort: 15090, protocol: 'TCP', name: 'http-envoy-prom' }],
    env: [
      { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
      { name: 'CA_ADDR', value: 'istiod.istio-system.svc:15012' },
      field('POD_NAME', 'metadata.name'),
      field('POD_NAMESPACE', 'metadata.namespace'),
      field('INSTANCE_IP', 'status.podIP'),
      field('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
      field('HOST_IP', 'status.hostIP'),
      { name: 'PROXY_CONFIG', value: '{}\n' },
      { name: 'ISTIO_META_POD_PORTS', value: `[\n    ${ports.map(each => JSON.stringify(each)).join('\n    ,')}\n]` },
      { name: 'ISTIO_META_APP_CONTAINERS', value: pod.spec.containers.map(({ name }) => name).join(',') },
      { name: 'ISTIO_META_CLUSTER_ID', value: 'Kubernetes' },
      field('ISTIO_META_NODE_NAME', 'spec.nodeName'),
      { name: 'ISTIO_META_INTERCEPTION_MODE', value: 'REDIRECT' },
      { name: 'ISTIO_META_WORKLOAD_NAME', value: workload },
      {
        name: 'ISTIO_META_OWNER',
        value: `kubernetes://apis/${pod.metadata.ownerReferences?.[0]?.kind === 'ReplicaSet' ? 'apps/v1' : 'v1'}/namespaces/${namespace}/${pod.metadata.ownerReferences?.[0]?.kind === 'ReplicaSet' ? 'deployments' : 'pods'}/${workload}`,
      },
      { name: 'ISTIO_META_MESH_ID', value: 'cluster.local' },
      { name: 'TRUST_DOMAIN', value: 'cluster.local' },
      ...(Object.keys(probers).length > 0 ? [{ name: 'ISTIO_KUBE_APP_PROBERS', value: JSON.stringify(probers) }] : []),
    ],
    resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: 1337,
      runAsNonRoot: true,
      runAsUser: 1337,
    },
    volumeMounts: [
      { mountPath: '/var/run/secrets/workload-spiffe-uds', name: 'workload-socket' },
      { mountPath: '/var/run/secrets/credential-uds', name: 'credential-socket' },
      { mountPath: '/var/run/secrets/workload-spiffe-credentials', name: 'workload-certs' },
      { mountPath: '/var/run/secrets/istio', name: 'istiod-ca-cert' },
      { mountPath: '/var/lib/istio/data', name: 'istio-data' },
      { mountPath: '/etc/istio/proxy', name: 'istio-envoy' },
      { mountPath: '/var/run/secrets/tokens', name: 'istio-token' },
      { mountPath: '/etc/istio/pod', name: 'istio-podinfo' },
    ],
  }
}

function volumes(): Volume[] {
  const field = (path: string) => ({ path, fieldRef: { fieldPath: `metadata.${path}` } })
  return [
    { name: 'workload-socket', emptyDir: {} },
    { name: 'credential-socket', emptyDir: {} },
    { name: 'workload-certs', emptyDir: {} },
    { name: 'istio-envoy', emptyDir: { medium: 'Memory' } },
    { name: 'istio-data', emptyDir: {} },
    { name: 'istio-podinfo', downwardAPI: { items: [field('labels'), field('annotations')] } },
    {
      name: 'istio-token',
      projected: {
        sources: [{ serviceAccountToken: { audience: 'istio-ca', expirationSeconds: 43200, path: 'istio-token' } }],
      },
    },
    { name: 'istiod-ca-cert', configMap: { name: 'istio-ca-root-cert' } },
  ]
}
