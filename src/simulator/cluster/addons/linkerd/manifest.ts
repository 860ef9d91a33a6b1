import type { Client } from '../../client.ts'
import { clusterRole } from '../../kinds/clusterRole.ts'
import { configMap } from '../../kinds/configMap.ts'
import { customResourceDefinition } from '../../kinds/customResourceDefinition.ts'
import { deployment } from '../../kinds/deployment.ts'
import { mutatingWebhookConfiguration } from '../../kinds/mutatingWebhookConfiguration.ts'
import { namespace as namespaceKind } from '../../kinds/namespace.ts'
import { service } from '../../kinds/service.ts'
import { serviceAccount } from '../../kinds/serviceAccount.ts'
import { ageColumn, definitionOf, textColumn } from '../../manifest/customResource.ts'
import { ensure } from '../../manifest/ensure.ts'
import { readRoles } from '../../manifest/readRoles.ts'
import { httpRouteSchema } from '../gatewayApi/httpRoute.ts'
import { bindRole } from '../rbac.ts'
import { linkerdVersion } from './version.ts'

const namespace = 'linkerd'

const roles = `
linkerd-linkerd-control-plane
  get list watch | core | pods services endpoints namespaces nodes
  get list watch create update patch | core | configmaps secrets
  get list watch | discovery.k8s.io | endpointslices
  get list watch | policy.linkerd.io gateway.networking.k8s.io | *
  get list watch update patch | admissionregistration.k8s.io | mutatingwebhookconfigurations
  get list watch | apps | deployments replicasets
  create | authentication.k8s.io | tokenreviews
`

const httpRoute = {
  group: 'policy.linkerd.io',
  kind: 'HTTPRoute',
  plural: 'httproutes',
  versions: ['v1beta3'],
  schema: httpRouteSchema,
  columns: [textColumn('Hostnames', '.spec.hostnames'), ageColumn],
}

interface ControlPart {
  readonly component: string
  readonly account: string
  readonly containers: readonly { readonly name: string; readonly port: number; readonly admin: number }[]
}

const parts: readonly ControlPart[] = [
  {
    component: 'identity',
    account: 'linkerd-identity',
    containers: [{ name: 'identity', port: 8080, admin: 9990 }],
  },
  {
    component: 'destination',
    account: 'linkerd-destination',
    containers: [
      { name: 'destination', port: 8086, admin: 9996 },
      { name: 'sp-validator', port: 8443, admin: 9997 },
      { name: 'policy', port: 8090, admin: 9999 },
    ],
  },
  {
    component: 'proxy-injector',
    account: 'linkerd-proxy-injector',
    containers: [{ name: 'proxy-injector', port: 8443, admin: 9995 }],
  },
]

// Simplified: the pods of the control plane have no proxies of their own, its parts share one role, and linkerd-heartbeat
// is left out.
/** Creates what `linkerd install` creates. */
export function installLinkerd(client: Client): void {
  ensure(client, namespaceKind, {
    metadata: {
      name: namespace,
      labels: { 'linkerd.io/is-control-plane': 'true', 'config.linkerd.io/admission-webhooks': 'disabled' },
      annotations: { 'linkerd.io/inject': 'disabled' },
    },
    spec: { finalizers: ['kubernetes'] },
  })
  ensure(client, customResourceDefinition, definitionOf(httpRoute))
  for (const { name, rules } of readRoles(roles)) ensure(client, clusterRole, { metadata: { name }, rules })
  const accounts = parts.map(({ account }) => account)
  for (const name of accounts) ensure(client, serviceAccount, { metadata: { name, namespace } })
  bindRole(
    client,
    'linkerd-linkerd-control-plane',
    'linkerd-linkerd-control-plane',
    accounts.map(name => ({ kind: 'ServiceAccount', name, namespace })),
  )
  ensure(client, configMap, {
    metadata: { name: 'linkerd-config', namespace, labels: { 'linkerd.io/control-plane-component': 'controller' } },
    data: {
      values: `linkerdVersion: ${linkerdVersion}\nidentityTrustDomain: cluster.local\nclusterDomain: cluster.local\n`,
    },
  })
  installServices(client)
  for (const part of parts) installPart(client, part)
  installWebhook(client)
}

