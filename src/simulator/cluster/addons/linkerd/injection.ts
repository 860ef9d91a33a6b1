import type { Container } from 'kubernetes-types/core/v1'
import type { Operation } from '../../api/jsonPatch.ts'
import type { Pod } from '../../kinds/pod.ts'
import { workloadName } from '../mesh/serviceRegistry.ts'
import { initVersion, linkerdVersion } from './version.ts'

/** Whether a pod shall get a proxy: its own word, or its namespace's. */
export function wantsProxy({ metadata, spec }: Pod, word: string | undefined): boolean {
  if (metadata.labels?.['linkerd.io/control-plane-component'] || spec.hostNetwork) return false
  if (spec.containers.some(({ name }) => name === 'linkerd-proxy')) return false
  return word === 'enabled' || word === 'ingress'
}

/** What is changed about a pod so that a proxy stands beside its containers. */
export function injectionPatch(pod: Pod, namespace: string, roots: string): Operation[] {
  const { metadata, spec } = pod
  const owner = metadata.ownerReferences?.[0]
  const annotations = {
    'kubectl.kubernetes.io/default-container': spec.containers[0]?.name ?? '',
    ...metadata.annotations,
    'linkerd.io/created-by': `linkerd/proxy-injector ${linkerdVersion}`,
    'linkerd.io/inject': 'enabled',
    'linkerd.io/proxy-version': linkerdVersion,
  }
  const labels = {
    ...metadata.labels,
    'linkerd.io/control-plane-ns': 'linkerd',
    ...(owner?.kind === 'ReplicaSet' && { 'linkerd.io/proxy-deployment': workloadName(pod) }),
    'linkerd.io/workload-ns': namespace,
  }
  return [
    { op: 'add', path: '/metadata/labels', value: labels },
    { op: 'add', path: '/metadata/annotations', value: annotations },
    {
      op: 'add',
      path: '/spec/initContainers',
      value: [initContainer(metadata.annotations ?? {}), ...(spec.initContainers ?? [])],
    },
    { op: 'add', path: '/spec/containers', value: [proxyContainer(namespace, roots), ...spec.containers] },
    { op: 'add', path: '/spec/volumes', value: [...volumes, ...(spec.volumes ?? [])] },
  ]
}

function initContainer(annotations: Readonly<Record<string, string>>): Container {
  const skip = (name: string, usual: string) => {
    const more = annotations[`config.linkerd.io/${name}`]
    return more === undefined ? usual : `${usual},${more}`
  }
  return {
    name: 'linkerd-init',
    image: `cr.l5d.io/linkerd/proxy-init:${initVersion}`,
    imagePullPolicy: 'IfNotPresent',
    args: [
      '--ipv6=false',
      ...['--incoming-proxy-port', '4143', '--outgoing-proxy-port', '4140', '--proxy-uid', '2102'],
      ...['--inbound-ports-to-ignore', skip('skip-inbound-ports', '4190,4191,4567,4568')],
      ...['--outbound-ports-to-ignore', skip('skip-outbound-ports', '4567,4568')],
    ],
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { add: ['NET_ADMIN', 'NET_RAW'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: 65534,
      runAsNonRoot: true,
      runAsUser: 65534,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [{ mountPath: '/run', name: 'linkerd-proxy-init-xtables-lock' }],
  }
}

function proxyContainer(namespace: string, roots: string): Container {
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } })
  const service = (name: string, port: number) => `${name}.linkerd.svc.cluster.local.:${port}`
  const probe = (path: string) => ({ httpGet: { path, port: 4191 } })
  return {
    name: 'linkerd-proxy',
    image: `cr.l5d.io/linkerd/proxy:${linkerdVersion}`,
    imagePullPolicy: 'IfNotPresent',
    env: [
      field('_pod_name', 'metadata.name'),
      field('_pod_ns', 'metadata.namespace'),
      field('_pod_nodeName', 'spec.nodeName'),
      field('_pod_ip', 'status.podIP'),
      { name: 'LINKERD2_PROXY_LOG', value: 'warn,linkerd=info,hickory=error' },
      { name: 'LINKERD2_PROXY_LOG_FORMAT', value: 'plain' },
      { name: 'LINKERD2_PROXY_DESTINATION_SVC_ADDR', value: service('linkerd-dst-headless', 8086) },
      { name: 'LINKERD2_PROXY_POLICY_SVC_ADDR', value: service('linkerd-policy', 8090) },
      { name: 'LINKERD2_PROXY_CONTROL_LISTEN_ADDR', value: '0.0.0.0:4190' },
      { name: 'LINKERD2_PROXY_ADMIN_LISTEN_ADDR', value: '0.0.0.0:4191' },
      { name: 'LINKERD2_PROXY_OUTBOUND_LISTEN_ADDR', value: '127.0.0.1:4140' },
      { name: 'LINKERD2_PROXY_INBOUND_LISTEN_ADDR', value: '0.0.0.0:4143' },
      { name: 'LINKERD2_PROXY_IDENTITY_DIR', value: '/var/run/linkerd/identity/end-entity' },
      { name: 'LINKERD2_PROXY_IDENTITY_TRUST_ANCHORS', value: roots },
      { name: 'LINKERD2_PROXY_IDENTITY_TOKEN_FILE', value: '/var/run/secrets/tokens/linkerd-identity-token' },
      { name: 'LINKERD2_PROXY_IDENTITY_SVC_ADDR', value: service('linkerd-identity-headless', 8080) },
      field('_pod_sa', 'spec.serviceAccountName'),
      { name: '_l5d_ns', value: 'linkerd' },
      { name: '_l5d_trustdomain', value: 'cluster.local' },
      {
        name: 'LINKERD2_PROXY_IDENTITY_LOCAL_NAME',
        value: `$(_pod_sa).${namespace}.serviceaccount.identity.linkerd.cluster.local`,
      },
    ],
    lifecycle: {
      postStart: { exec: { command: ['/usr/lib/linkerd/linkerd-await', '--timeout=2m', '--port=4191'] } },
    },
    livenessProbe: { ...probe('/live'), initialDelaySeconds: 10, timeoutSeconds: 1 },
    readinessProbe: { ...probe('/ready'), initialDelaySeconds: 2, timeoutSeconds: 1 },
    ports: [
      { containerPort: 4143, name: 'linkerd-proxy' },
      { containerPort: 4191, name: 'linkerd-admin' },
    ],
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsGroup: 2102,
      runAsNonRoot: true,
      runAsUser: 2102,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [
      { mountPath: '/var/run/linkerd/identity/end-entity', name: 'linkerd-identity-end-entity' },
      { mountPath: '/var/run/secrets/tokens', name: 'linkerd-identity-token' },
    ],
  }
}

const volumes = [
  { name: 'linkerd-proxy-init-xtables-lock', emptyDir: {} },
  { name: 'linkerd-identity-end-entity', emptyDir: { medium: 'Memory' } },
  {
    name: 'linkerd-identity-token',
    projected: {
      sources: [
        {
          serviceAccountToken: {
            path: 'linkerd-identity-token',
            expirationSeconds: 86_400,
            audience: 'identity.l5d.io',
          },
        },
      ],
    },
  },
]
