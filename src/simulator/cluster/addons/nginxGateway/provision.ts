import { isEqual } from '../../api/equality.ts'
import { controllerReference, type Draft, type KubernetesObject } from '../../api/object.ts'
import type { Client } from '../../client.ts'
import { configMap } from '../../kinds/configMap.ts'
import { deployment } from '../../kinds/deployment.ts'
import type { Kind } from '../../kinds/kind.ts'
import { secret } from '../../kinds/secret.ts'
import { type ServicePort, service } from '../../kinds/service.ts'
import { serviceAccount } from '../../kinds/serviceAccount.ts'
import { release } from './images.ts'
import type { Gateway } from './types.ts'

/** What the NginxProxy of the class says of Services and pods. */
export interface ProxySettings {
  readonly serviceType: string
  readonly externalTrafficPolicy: string
  readonly replicas: number
}

/** The name of all objects that are made for a Gateway. */
export function resourceName({ metadata, spec }: Gateway): string {
  return `${metadata.name}-${spec.gatewayClassName}`
}

/** Makes the pods and the Service of a Gateway, and keeps them as they should be. */
export function provision(client: Client, gateway: Gateway, home: string, settings: ProxySettings): void {
  const name = resourceName(gateway)
  const namespace = gateway.metadata.namespace!
  const { infrastructure } = gateway.spec
  const selector = {
    'app.kubernetes.io/instance': 'nginx-gateway',
    'app.kubernetes.io/managed-by': 'nginx-gateway-nginx',
    'app.kubernetes.io/name': name,
    'gateway.networking.k8s.io/gateway-name': gateway.metadata.name,
  }
  const metadata = (suffix = '') => ({
    name: name + suffix,
    namespace,
    labels: { ...selector, ...infrastructure?.labels },
    ...(infrastructure?.annotations && { annotations: { ...infrastructure.annotations } }),
    ownerReferences: [controllerReference(gateway)],
  })
  const agent = client.get(secret, 'agent-tls', home)
  keep(client, secret, {
    metadata: metadata('-agent-tls'),
    type: 'kubernetes.io/tls',
    data: agent?.data ?? { 'tls.crt': '', 'tls.key': '' },
  })
  keep(client, configMap, {
    metadata: metadata('-includes-bootstrap'),
    data: { 'main.conf': 'error_log stderr info;\n' },
  })
  keep(client, configMap, {
    metadata: metadata('-agent-config'),
    data: { 'nginx-agent.conf': agentConfiguration(home, `${namespace}_${name}`) },
  })
  keep(client, serviceAccount, { metadata: metadata(), automountServiceAccountToken: false })
  const ports = [...new Set(gateway.spec.listeners.map(({ port }) => port))].sort((one, other) => one - other)
  keepService(client, metadata(), selector, ports, settings)
  keep(client, deployment, {
    metadata: metadata(),
    spec: {
      replicas: settings.replicas,
      selector: { matchLabels: selector },
      template: { metadata: { labels: { ...selector, ...infrastructure?.labels } }, spec: podSpec(name, ports) },
    },
  })
}

/** Removes what was made for Gateways that are no more. */
export function deprovision(client: Client, current: ReadonlySet<string>): void {
  const labels = { 'app.kubernetes.io/managed-by': 'nginx-gateway-nginx' }
  for (const kind of [deployment, service, serviceAccount, configMap, secret] as unknown as Kind[])
    for (const { metadata } of client.list(kind, { labels })) {
      const owner = `${metadata.namespace}_${metadata.labels!['app.kubernetes.io/name']}`
      if (!current.has(owner) && !metadata.deletionTimestamp) client.delete(kind, metadata.name, metadata.namespace)
    }
}

/** Creates an object, or changes what is no longer as it should be. */
function keep<T extends KubernetesObject & { spec?: unknown; data?: unknown }>(
  client: Client,
  kind: Kind<T>,
  wanted: Draft<T>,
): void {
  const { name, namespace, labels } = wanted.metadata
  const found = client.get(kind, name!, namespace)
  if (!found) {
    client.create(kind, wanted)
    return
  }
  const { spec, data } = wanted as { spec?: unknown; data?: unknown }
  const isLike = contains(found.spec, spec) && contains(found.data, data) && contains(found.metadata.labels, labels)
  if (!isLike)
    client.patch(kind, name!, namespace, {
      metadata: { labels },
      ...(spec !== undefined && { spec }),
      ...(data !== undefined && { data }),
    })
}

/** Whether one value has all that another asks for; what the server has added does not count. */
function contains(found: unknown, wanted: unknown): boolean {
  if (wanted === undefined) return true
  if (Array.isArray(wanted))
    return (
      Array.isArray(found) &&
      found.length === wanted.length &&
      wanted.every((each, index) => contains(found[index], each))
    )
  if (typeof wanted !== 'object' || wanted === null) return isEqual(found, wanted)
  const fields = (found ?? {}) as Record<string, unknown>
  return Object.entries(wanted).every(([key, value]) => contains(fields[key], value))
}

