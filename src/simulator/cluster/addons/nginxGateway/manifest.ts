import type { Client } from '../../client.ts'
import { clusterRole } from '../../kinds/clusterRole.ts'
import { clusterRoleBinding } from '../../kinds/clusterRoleBinding.ts'
import { customResourceDefinition } from '../../kinds/customResourceDefinition.ts'
import { deployment } from '../../kinds/deployment.ts'
import { job } from '../../kinds/job.ts'
import type { Kind } from '../../kinds/kind.ts'
import { namespace as namespaceKind } from '../../kinds/namespace.ts'
import { role } from '../../kinds/role.ts'
import { roleBinding } from '../../kinds/roleBinding.ts'
import { service } from '../../kinds/service.ts'
import { serviceAccount } from '../../kinds/serviceAccount.ts'
import { ageColumn, definitionOf } from '../../manifest/customResource.ts'
import { ensure } from '../../manifest/ensure.ts'
import { readRoles } from '../../manifest/readRoles.ts'
import { release } from './images.ts'
import { controllerName, ownClassName } from './types.ts'

const namespace = 'nginx-gateway'
const apiGroup = 'rbac.authorization.k8s.io'
const selector = { 'app.kubernetes.io/instance': 'nginx-gateway', 'app.kubernetes.io/name': 'nginx-gateway' }
const labels = { ...selector, 'app.kubernetes.io/version': release }
const image = `ghcr.io/nginx/nginx-gateway-fabric:${release}`

const roles = `
nginx-gateway
  create update delete list get watch | core apps | secrets configmaps serviceaccounts services deployments daemonsets
  get list watch | core | namespaces pods
  get list | apps | replicasets
  list | core | nodes
  create patch | core | events
  list watch | discovery.k8s.io | endpointslices
  create | authentication.k8s.io | tokenreviews
  list watch | gateway.networking.k8s.io | gatewayclasses gateways httproutes referencegrants grpcroutes
  update | gateway.networking.k8s.io | httproutes/status gateways/status gatewayclasses/status grpcroutes/status
  get list watch | gateway.nginx.org | nginxgateways
  list watch | gateway.nginx.org | nginxproxies
  update | gateway.nginx.org | nginxgateways/status
  create get update | coordination.k8s.io | leases
  list watch | apiextensions.k8s.io | customresourcedefinitions
`

const ownKinds = [
  { kind: 'NginxGateway', plural: 'nginxgateways', versions: ['v1alpha1'] },
  { kind: 'NginxProxy', plural: 'nginxproxies', versions: ['v1alpha2'] },
] as const

/** Creates what the project's manifest for node ports holds. */
export function applyManifest(client: Client): void {
  // Simplified: the project's own kinds take any settings; only the Service's type and policy and the number of replicas
  // of an NginxProxy have an effect.
  for (const { kind, plural, versions } of ownKinds)
    ensure(
      client,
      customResourceDefinition,
      definitionOf({
        group: 'gateway.nginx.org',
        kind,
        plural,
        versions,
        categories: ['nginx-gateway-fabric'],
        schema: {
          type: 'object',
          properties: {
            spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          },
        },
        columns: [ageColumn],
      }),
    )
  ensure(client, namespaceKind, { metadata: { name: namespace }, spec: {} })
  installAccounts(client)
  ensure(client, service, {
    metadata: { name: 'nginx-gateway', namespace, labels },
    spec: {
      ports: [{ name: 'agent-grpc', port: 443, protocol: 'TCP', targetPort: 8443 }],
      selector,
      type: 'ClusterIP',
    },
  })
  installDeployment(client)
  installJob(client)
  // Kinds that a definition brings are known a moment after it.
  client.onNewKind(kind => installObjects(client, kind))
  for (const kind of client.kinds()) installObjects(client, kind)
}

function installAccounts(client: Client): void {
  for (const name of ['nginx-gateway', 'nginx-gateway-cert-generator'])
    ensure(client, serviceAccount, { metadata: { name, namespace, labels } })
  const generator = { name: 'nginx-gateway-cert-generator', namespace }
  ensure(client, role, {
    metadata: { ...generator, labels },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['create', 'update', 'get'] }],
  })
  ensure(client, roleBinding, {
    metadata: { ...generator, labels },
    roleRef: { apiGroup, kind: 'Role', name: generator.name },
    subjects: [{ kind: 'ServiceAccount', ...generator }],
  })
  for (const { name, rules } of readRoles(roles)) {
    ensure(client, clusterRole, { metadata: { name, labels }, rules })
    ensure(client, clusterRoleBinding, {
      metadata: { name, labels },
      roleRef: { apiGroup, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    })
  }
}

const securityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
  runAsGroup: 1001,
  runAsUser: 101,
  seccompProfile: { type: 'RuntimeDefault' },
}
const podSecurity = { fsGroup: 1001, runAsNonRoot: true }

function installDeployment(client: Client): void {
  const own = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } })
  ensure(client, deployment, {
    metadata: { name: 'nginx-gateway', namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: selector },
      template: {
        metadata: {
          annotations: { 'prometheus.io/port': '9113', 'prometheus.io/scrape': 'true' },
          labels: selector,
        },
        spec: {
          containers: [
            {
              args: [
                'controller',
                `--gateway-ctlr-name=${controllerName}`,
                `--gatewayclass=${ownClassName}`,
                '--config=nginx-gateway-config',
                '--service=nginx-gateway',
                '--agent-tls-secret=agent-tls',
                '--metrics-port=9113',
                '--health-port=8081',
                '--leader-election-lock-name=nginx-gateway-leader-election',
              ],
              env: [
                own('POD_NAMESPACE', 'metadata.namespace'),
                own('POD_NAME', 'metadata.name'),
                own('POD_UID', 'metadata.uid'),
                own('INSTANCE_NAME', "metadata.labels['app.kubernetes.io/instance']"),
                { name: 'IMAGE_NAME', value: image },
              ],
              image,
              imagePullPolicy: 'IfNotPresent',
              name: 'nginx-gateway',
              ports: [
                { containerPort: 8443, name: 'agent-grpc' },
                { containerPort: 9113, name: 'metrics' },
                { containerPort: 8081, name: 'health' },
              ],
              readinessProbe: {
                httpGet: { path: '/readyz', port: 'health' },
                initialDelaySeconds: 3,
                periodSeconds: 1,
              },
              securityContext,
              volumeMounts: [{ mountPath: '/var/run/secrets/ngf', name: 'nginx-agent-tls' }],
            },
          ],
          securityContext: podSecurity,
          serviceAccountName: 'nginx-gateway',
          terminationGracePeriodSeconds: 30,
          volumes: [{ name: 'nginx-agent-tls', secret: { secretName: 'server-tls' } }],
        },
      },
    },
  })
}

function installJob(client: Client): void {
  ensure(client, job, {
    metadata: { name: 'nginx-gateway-cert-generator', namespace, labels },
    spec: {
      template: {
        metadata: {},
        spec: {
          containers: [
            {
              args: [
                'generate-certs',
                '--service=nginx-gateway',
                '--cluster-domain=cluster.local',
                '--server-tls-secret=server-tls',
                '--agent-tls-secret=agent-tls',
              ],
              env: [{ name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }],
              image,
              imagePullPolicy: 'IfNotPresent',
              name: 'cert-generator',
              securityContext,
            },
          ],
          restartPolicy: 'Never',
          securityContext: podSecurity,
          serviceAccountName: 'nginx-gateway-cert-generator',
        },
      },
      ttlSecondsAfterFinished: 0,
    },
  })
}

/** Objects of kinds that definitions bring: the class and the settings that it refers to. */
function installObjects(client: Client, kind: Kind): void {
  const draft = drafts[`${kind.group}/${kind.kind}`]
  if (draft && (kind.kind !== 'GatewayClass' || kind.version === 'v1')) ensure(client, kind, draft as never)
}

const drafts: Readonly<Record<string, object>> = {
  'gateway.networking.k8s.io/GatewayClass': {
    metadata: { name: ownClassName, labels },
    spec: {
      controllerName,
      parametersRef: {
        group: 'gateway.nginx.org',
        kind: 'NginxProxy',
        name: 'nginx-gateway-proxy-config',
        namespace,
      },
    },
  },
  'gateway.nginx.org/NginxGateway': {
    metadata: { name: 'nginx-gateway-config', namespace, labels },
    spec: { logging: { level: 'info' } },
  },
  'gateway.nginx.org/NginxProxy': {
    metadata: { name: 'nginx-gateway-proxy-config', namespace, labels },
    spec: {
      kubernetes: {
        deployment: {
          container: {
            image: { pullPolicy: 'IfNotPresent', repository: 'ghcr.io/nginx/nginx-gateway-fabric/nginx', tag: release },
          },
          replicas: 1,
        },
        service: { externalTrafficPolicy: 'Local', type: 'NodePort' },
      },
    },
  },
}
