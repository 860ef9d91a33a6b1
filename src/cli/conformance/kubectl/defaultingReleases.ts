import type { DefaultingRow } from './defaulting.ts'

type Value = Record<string, unknown>

/** What a server says to a manifest. */
export interface Said {
  readonly object?: Value
  readonly error?: string
}

/** An answer without names, addresses and moments that differ from run to run. */
export function withoutChance(said: Said, { input }: DefaultingRow): Said {
  if (!said.object) return said
  const object = structuredClone(said.object)
  const metadata = object['metadata'] as Value
  for (const field of ['uid', 'creationTimestamp', 'resourceVersion', 'managedFields']) delete metadata[field]
  const spec = (object['spec'] ?? {}) as Value
  if (object['kind'] === 'Service') {
    const wanted = (input['spec'] ?? {}) as Value
    if (wanted['clusterIP'] === undefined) for (const field of ['clusterIP', 'clusterIPs']) delete spec[field]
    const ports = (wanted['ports'] ?? []) as readonly Value[]
    for (const [index, port] of ((spec['ports'] ?? []) as Value[]).entries())
      if (ports[index]?.['nodePort'] === undefined) delete port['nodePort']
    delete spec['healthCheckNodePort']
  }
  const text = JSON.stringify(object)
    .replace(/("(?:batch\.kubernetes\.io\/)?controller-uid":)"[0-9a-f-]{36}"/g, '$1"<uid>"')
    .replace(/"(kube-api-access|[a-z0-9-]*-token)-[bcdfghjklmnpqrstvwxz2456789]{5}"/g, '"$1-<suffix>"')
  return { object: JSON.parse(text) }
}

/** What today's server says, where that differs for a known reason. */
export function inTodaysTerms(
  { input }: DefaultingRow,
  expected: Said,
  actual: Said,
): { readonly today?: Said; readonly release?: string } {
  if (expected.error !== undefined) return refusedThen(input, expected.error, actual)
  const apiVersion = input['apiVersion'] as string
  if (/\/v\d+(alpha|beta)\d+$/.test(apiVersion)) {
    const { name, namespace = '' } = (input['metadata'] ?? {}) as { name?: string; namespace?: string }
    const error = `error: resource mapping not found for name: "${name}" namespace: "${namespace}" from "STDIN": no matches for kind "${input['kind']}" in version "${apiVersion}"\nensure CRDs are installed first`
    return { today: { error }, release: `${apiVersion} is no longer served` }
  }
  const refused = refusals.find(([, applies]) => applies(input))
  if (refused) return { today: { error: refused[2](input) }, release: refused[0] }
  const object = structuredClone(expected.object!)
  keepWhatWasDropped(object, input)
  const done = new Set<string>()
  for (const [release, change] of changes) {
    const before = JSON.stringify(object)
    change(object)
    if (JSON.stringify(object) !== before) done.add(release)
  }
  return { today: { object }, release: [...done].join('; ') }
}

/** Manifests that release 1.20 could not read: today nothing of them may get lost. */
function refusedThen(input: Value, error: string, { object, error: today }: Said): ReturnType<typeof inTodaysTerms> {
  if (today !== undefined && sameRefusal(error) === today)
    return { today: { error: today }, release: 'the server words what it cannot read anew (1.27)' }
  const isNew = /unknown field|no matches for kind|unsupported scope/.test(error)
  if (!isNew) return {}
  if (object && holds(object, input)) return { today: { object }, release: 'release 1.20 did not know all of it' }
  if (today?.startsWith('Error from server (NotFound)'))
    return { release: 'release 1.20 did not know all of it', today: { error: today } }
  return {}
}

/** What the server could not read, as today's words put it. */
function sameRefusal(error: string): string {
  const unknown = /ValidationError\((\w+)\.([\w.[\]]+)\): unknown field "(\w+)"/.exec(error)
  if (unknown) {
    const [, kind, path, field] = unknown
    return `Error from server (BadRequest): error when creating "STDIN": ${kind} in version "v1" cannot be handled as a ${kind}: strict decoding error: unknown field "${path}.${field}"`
  }
  return error.replace(
    /v1\.\w+\.\w+: decode base64: (illegal base64 data at input byte \d+), error found in[\s\S]*$/,
    '$1',
  )
}

type Refusal = readonly [release: string, applies: (input: Value) => boolean, words: (input: Value) => string]

const familiesOf = (input: Value) => ((input['spec'] as Value | undefined)?.['ipFamilies'] ?? []) as readonly string[]
const nameOf = (input: Value) => (input['metadata'] as { name: string }).name

/** What release 1.20 took because it did not look. */
const refusals: readonly Refusal[] = [
  [
    'families of addresses are no longer dropped (1.23): a cluster with IPv4 alone refuses IPv6',
    input => input['kind'] === 'Service' && familiesOf(input).includes('IPv6'),
    input =>
      `The Service "${nameOf(input)}" is invalid: spec.ipFamilies[${familiesOf(input).indexOf('IPv6')}]: Invalid value: "IPv6": not configured on this cluster`,
  ],
  [
    'containers for debugging are no longer dropped (1.23) but refused when a pod is made',
    input => input['kind'] === 'Pod' && (input['spec'] as Value)['ephemeralContainers'] !== undefined,
    input => `The Pod "${nameOf(input)}" is invalid: spec.ephemeralContainers: Forbidden: cannot be set on create`,
  ],
]

