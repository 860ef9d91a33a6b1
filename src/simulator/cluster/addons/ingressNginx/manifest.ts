import type { Client } from '../../client.ts'
import { clusterRole } from '../../kinds/clusterRole.ts'
import { clusterRoleBinding } from '../../kinds/clusterRoleBinding.ts'
import { configMap } from '../../kinds/configMap.ts'
import { deployment } from '../../kinds/deployment.ts'
import { ingressClass } from '../../kinds/ingressClass.ts'
import { job } from '../../kinds/job.ts'
import { namespace as namespaceKind } from '../../kinds/namespace.ts'
import { role } from '../../kinds/role.ts'
import { roleBinding } from '../../kinds/roleBinding.ts'
import { service } from '../../kinds/service.ts'
import { serviceAccount } from '../../kinds/serviceAccount.ts'
import { validatingWebhookConfiguration } from '../../kinds/validatingWebhookConfiguration.ts'
import { ensure } from '../../manifest/ensure.ts'
import { readRoles } from '../../manifest/readRoles.ts'
import { release } from './images.ts'

const namespace = 'ingress-nginx'
const apiGroup = 'rbac.authorization.k8s.io'
const identity = { 'app.kubernetes.io/instance': 'ingress-nginx', 'app.kubernetes.io/name': 'ingress-nginx' }
const selector = { 'app.kubernetes.io/component': 'controller', ...identity }

/** The labels of everything, with the part that it belongs to. */
function labels(component?: 'controller' | 'admission-webhook'): Record<string, string> {
  return {
    ...(component && { 'app.kubernetes.io/component': component }),
    ...identity,
    'app.kubernetes.io/part-of': 'ingress-nginx',
    'app.kubernetes.io/version': release.slice(1),
  }
}

const clusterRoles = `
ingress-nginx
  list watch | core | configmaps endpoints nodes pods secrets namespaces
  list watch | coordination.k8s.io | leases
  get | core | nodes
  get list watch | core | services
  get list watch | networking.k8s.io | ingresses
  create patch | core | events
  update | networking.k8s.io | ingresses/status
  get list watch | networking.k8s.io | ingressclasses
  list watch get | discovery.k8s.io | endpointslices
ingress-nginx-admission
  get update | admissionregistration.k8s.io | validatingwebhookconfigurations
`

const roles = `
ingress-nginx
  get | core | namespaces
  get list watch | core | configmaps pods secrets endpoints
  get list watch | core | services
  get list watch | networking.k8s.io | ingresses
  update | networking.k8s.io | ingresses/status
  get list watch | networking.k8s.io | ingressclasses
  get update | coordination.k8s.io | leases | ingress-nginx-leader
  create | coordination.k8s.io | leases
  create patch | core | events
  list watch get | discovery.k8s.io | endpointslices
ingress-nginx-admission
  get create | core | secrets
`

/** Creates what the project's manifest for clusters without a cloud holds. */
export function applyManifest(client: Client): void {
  ensure(client, namespaceKind, { metadata: { name: namespace, labels: identity }, spec: {} })
  installAccounts(client)
  ensure(client, configMap, {
    metadata: { name: 'ingress-nginx-controller', namespace, labels: labels('controller') },
    data: {},
  })
  installServices(client)
  installDeployment(client)
  installJobs(client)
  ensure(client, ingressClass, {
    metadata: { name: 'nginx', labels: labels('controller') },
    spec: { controller: 'k8s.io/ingress-nginx' },
  })
  installWebhook(client)
}