function keepService(
  client: Client,
  metadata: Draft<KubernetesObject>['metadata'],
  selector: Record<string, string>,
  ports: readonly number[],
  { serviceType, externalTrafficPolicy }: ProxySettings,
): void {
  const found = client.get(service, metadata.name!, metadata.namespace)
  // Ports keep the node ports that they have.
  const wanted: ServicePort[] = ports.map(port => ({
    name: `port-${port}`,
    port,
    protocol: 'TCP',
    targetPort: port,
    ...nodePortOf(found?.spec.ports, port),
  }))
  keep(client, service, {
    metadata,
    spec: {
      type: serviceType,
      ...(serviceType !== 'ClusterIP' && { externalTrafficPolicy }),
      ipFamilyPolicy: 'PreferDualStack',
      ports: wanted,
      selector,
    },
  })
}

function nodePortOf(ports: readonly ServicePort[] | undefined, port: number): { nodePort?: number } {
  const nodePort = ports?.find(each => each.port === port)?.nodePort
  return nodePort ? { nodePort } : {}
}

function podSpec(name: string, ports: readonly number[]) {
  const mount = (name: string, mountPath: string) => ({ name, mountPath })
  const securityContext = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    runAsGroup: 1001,
    runAsUser: 101,
    seccompProfile: { type: 'RuntimeDefault' },
  }
  const empty = [
    'nginx-agent',
    'nginx-agent-log',
    'nginx-conf',
    'nginx-main-includes',
    'nginx-secrets',
    'nginx-run',
    'nginx-cache',
  ]
  return {
    containers: [
      {
        image: `ghcr.io/nginx/nginx-gateway-fabric/nginx:${release}`,
        imagePullPolicy: 'IfNotPresent',
        name: 'nginx',
        ports: [
          ...ports.map(port => ({ containerPort: port, name: `port-${port}`, protocol: 'TCP' })),
          { containerPort: 9113, name: 'metrics', protocol: 'TCP' },
        ],
        readinessProbe: {
          httpGet: { path: '/readyz', port: 8081, scheme: 'HTTP' },
          initialDelaySeconds: 3,
          periodSeconds: 10,
        },
        securityContext: {
          ...securityContext,
          readOnlyRootFilesystem: false,
          // Simplified: real pods open ports below 1024 through net.ipv4.ip_unprivileged_port_start, without a capability.
          capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
        },
        volumeMounts: [
          mount('nginx-agent', '/etc/nginx-agent'),
          mount('nginx-agent-tls', '/var/run/secrets/ngf'),
          mount('nginx-agent-log', '/var/log/nginx-agent'),
          mount('nginx-conf', '/etc/nginx/conf.d'),
          mount('nginx-main-includes', '/etc/nginx/main-includes'),
          mount('nginx-secrets', '/etc/nginx/secrets'),
          mount('nginx-run', '/var/run/nginx'),
          mount('nginx-cache', '/var/cache/nginx'),
        ],
      },
    ],
    initContainers: [
      {
        args: [
          'initialize',
          '--source',
          '/agent/nginx-agent.conf',
          '--destination',
          '/etc/nginx-agent',
          '--source',
          '/includes/main.conf',
          '--destination',
          '/etc/nginx/main-includes',
        ],
        image: `ghcr.io/nginx/nginx-gateway-fabric:${release}`,
        imagePullPolicy: 'IfNotPresent',
        name: 'init',
        securityContext,
        volumeMounts: [
          mount('nginx-agent-config', '/agent'),
          mount('nginx-agent', '/etc/nginx-agent'),
          mount('nginx-includes-bootstrap', '/includes'),
          mount('nginx-main-includes', '/etc/nginx/main-includes'),
        ],
      },
    ],
    securityContext: { fsGroup: 1001, runAsNonRoot: true },
    serviceAccountName: name,
    volumes: [
      ...empty.map(each => ({ name: each, emptyDir: {} })),
      { name: 'nginx-agent-tls', secret: { secretName: `${name}-agent-tls` } },
      { name: 'nginx-agent-config', configMap: { name: `${name}-agent-config` } },
      { name: 'nginx-includes-bootstrap', configMap: { name: `${name}-includes-bootstrap` } },
    ],
  }
}

function agentConfiguration(home: string, owner: string): string {
  const host = `nginx-gateway.${home}.svc`
  return `command:
    server:
        host: ${host}
        port: 443
    tls:
        cert: /var/run/secrets/ngf/tls.crt
        key: /var/run/secrets/ngf/tls.key
        ca: /var/run/secrets/ngf/ca.crt
        server_name: ${host}
allowed_directories:
- /etc/nginx
- /usr/share/nginx
- /var/run/nginx
features:
- configuration
- certificates
- metrics
labels:
    owner-name: ${owner}
    owner-type: Deployment
    product-type: ngf
    product-version: ${release}
`
}