/** Release 1.20 copied seccomp profiles between fields and annotations, and knew no policy of address families. */
function keepWhatWasDropped(object: Value, input: Value): void {
  const [metadata, given] = [object['metadata'], input['metadata']] as Value[]
  const annotations = metadata!['annotations'] as Value | undefined
  for (const key of Object.keys(annotations ?? {}))
    if (/seccomp/.test(key) && !(key in ((given!['annotations'] as Value) ?? {}))) delete annotations![key]
  if (annotations && Object.keys(annotations).length === 0 && !given!['annotations']) delete metadata!['annotations']
  const [spec, wanted] = [object['spec'], input['spec']] as (Value | undefined)[]
  const profile = (value: Value | undefined) => (value?.['securityContext'] as Value | undefined)?.['seccompProfile']
  if (object['kind'] === 'Pod' && profile(spec) && !profile(wanted))
    delete (spec!['securityContext'] as Value)['seccompProfile']
  if (object['kind'] === 'Service' && wanted?.['ipFamilyPolicy']) spec!['ipFamilyPolicy'] = wanted['ipFamilyPolicy']
}

/** Whether everything that one value says is in the other. */
function holds(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.every((item, index) => holds(whole[index], item))
  }
  if (part === null || typeof part !== 'object') return whole === part || String(whole) === String(part)
  return Object.entries(part).every(([key, value]) => value === null || holds((whole as Value)?.[key], value))
}

type Change = readonly [release: string, change: (object: Value) => void]

/** How today's defaults differ from those of release 1.20, with the release that brought it. */
const changes: readonly Change[] = [
  ['templates no longer say when they were created (1.32)', object => dropCreationTimestamps(object)],
  [
    'pods count their generations (1.33)',
    object => {
      if (object['kind'] === 'Pod') (object['metadata'] as Value)['generation'] = 1
    },
  ],
  [
    'tokens are projected into pods (1.22)',
    object => {
      if (object['kind'] === 'Pod') projectToken(object['spec'] as Value)
    },
  ],
  [
    'Services have an internal traffic policy (1.22)',
    object => {
      if (isServing(object)) (object['spec'] as Value)['internalTrafficPolicy'] ??= 'Cluster'
    },
  ],
  [
    'Services have address families (1.23)',
    object => {
      if (!isServing(object)) return
      const spec = object['spec'] as Value
      spec['ipFamilies'] ??= ['IPv4']
      spec['ipFamilyPolicy'] ??= 'SingleStack'
    },
  ],
  [
    'load balancers may do without node ports (1.24)',
    object => {
      const spec = (object['spec'] ?? {}) as Value
      if (isServing(object) && spec['type'] === 'LoadBalancer') spec['allocateLoadBalancerNodePorts'] ??= true
    },
  ],
  [
    'DaemonSets may surge (1.25)',
    object => {
      const { updateStrategy } = (object['spec'] ?? {}) as { updateStrategy?: { rollingUpdate?: Value } }
      if (object['kind'] === 'DaemonSet' && updateStrategy?.rollingUpdate)
        updateStrategy.rollingUpdate['maxSurge'] ??= 0
    },
  ],
  [
    'StatefulSets say what becomes of their claims (1.32)',
    object => {
      if (object['kind'] !== 'StatefulSet') return
      const kept = { whenDeleted: 'Retain', whenScaled: 'Retain' }
      ;(object['spec'] as Value)['persistentVolumeClaimRetentionPolicy'] ??= kept
      const status = object['status'] as Value
      status['availableReplicas'] ??= 0
    },
  ],
  ['Jobs have indexes, can rest and label their pods anew (1.24, 1.27, 1.34)', object => renewJob(object)],
  [
    'namespaces are labelled with their name (1.22)',
    object => {
      if (object['kind'] !== 'Namespace') return
      const metadata = object['metadata'] as Value
      metadata['labels'] = { ...(metadata['labels'] as Value), 'kubernetes.io/metadata.name': metadata['name'] }
    },
  ],
]

function dropCreationTimestamps(value: unknown): void {
  if (value === null || typeof value !== 'object') return
  const record = value as Value
  if (record['creationTimestamp'] === null) delete record['creationTimestamp']
  for (const part of Object.values(record)) dropCreationTimestamps(part)
}

function isServing(object: Value): boolean {
  return object['kind'] === 'Service' && (object['spec'] as Value | undefined)?.['type'] !== 'ExternalName'
}

const projected = {
  defaultMode: 420,
  sources: [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
    {
      downwardAPI: { items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }] },
    },
  ],
}

function projectToken(spec: Value): void {
  const isToken = ({ name }: { name?: string }) => /-token-<suffix>$/.test(name ?? '')
  const volumes = (spec['volumes'] ?? []) as Value[]
  for (const [index, volume] of volumes.entries())
    if (isToken(volume)) volumes[index] = { name: 'kube-api-access-<suffix>', projected }
  for (const list of ['containers', 'initContainers'])
    for (const container of (spec[list] ?? []) as { volumeMounts?: { name?: string }[] }[])
      for (const mount of container.volumeMounts ?? []) if (isToken(mount)) mount.name = 'kube-api-access-<suffix>'
}

function renewJob(object: Value): void {
  if (object['kind'] !== 'Job') return
  const metadata = object['metadata'] as { name: string; generation?: number; labels: Value }
  const spec = object['spec'] as Value
  const template = spec['template'] as { metadata: { labels: Value } }
  metadata.generation = 1
  spec['completionMode'] ??= 'NonIndexed'
  spec['suspend'] ??= false
  spec['podReplacementPolicy'] ??= 'TerminatingOrFailed'
  spec['manualSelector'] ??= false
  const labels = { 'batch.kubernetes.io/controller-uid': '<uid>', 'batch.kubernetes.io/job-name': metadata.name }
  template.metadata.labels = { ...template.metadata.labels, ...labels }
  metadata.labels = { ...metadata.labels, ...template.metadata.labels }
  spec['selector'] = { matchLabels: { 'batch.kubernetes.io/controller-uid': '<uid>' } }
}