function installAccounts(client: Client): void {
  const componentOf = (name: string) => (name === 'ingress-nginx' ? 'controller' : 'admission-webhook')
  for (const name of ['ingress-nginx', 'ingress-nginx-admission'])
    ensure(client, serviceAccount, {
      metadata: { name, namespace, labels: labels(componentOf(name)) },
      automountServiceAccountToken: true,
    })
  for (const { name, rules } of readRoles(roles)) {
    const metadata = { name, namespace, labels: labels(componentOf(name)) }
    ensure(client, role, { metadata, rules })
    ensure(client, roleBinding, {
      metadata,
      roleRef: { apiGroup, kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    })
  }
  for (const { name, rules } of readRoles(clusterRoles)) {
    const metadata = { name, labels: name === 'ingress-nginx' ? labels() : labels('admission-webhook') }
    ensure(client, clusterRole, { metadata, rules })
    ensure(client, clusterRoleBinding, {
      metadata,
      roleRef: { apiGroup, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    })
  }
}

function installServices(client: Client): void {
  ensure(client, service, {
    metadata: { name: 'ingress-nginx-controller', namespace, labels: labels('controller') },
    spec: {
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [
        { appProtocol: 'http', name: 'http', port: 80, protocol: 'TCP', targetPort: 'http' },
        { appProtocol: 'https', name: 'https', port: 443, protocol: 'TCP', targetPort: 'https' },
      ],
      selector,
      type: 'NodePort',
    },
  })
  ensure(client, service, {
    metadata: { name: 'ingress-nginx-controller-admission', namespace, labels: labels('controller') },
    spec: {
      ports: [{ appProtocol: 'https', name: 'https-webhook', port: 443, targetPort: 'webhook' }],
      selector,
      type: 'ClusterIP',
    },
  })
}

function installDeployment(client: Client): void {
  const probe = (failureThreshold: number) => ({
    failureThreshold,
    httpGet: { path: '/healthz', port: 10254, scheme: 'HTTP' },
    initialDelaySeconds: 10,
    periodSeconds: 10,
    successThreshold: 1,
    timeoutSeconds: 1,
  })
  const ownField = (fieldPath: string) => ({ fieldRef: { fieldPath } })
  ensure(client, deployment, {
    metadata: { name: 'ingress-nginx-controller', namespace, labels: labels('controller') },
    spec: {
      minReadySeconds: 0,
      revisionHistoryLimit: 10,
      selector: { matchLabels: selector },
      strategy: { rollingUpdate: { maxUnavailable: 1 }, type: 'RollingUpdate' },
      template: {
        metadata: { labels: labels('controller') },
        spec: {
          automountServiceAccountToken: true,
          containers: [
            {
              args: [
                '/nginx-ingress-controller',
                '--election-id=ingress-nginx-leader',
                '--controller-class=k8s.io/ingress-nginx',
                '--ingress-class=nginx',
                '--configmap=$(POD_NAMESPACE)/ingress-nginx-controller',
                '--validating-webhook=:8443',
                '--validating-webhook-certificate=/usr/local/certificates/cert',
                '--validating-webhook-key=/usr/local/certificates/key',
              ],
              env: [
                { name: 'POD_NAME', valueFrom: ownField('metadata.name') },
                { name: 'POD_NAMESPACE', valueFrom: ownField('metadata.namespace') },
                { name: 'LD_PRELOAD', value: '/usr/local/lib/libmimalloc.so' },
              ],
              image: `registry.k8s.io/ingress-nginx/controller:${release}`,
              imagePullPolicy: 'IfNotPresent',
              lifecycle: { preStop: { exec: { command: ['/wait-shutdown'] } } },
              livenessProbe: probe(5),
              name: 'controller',
              ports: [
                { containerPort: 80, name: 'http', protocol: 'TCP' },
                { containerPort: 443, name: 'https', protocol: 'TCP' },
                { containerPort: 8443, name: 'webhook', protocol: 'TCP' },
              ],
              readinessProbe: probe(3),
              resources: { requests: { cpu: '100m', memory: '90Mi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
                readOnlyRootFilesystem: false,
                runAsGroup: 82,
                runAsNonRoot: true,
                runAsUser: 101,
                seccompProfile: { type: 'RuntimeDefault' },
              },
              volumeMounts: [{ mountPath: '/usr/local/certificates/', name: 'webhook-cert', readOnly: true }],
            },
          ],
          dnsPolicy: 'ClusterFirst',
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          serviceAccountName: 'ingress-nginx',
          terminationGracePeriodSeconds: 300,
          volumes: [{ name: 'webhook-cert', secret: { secretName: 'ingress-nginx-admission' } }],
        },
      },
    },
  })
}

function installJobs(client: Client): void {
  const run = (step: 'create' | 'patch', args: string[]) =>
    ensure(client, job, {
      metadata: { name: `ingress-nginx-admission-${step}`, namespace, labels: labels('admission-webhook') },
      spec: {
        template: {
          metadata: { name: `ingress-nginx-admission-${step}`, labels: labels('admission-webhook') },
          spec: {
            automountServiceAccountToken: true,
            containers: [
              {
                args: [step, ...args],
                env: [{ name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }],
                image: 'registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.6.3',
                imagePullPolicy: 'IfNotPresent',
                name: step,
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ['ALL'] },
                  readOnlyRootFilesystem: true,
                  runAsGroup: 65532,
                  runAsNonRoot: true,
                  runAsUser: 65532,
                  seccompProfile: { type: 'RuntimeDefault' },
                },
              },
            ],
            nodeSelector: { 'kubernetes.io/os': 'linux' },
            restartPolicy: 'OnFailure',
            serviceAccountName: 'ingress-nginx-admission',
          },
        },
        ttlSecondsAfterFinished: 0,
      },
    })
  run('create', [
    '--host=ingress-nginx-controller-admission,ingress-nginx-controller-admission.$(POD_NAMESPACE).svc',
    '--namespace=$(POD_NAMESPACE)',
    '--secret-name=ingress-nginx-admission',
  ])
  run('patch', [
    '--webhook-name=ingress-nginx-admission',
    '--namespace=$(POD_NAMESPACE)',
    '--patch-mutating=false',
    '--secret-name=ingress-nginx-admission',
    '--patch-failure-policy=Fail',
  ])
}

function installWebhook(client: Client): void {
  ensure(client, validatingWebhookConfiguration, {
    metadata: { name: 'ingress-nginx-admission', labels: labels('admission-webhook') },
    webhooks: [
      {
        admissionReviewVersions: ['v1'],
        clientConfig: {
          service: {
            name: 'ingress-nginx-controller-admission',
            namespace,
            path: '/networking/v1/ingresses',
            port: 443,
          },
        },
        failurePolicy: 'Fail',
        matchPolicy: 'Equivalent',
        name: 'validate.nginx.ingress.kubernetes.io',
        rules: [
          {
            apiGroups: ['networking.k8s.io'],
            apiVersions: ['v1'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['ingresses'],
          },
        ],
        sideEffects: 'None',
      },
    ],
  })
}
