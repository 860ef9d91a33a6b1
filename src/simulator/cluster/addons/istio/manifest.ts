import type { Client } from '../../client.ts'
import { clusterRole } from '../../kinds/clusterRole.ts'
import { configMap } from '../../kinds/configMap.ts'
import { customResourceDefinition } from '../../kinds/customResourceDefinition.ts'
import { deployment } from '../../kinds/deployment.ts'
import { mutatingWebhookConfiguration } from '../../kinds/mutatingWebhookConfiguration.ts'
import { namespace as namespaceKind } from '../../kinds/namespace.ts'
import { service } from '../../kinds/service.ts'
import { serviceAccount } from '../../kinds/serviceAccount.ts'
import { definitionOf } from '../../manifest/customResource.ts'
import { ensure } from '../../manifest/ensure.ts'
import { readRoles } from '../../manifest/readRoles.ts'
import { bindRole } from '../rbac.ts'
import { istioDefinitions } from './definitions.ts'
import { edgePod } from './injection.ts'
import { meshConfiguration } from './meshSettings.ts'
import { istioVersion } from './version.ts'

const namespace = 'istio-system'

const roles = `
istiod-clusterrole-istio-system
  get list watch update patch | admissionregistration.k8s.io | mutatingwebhookconfigurations validatingwebhookconfigurations
  get watch list | networking.istio.io security.istio.io | *
  get list watch | apiextensions.k8s.io | customresourcedefinitions
  get list watch | core | pods nodes services namespaces endpoints secrets
  get list watch | discovery.k8s.io | endpointslices
  create get list watch update | core | configmaps
  create get watch list update delete | core | secrets
  create | authentication.k8s.io | tokenreviews
`

/** Creates what `istioctl install` and the Zipkin sample create. */
export function installIstio(client: Client): void {
  ensure(client, namespaceKind, { metadata: { name: namespace }, spec: { finalizers: ['kubernetes'] } })
  for (const definition of istioDefinitions) ensure(client, customResourceDefinition, definitionOf(definition))
  ensure(client, serviceAccount, { metadata: { name: 'istiod', namespace, labels: { app: 'istiod' } } })
  for (const { name, rules } of readRoles(roles)) ensure(client, clusterRole, { metadata: { name }, rules })
  bindRole(client, 'istiod-clusterrole-istio-system', 'istiod-clusterrole-istio-system', [
    { kind: 'ServiceAccount', name: 'istiod', namespace },
  ])
  ensure(client, configMap, {
    metadata: { name: 'istio', namespace, labels: { 'istio.io/rev': 'default' } },
    data: { mesh: meshConfiguration, meshNetworks: 'networks: {}' },
  })
  installControlPlane(client)
  installWebhook(client)
  installEdge(client)
  installZipkin(client)
}

