import type { Client } from '../client.ts'
import { apiService } from '../kinds/apiService.ts'
import { clusterRole } from '../kinds/clusterRole.ts'
import { deployment } from '../kinds/deployment.ts'
import { roleBinding } from '../kinds/roleBinding.ts'
import { service } from '../kinds/service.ts'
import { serviceAccount } from '../kinds/serviceAccount.ts'
import { ensure } from '../manifest/ensure.ts'
import { readRoles } from '../manifest/readRoles.ts'
import { createMetricsServerProgram } from './metricsServer/program.ts'
import type { OptionalAddon } from './optional.ts'
import { bindRole, subjectOf } from './rbac.ts'

const namespace = 'kube-system'
const labels = { 'k8s-app': 'metrics-server' }

const roles = `
system:metrics-server
  get | core | nodes/metrics
  get list watch | core | pods nodes
`

const readers = `
system:aggregated-metrics-reader
  get list watch | metrics.k8s.io | pods nodes
`

/** Tells what nodes and pods use: for `kubectl top` and for autoscaling. */
export const metricsServer: OptionalAddon = {
  name: 'metrics-server',
  programs: ({ clientOf }) =>
    new Map([['metrics-server', createMetricsServerProgram(clientOf(`${namespace}:metrics-server`))]]),
  install,
}

/** As its manifest does, with the flag that clusters need whose kubelets sign their own certificates. */
function install(client: Client): void {
  ensure(client, serviceAccount, { metadata: { name: 'metrics-server', namespace, labels } })
  const aggregate = ['admin', 'edit', 'view'].map(role => [`rbac.authorization.k8s.io/aggregate-to-${role}`, 'true'])
  for (const { name, rules } of readRoles(readers))
    ensure(client, clusterRole, { metadata: { name, labels: { ...labels, ...Object.fromEntries(aggregate) } }, rules })
  for (const { name, rules } of readRoles(roles)) ensure(client, clusterRole, { metadata: { name, labels }, rules })
  const account = [subjectOf(['ServiceAccount', 'metrics-server'])]
  ensure(client, roleBinding, {
    metadata: { name: 'metrics-server-auth-reader', namespace, labels },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'extension-apiserver-authentication-reader' },
    subjects: account,
  })
  bindRole(client, 'metrics-server:system:auth-delegator', 'system:auth-delegator', account, { labels })
  bindRole(client, 'system:metrics-server', 'system:metrics-server', account, { labels })
  ensure(client, service, {
    metadata: { name: 'metrics-server', namespace, labels },
    spec: {
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 'https', appProtocol: 'https' }],
      selector: labels,
    },
  })
  installDeployment(client)
  ensure(client, apiService, {
    metadata: { name: 'v1beta1.metrics.k8s.io', labels },
    spec: {
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { name: 'metrics-server', namespace },
    },
  })
}

function installDeployment(client: Client): void {
  const probe = (path: string) => ({
    failureThreshold: 3,
    httpGet: { path, port: 'https', scheme: 'HTTPS' },
    periodSeconds: 10,
  })
  ensure(client, deployment, {
    metadata: { name: 'metrics-server', namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      strategy: { rollingUpdate: { maxUnavailable: 0 } },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'metrics-server',
              image: 'registry.k8s.io/metrics-server/metrics-server:v0.8.1',
              imagePullPolicy: 'IfNotPresent',
              args: [
                '--cert-dir=/tmp',
                '--secure-port=10250',
                '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
                '--kubelet-use-node-status-port',
                '--metric-resolution=15s',
                '--kubelet-insecure-tls',
              ],
              livenessProbe: probe('/livez'),
              readinessProbe: { ...probe('/readyz'), initialDelaySeconds: 20 },
              ports: [{ containerPort: 10250, name: 'https', protocol: 'TCP' }],
              resources: { requests: { cpu: '100m', memory: '200Mi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
                runAsUser: 1000,
                seccompProfile: { type: 'RuntimeDefault' },
              },
              volumeMounts: [{ mountPath: '/tmp', name: 'tmp-dir' }],
            },
          ],
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          priorityClassName: 'system-cluster-critical',
          serviceAccountName: 'metrics-server',
          volumes: [{ emptyDir: {}, name: 'tmp-dir' }],
        },
      },
    },
  })
}
