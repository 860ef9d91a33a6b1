import type { FieldSpec } from './fieldPath.ts'
import type { Gvk } from './resourceId.ts'

/** A kind, and the fields of others that name objects of it. */
export interface Reference extends Partial<Gvk> {
  readonly kind: string
  readonly from: readonly FieldSpec[]
}

// sigs.k8s.io/kustomize/api/konfig/builtinpluginconsts, nameReference: each kind lists where others name it.

const workloads = ['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet', 'Job'].map(kind => ({
  kind,
  to: 'spec/template/',
}))
const cronJob = { kind: 'CronJob', to: 'spec/jobTemplate/spec/template/' }
const pod = { kind: 'Pod', to: '' }
const readers = [{ ...pod, version: 'v1' }, ...workloads, cronJob, { kind: 'PodTemplate', to: 'template/' }]
const owners = [
  pod,
  ...['StatefulSet', 'Deployment', 'ReplicationController', 'Job', 'DaemonSet'].map(kind => ({
    kind,
    to: 'spec/template/',
  })),
  cronJob,
]

const rbac = 'rbac.authorization.k8s.io'
const roles: readonly FieldSpec[] = ['Role', 'ClusterRole'].map(kind => ({ path: 'rules/resourceNames', kind }))
const scaled: readonly FieldSpec[] = [{ path: 'spec/scaleTargetRef/name', kind: 'HorizontalPodAutoscaler' }]

/** The same paths inside the pods of several kinds. */
function inPods(kinds: readonly { kind: string; to: string; version?: string }[], ...paths: string[]): FieldSpec[] {
  return kinds.flatMap(({ to, ...of }) => paths.map(path => ({ ...of, path: `${to}spec/${path}` })))
}

function fields(kind: string, ...paths: string[]): FieldSpec[] {
  return paths.map(path => ({ path, kind }))
}

/** Every field by which one object names another. */
export const references: readonly Reference[] = [
  { kind: 'Deployment', from: scaled },
  { kind: 'ReplicationController', from: scaled },
  { kind: 'ReplicaSet', from: scaled },
  { kind: 'StatefulSet', from: scaled },
  {
    kind: 'ConfigMap',
    version: 'v1',
    from: [
      ...inPods(
        readers,
        'volumes/configMap/name',
        'containers/env/valueFrom/configMapKeyRef/name',
        'initContainers/env/valueFrom/configMapKeyRef/name',
        'containers/envFrom/configMapRef/name',
        'initContainers/envFrom/configMapRef/name',
        'volumes/projected/sources/configMap/name',
      ),
      ...fields('Node', 'spec/configSource/configMap'),
      ...roles,
      ...fields('Ingress', 'metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap'),
    ],
  },
  {
    kind: 'Secret',
    version: 'v1',
    from: [
      ...inPods(
        readers,
        'volumes/secret/secretName',
        'containers/env/valueFrom/secretKeyRef/name',
        'initContainers/env/valueFrom/secretKeyRef/name',
        'containers/envFrom/secretRef/name',
        'initContainers/envFrom/secretRef/name',
        'imagePullSecrets/name',
        'volumes/projected/sources/secret/name',
      ),
      ...fields(
        'Ingress',
        'spec/tls/secretName',
        'metadata/annotations/ingress.kubernetes.io\\/auth-secret',
        'metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret',
        'metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret',
      ),
      ...fields('ServiceAccount', 'imagePullSecrets/name'),
      ...fields(
        'StorageClass',
        'parameters/secretName',
        'parameters/adminSecretName',
        'parameters/userSecretName',
        'parameters/secretRef',
      ),
      ...roles,
      ...fields('PersistentVolume', 'spec/azureFile/secretName'),
    ],
  },
  {
    kind: 'Service',
    version: 'v1',
    from: [
      { path: 'spec/serviceName', group: 'apps', kind: 'StatefulSet' },
      ...fields(
        'Ingress',
        'spec/rules/http/paths/backend/serviceName',
        'spec/backend/serviceName',
        'spec/rules/http/paths/backend/service/name',
        'spec/defaultBackend/service/name',
      ),
      { path: 'spec/service/name', group: 'apiregistration.k8s.io', kind: 'APIService' },
      ...['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].map(kind => ({
        path: 'webhooks/clientConfig/service',
        group: 'admissionregistration.k8s.io',
        kind,
      })),
    ],
  },
  { kind: 'Role', group: rbac, from: [{ path: 'roleRef/name', group: rbac, kind: 'RoleBinding' }] },
  {
    kind: 'ClusterRole',
    group: rbac,
    from: ['RoleBinding', 'ClusterRoleBinding'].map(kind => ({ path: 'roleRef/name', group: rbac, kind })),
  },
  {
    kind: 'ServiceAccount',
    version: 'v1',
    from: [
      ...['RoleBinding', 'ClusterRoleBinding'].map(kind => ({ path: 'subjects', group: rbac, kind })),
      ...inPods(owners, 'serviceAccountName'),
    ],
  },
  { kind: 'PersistentVolumeClaim', version: 'v1', from: inPods(owners, 'volumes/persistentVolumeClaim/claimName') },
  {
    kind: 'PersistentVolume',
    version: 'v1',
    from: [...fields('PersistentVolumeClaim', 'spec/volumeName'), ...fields('ClusterRole', 'rules/resourceNames')],
  },
  {
    kind: 'StorageClass',
    version: 'v1',
    group: 'storage.k8s.io',
    from: [
      ...fields('PersistentVolume', 'spec/storageClassName'),
      ...fields('PersistentVolumeClaim', 'spec/storageClassName'),
      ...fields('StatefulSet', 'spec/volumeClaimTemplates/spec/storageClassName'),
    ],
  },
  { kind: 'PriorityClass', version: 'v1', group: 'scheduling.k8s.io', from: inPods(owners, 'priorityClassName') },
  {
    kind: 'ValidatingAdmissionPolicy',
    group: 'admissionregistration.k8s.io',
    from: [
      { path: 'spec/policyName', group: 'admissionregistration.k8s.io', kind: 'ValidatingAdmissionPolicyBinding' },
    ],
  },
]
