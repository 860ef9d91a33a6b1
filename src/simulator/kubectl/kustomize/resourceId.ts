import type { AnyObject } from '../server/object.ts'
import { splitApiVersion } from '../server/resource.ts'

/** Group, version and kind; in a selector, what is left out matches everything. */
export interface Gvk {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** What tells one resource of a build from the others. */
export interface ResourceId extends Gvk {
  readonly name: string
  readonly namespace: string
}

/** The identity of an object as it stands now. */
export function idOf(object: AnyObject): ResourceId {
  const { group, version } = splitApiVersion(object.apiVersion ?? '')
  const { name = '', namespace = '' } = object.metadata ?? {}
  return { group, version, kind: object.kind ?? '', name: String(name), namespace: String(namespace) }
}

/** `Deployment.v1.apps/web.[noNs]`, as kustomize names resources. */
export function formatId(id: ResourceId): string {
  return `${formatGvk(id)}/${id.name || '[noName]'}.${id.namespace || '[noNs]'}`
}

/** `Deployment.v1.apps`. */
export function formatGvk({ group, version, kind }: Gvk): string {
  return [kind || '[noKind]', version || '[noVer]', group || '[noGrp]'].join('.')
}

/** As Go's %#v prints an identity. */
export function goSyntaxOfId(id: ResourceId): string {
  const [group, version, kind, name, namespace] = [id.group, id.version, id.kind, id.name, id.namespace].map(text =>
    JSON.stringify(text),
  )
  const gvk = `resid.Gvk{Group:${group}, Version:${version}, Kind:${kind}, isClusterScoped:${isClusterScoped(id)}}`
  return `resid.ResId{Gvk:${gvk}, Name:${name}, Namespace:${namespace}}`
}

/** The namespace that a resource really is in. Cluster-scoped ones share a place of their own. */
export function effectiveNamespace(id: ResourceId): string {
  return isClusterScoped(id) ? '_non_namespaceable_' : id.namespace || 'default'
}

/** Whether two identities mean the same resource. */
export function isSameId(a: ResourceId, b: ResourceId): boolean {
  return (
    a.name === b.name &&
    a.kind === b.kind &&
    a.group === b.group &&
    a.version === b.version &&
    effectiveNamespace(a) === effectiveNamespace(b)
  )
}

/** Whether a kind is one that a selector asks for. */
export function isSelected(gvk: Gvk, { group, version, kind }: Partial<Gvk>): boolean {
  return (!group || group === gvk.group) && (!version || version === gvk.version) && (!kind || kind === gvk.kind)
}

const clusterKinds: Readonly<Record<string, readonly string[]>> = {
  v1: ['ComponentStatus', 'Namespace', 'Node', 'PersistentVolume'],
  'admissionregistration.k8s.io/v1': ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
  'apiextensions.k8s.io/v1': ['CustomResourceDefinition'],
  'apiregistration.k8s.io/v1': ['APIService'],
  'authentication.k8s.io/v1': ['TokenReview'],
  'authorization.k8s.io/v1': ['SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'],
  'certificates.k8s.io/v1': ['CertificateSigningRequest'],
  'networking.k8s.io/v1': ['IngressClass'],
  'node.k8s.io/v1': ['RuntimeClass'],
  'policy/v1beta1': ['PodSecurityPolicy'],
  'rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding'],
  'scheduling.k8s.io/v1': ['PriorityClass'],
  'storage.k8s.io/v1': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment'],
}

/** Whether kustomize knows that a kind has no namespace; kinds it does not know are taken to have one. */
export function isClusterScoped({ group, version, kind }: Gvk): boolean {
  return clusterKinds[group ? `${group}/${version}` : version]?.includes(kind) ?? false
}