function installServices(client: Client): void {
  const make = (name: string, component: string, ports: readonly [string, number, number][], isHeadless = false) =>
    ensure(client, service, {
      metadata: { name, namespace, labels: { 'linkerd.io/control-plane-component': component } },
      spec: {
        ...(isHeadless && { clusterIP: 'None' }),
        selector: { 'linkerd.io/control-plane-component': component },
        ports: ports.map(([port, number, targetPort]) => ({ name: port, port: number, targetPort, protocol: 'TCP' })),
      },
    })
  make('linkerd-identity', 'identity', [['grpc', 8080, 8080]])
  make('linkerd-identity-headless', 'identity', [['grpc', 8080, 8080]], true)
  make('linkerd-dst', 'destination', [['grpc', 8086, 8086]])
  make('linkerd-dst-headless', 'destination', [['grpc', 8086, 8086]], true)
  make('linkerd-policy', 'destination', [['grpc', 8090, 8090]], true)
  make('linkerd-sp-validator', 'destination', [['sp-validator', 443, 8443]])
  make('linkerd-proxy-injector', 'proxy-injector', [['proxy-injector', 443, 8443]])
}

function installPart(client: Client, { component, account, containers }: ControlPart): void {
  const labels = { 'linkerd.io/control-plane-component': component, 'linkerd.io/control-plane-ns': namespace }
  ensure(client, deployment, {
    metadata: {
      name: account,
      namespace,
      labels: { ...labels, 'app.kubernetes.io/name': component, 'app.kubernetes.io/part-of': 'Linkerd' },
      annotations: { 'linkerd.io/created-by': `linkerd/cli ${linkerdVersion}` },
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { 'linkerd.io/created-by': `linkerd/cli ${linkerdVersion}` } },
        spec: {
          serviceAccountName: account,
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          containers: containers.map(({ name, port, admin }) => ({
            name,
            image: `cr.l5d.io/linkerd/controller:${linkerdVersion}`,
            imagePullPolicy: 'IfNotPresent',
            args: [name, '-log-level=info', '-log-format=plain'],
            env: [{ name: 'LINKERD_VERSION', value: linkerdVersion }],
            ports: [
              { containerPort: port, name: name === 'proxy-injector' || name === 'sp-validator' ? name : 'grpc' },
              { containerPort: admin, name: 'admin-http' },
            ].map(each => (name === 'policy' ? { ...each, name: `policy-${each.name.slice(0, 5)}` } : each)),
            livenessProbe: { httpGet: { path: '/ping', port: admin }, initialDelaySeconds: 10 },
            readinessProbe: { httpGet: { path: '/ready', port: admin }, failureThreshold: 7 },
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
              readOnlyRootFilesystem: true,
              runAsNonRoot: true,
              runAsUser: 2103,
              runAsGroup: 2103,
            },
          })),
        },
      },
    },
  })
}

function installWebhook(client: Client): void {
  const not = (key: string, ...values: string[]) => ({ key, operator: 'NotIn', values })
  ensure(client, mutatingWebhookConfiguration, {
    metadata: {
      name: 'linkerd-proxy-injector-webhook-config',
      labels: { 'linkerd.io/control-plane-component': 'proxy-injector', 'linkerd.io/control-plane-ns': namespace },
    },
    webhooks: [
      {
        name: 'linkerd-proxy-injector.linkerd.io',
        namespaceSelector: {
          matchExpressions: [
            not('config.linkerd.io/admission-webhooks', 'disabled'),
            not('kubernetes.io/metadata.name', 'kube-system', 'cert-manager'),
          ],
        },
        clientConfig: { service: { name: 'linkerd-proxy-injector', namespace, path: '/' } },
        failurePolicy: 'Ignore',
        admissionReviewVersions: ['v1', 'v1beta1'],
        rules: [
          { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], scope: 'Namespaced' },
        ],
        sideEffects: 'None',
        timeoutSeconds: 10,
      },
    ],
  })
}