function installControlPlane(client: Client): void {
  const labels = { app: 'istiod', istio: 'pilot' }
  ensure(client, service, {
    metadata: { name: 'istiod', namespace, labels: { ...labels, 'istio.io/rev': 'default' } },
    spec: {
      ports: [
        { port: 15010, name: 'grpc-xds', protocol: 'TCP' },
        { port: 15012, name: 'https-dns', protocol: 'TCP' },
        { port: 443, name: 'https-webhook', targetPort: 15017, protocol: 'TCP' },
        { port: 15014, name: 'http-monitoring', protocol: 'TCP' },
      ],
      selector: labels,
    },
  })
  ensure(client, deployment, {
    metadata: { name: 'istiod', namespace, labels: { ...labels, 'istio.io/rev': 'default' } },
    spec: {
      strategy: { rollingUpdate: { maxSurge: '100%', maxUnavailable: '25%' } },
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels: { ...labels, 'istio.io/rev': 'default', 'sidecar.istio.io/inject': 'false' },
          annotations: {
            'prometheus.io/port': '15014',
            'prometheus.io/scrape': 'true',
            'sidecar.istio.io/inject': 'false',
          },
        },
        spec: {
          serviceAccountName: 'istiod',
          containers: [
            {
              name: 'discovery',
              image: `docker.io/istio/pilot:${istioVersion}`,
              args: [
                'discovery',
                '--monitoringAddr=:15014',
                '--log_output_level=default:info',
                '--domain',
                'cluster.local',
                '--keepaliveMaxServerConnectionAge',
                '30m',
              ],
              ports: [
                { containerPort: 8080, protocol: 'TCP', name: 'http-debug' },
                { containerPort: 15010, protocol: 'TCP', name: 'grpc-xds' },
                { containerPort: 15012, protocol: 'TCP', name: 'tls-xds' },
                { containerPort: 15017, protocol: 'TCP', name: 'https-webhooks' },
                { containerPort: 15014, protocol: 'TCP', name: 'http-monitoring' },
              ],
              env: [
                { name: 'REVISION', value: 'default' },
                { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
                { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
                { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
                { name: 'SERVICE_ACCOUNT', valueFrom: { fieldRef: { fieldPath: 'spec.serviceAccountName' } } },
                { name: 'PILOT_TRACE_SAMPLING', value: '100' },
                { name: 'CLUSTER_ID', value: 'Kubernetes' },
              ],
              readinessProbe: {
                httpGet: { path: '/ready', port: 8080 },
                initialDelaySeconds: 1,
                periodSeconds: 3,
                timeoutSeconds: 5,
              },
              resources: { requests: { cpu: '10m', memory: '100Mi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
                runAsUser: 1337,
                runAsGroup: 1337,
              },
              volumeMounts: [{ name: 'config-volume', mountPath: '/etc/istio/config' }],
            },
          ],
          tolerations: [{ key: 'cni.istio.io/not-ready', operator: 'Exists' }],
          volumes: [{ name: 'config-volume', configMap: { name: 'istio' } }],
        },
      },
    },
  })
}

function installWebhook(client: Client): void {
  const key = 'istio-injection'
  const revision = 'istio.io/rev'
  const word = 'sidecar.istio.io/inject'
  const absent = (name: string) => ({ key: name, operator: 'DoesNotExist' })
  const isIn = (name: string, ...values: string[]) => ({ key: name, operator: 'In', values })
  const isNot = (name: string, ...values: string[]) => ({ key: name, operator: 'NotIn', values })
  const webhook = (name: string, ofNamespace: object[], ofObject: object[]) => ({
    name: `${name}sidecar-injector.istio.io`,
    clientConfig: { service: { name: 'istiod', namespace, path: '/inject', port: 443 } },
    sideEffects: 'None',
    rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
    failurePolicy: 'Fail',
    reinvocationPolicy: 'Never',
    admissionReviewVersions: ['v1'],
    namespaceSelector: { matchExpressions: ofNamespace as { key: string; operator: string }[] },
    objectSelector: { matchExpressions: ofObject as { key: string; operator: string }[] },
  })
  ensure(client, mutatingWebhookConfiguration, {
    metadata: {
      name: 'istio-sidecar-injector',
      labels: { app: 'sidecar-injector', 'istio.io/rev': 'default' },
    },
    webhooks: [
      webhook('rev.namespace.', [isIn(revision, 'default'), absent(key)], [isNot(word, 'false')]),
      webhook('rev.object.', [absent(revision), absent(key)], [isNot(word, 'false'), isIn(revision, 'default')]),
      webhook('namespace.', [isIn(key, 'enabled')], [isNot(word, 'false')]),
      webhook('object.', [absent(key), absent(revision)], [isIn(word, 'true'), absent(revision)]),
    ],
  })
}

/** The proxy at the edge: what comes from outside the mesh comes through it. */
function installEdge(client: Client): void {
  const labels = { app: 'istio-ingressgateway', istio: 'ingressgateway' }
  const account = 'istio-ingressgateway-service-account'
  ensure(client, serviceAccount, { metadata: { name: account, namespace, labels } })
  ensure(client, service, {
    metadata: { name: 'istio-ingressgateway', namespace, labels },
    spec: {
      type: 'LoadBalancer',
      selector: labels,
      ports: [
        { name: 'status-port', port: 15021, targetPort: 15021, protocol: 'TCP' },
        { name: 'http2', port: 80, targetPort: 8080, protocol: 'TCP' },
        { name: 'https', port: 443, targetPort: 8443, protocol: 'TCP' },
      ],
    },
  })
  ensure(client, deployment, {
    metadata: { name: 'istio-ingressgateway', namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels: {
            ...labels,
            'service.istio.io/canonical-name': 'istio-ingressgateway',
            'sidecar.istio.io/inject': 'false',
          },
          annotations: { 'sidecar.istio.io/inject': 'false' },
        },
        spec: { serviceAccountName: account, ...edgePod() },
      },
    },
  })
}

function installZipkin(client: Client): void {
  const labels = { app: 'zipkin' }
  ensure(client, deployment, {
    metadata: { name: 'zipkin', namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...labels, 'sidecar.istio.io/inject': 'false' } },
        spec: {
          containers: [
            {
              name: 'zipkin',
              image: 'openzipkin/zipkin-slim:3.4.0',
              env: [{ name: 'STORAGE_METHOD', value: 'mem' }],
              readinessProbe: { httpGet: { path: '/health', port: 9411 }, initialDelaySeconds: 5, periodSeconds: 5 },
            },
          ],
        },
      },
    },
  })
  const port = { port: 9411, targetPort: 9411, name: 'http-query', protocol: 'TCP' }
  ensure(client, service, {
    metadata: { name: 'zipkin', namespace, labels },
    spec: { ports: [port], selector: labels },
  })
}
