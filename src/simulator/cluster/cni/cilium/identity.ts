/** Identities that mean the same in every cluster. Source: pkg/identity/numericidentity.go. */
export const reservedIdentity = {
  unknown: 0,
  host: 1,
  world: 2,
  unmanaged: 3,
  health: 4,
  init: 5,
  'remote-node': 6,
  'kube-apiserver': 7,
  ingress: 8,
} as const

/** The first identity of the ranges that only this node knows: those of address ranges in policies. */
export const firstLocalIdentity = 0x1000001

/** The smallest and the largest identity that stands for labels. */
export const clusterIdentities = { first: 256, last: 65535 } as const

const reservedNames = new Map<number, string>(Object.entries(reservedIdentity).map(([name, id]) => [id, name]))

/** `reserved:host` for an identity that means the same everywhere. */
export function reservedLabel(identity: number): string | undefined {
  const name = reservedNames.get(identity)
  return name === undefined ? undefined : `reserved:${name}`
}

/** Labels that many pods have for themselves alone; they would make an identity of every pod. Source: pkg/labelsfilter. */
const excluded = [
  /^io\.kubernetes/,
  /^kubernetes\.io/,
  /^statefulset\.kubernetes\.io\/pod-name/,
  /^apps\.kubernetes\.io\/pod-index/,
  /^batch\.kubernetes\.io\/job-completion-index/,
  /^batch\.kubernetes\.io\/controller-uid/,
  /^.*beta\.kubernetes\.io/,
  /^k8s\.io/,
  /^pod-template-generation/,
  /^pod-template-hash/,
  /^controller-revision-hash/,
  /^annotation.*/,
  /^controller-uid/,
  /^etcd_node/,
]
const included = [/^io\.kubernetes\.pod\.namespace/, /^io\.cilium\.k8s/, /^app\.kubernetes\.io/]

/** In what the labels of a pod's namespace are turned. */
export const namespacePrefix = 'io.cilium.k8s.namespace.labels.'
export const namespaceKey = 'io.kubernetes.pod.namespace'

/** The labels that a pod's identity is made of, each with its source in front, sorted. */
export function securityLabels(pod: {
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>> | undefined
  readonly namespaceLabels: Readonly<Record<string, string>> | undefined
  readonly serviceAccount: string
}): Record<string, string> {
  const labels: [string, string][] = []
  for (const [key, value] of Object.entries(pod.labels ?? {}))
    if (included.some(each => each.test(key)) || !excluded.some(each => each.test(key))) labels.push([key, value])
  for (const [key, value] of Object.entries(pod.namespaceLabels ?? {})) labels.push([namespacePrefix + key, value])
  labels.push(['io.cilium.k8s.policy.cluster', 'default'])
  labels.push(['io.cilium.k8s.policy.serviceaccount', pod.serviceAccount])
  labels.push([namespaceKey, pod.namespace])
  labels.sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(labels.map(([key, value]) => [`k8s:${key}`, value]))
}

/** Labels as lines of `cilium-dbg`: `k8s:app=web`. */
export function labelLines(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`)
}
