import type { KubernetesObject } from '../../../simulator/cluster/api/object.ts'
import type { ValidationRow } from './validation.ts'

/** A row as today's release would have it: the object with what it must say today, the errors in today's words. */
export interface Renewed {
  readonly object: KubernetesObject
  readonly oldObject?: KubernetesObject
  readonly expected: readonly string[]
  /** The rules that changed anything. */
  readonly releases: readonly string[]
  /** Why the row says nothing about today's server. */
  readonly unanswered?: string
}

/** Puts a row of release 1.20 into today's terms. */
export function renewed(row: ValidationRow): Renewed {
  const unanswered = asides.find(([, applies]) => applies(row))?.[0]
  const object = completed(row.object, row.kind)
  const oldObject = row.oldObject && completed(row.oldObject, row.kind)
  const isCompleted = JSON.stringify(object) !== JSON.stringify(row.object)
  const releases = new Set<string>(isCompleted ? ['Services have traffic policies (1.22, 1.24, 1.26)'] : [])
  const expected = row.errors.flatMap(({ error }) => {
    let texts: readonly string[] = [error]
    for (const [release, change] of changes) {
      const next = texts.flatMap(text => change(text, row))
      if (JSON.stringify(next) !== JSON.stringify(texts)) releases.add(release)
      texts = next
    }
    return texts
  })
  for (const [release, add] of additions) {
    const more = add({ ...row, object })
    if (more.length > 0) releases.add(release)
    expected.push(...more)
  }
  return {
    object,
    ...(oldObject && { oldObject }),
    expected,
    releases: [...releases],
    ...(unanswered && { unanswered }),
  }
}

function completed(object: KubernetesObject, kind: string): KubernetesObject {
  if (kind !== 'Service') return object
  const spec = { ...(object as unknown as { spec: Record<string, unknown> }).spec }
  const type = spec['type'] as string
  const isExternal = type === 'NodePort' || type === 'LoadBalancer'
  if (['ClusterIP', 'NodePort', 'LoadBalancer'].includes(type)) spec['internalTrafficPolicy'] ??= 'Cluster'
  if (isExternal || (spec['externalIPs'] as unknown[] | undefined)?.length) spec['externalTrafficPolicy'] ??= 'Cluster'
  if (type === 'LoadBalancer') spec['allocateLoadBalancerNodePorts'] ??= true
  return { ...object, spec } as KubernetesObject
}

type Aside = readonly [reason: string, applies: (row: ValidationRow) => boolean]

const asides: readonly Aside[] = [
  [
    'topology keys of Services went with release 1.22',
    ({ object }) => JSON.stringify(object).includes('"topologyKeys"'),
  ],
  ['the test is about networking.k8s.io/v1beta1', ({ test }) => test.includes('/v1beta1:')],
]

type Change = readonly [release: string, change: (error: string, row: ValidationRow) => string | readonly string[]]

/** How errors read today, with the release that changed them. */
const changes: readonly Change[] = [
  [
    'words for unknown policies of messages are left out (1.28)',
    text => text.replace("Required value: must be 'File' or 'FallbackToLogsOnError'", 'Required value'),
  ],
  [
    'special addresses are named for both families (1.22)',
    text =>
      text
        .replace('loopback range (127.0.0.0/8)', 'loopback range (127.0.0.0/8, ::1/128)')
        .replace('link-local range (169.254.0.0/16)', 'link-local range (169.254.0.0/16, fe80::/10)'),
  ],
  [
    'what is too long is told in bytes (1.32)',
    text => text.replace(/Too long: must have at most (\d+) bytes/, 'Too long: may not be more than $1 bytes'),
  ],
  [
    'names of Services may begin with digits (1.36)',
    (text, { kind }) =>
      kind === 'Service' && text.startsWith('metadata.') ? text.replace(/a DNS-1035 label must .*$/, label1123) : text,
  ],
  ['values are printed as JSON (1.33)', text => asJson(text)],
  [
    'supported protocols stand in order (1.27)',
    text =>
      text.replace(/(supported values: )("TCP".*)$/, (_, words, list) => words + list.split(', ').sort().join(', ')),
  ],
  [
    'aliases are told with their places (1.33)',
    text => text.replace('hostAliases.hostnames:', 'hostAliases[0].hostnames[0]:'),
  ],
  ['limits are told (1.26)', text => text.replace(/must be equal to (\S+) limit$/, 'must be equal to $1 limit of 1')],
  [
    'what may be changed of a pod is listed anew, and the difference has another form (1.26, 1.33)',
    text =>
      text.replace(
        /^spec: Forbidden: pod updates may not change fields other than [\s\S]*$/,
        'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
      ),
  ],
  [
    'ranges that may call are told one by one (1.33)',
    (text, { object }) => {
      if (!text.includes('must be a list of IP ranges')) return text
      const { loadBalancerSourceRanges: ranges } = (
        object as unknown as { spec: { loadBalancerSourceRanges?: string[] } }
      ).spec
      const words = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
      if (text.startsWith('metadata.')) return text.replace(/must be a list of IP ranges.*$/, words)
      return (ranges ?? []).flatMap((range, index) =>
        /^\s*[\d.:a-f]+\/\d+\s*$/.test(range)
          ? []
          : [`spec.LoadBalancerSourceRanges[${index}]: Invalid value: ${JSON.stringify(range.trim())}: ${words}`],
      )
    },
  ],
  [
    'ports for health checks are checked like others (1.26)',
    text => text.replace('HealthCheckNodePort must be not less than 0', 'must be between 1 and 65535, inclusive'),
  ],
  [
    'addresses of Services are worded anew (1.23)',
    (text, { object }) => {
      const { ipFamilyPolicy = null } = (object as unknown as { spec?: { ipFamilyPolicy?: string } }).spec ?? {}
      const released = /`ipFamilyPolicy` (must be set to 'SingleStack' when releasing the secondary \w+)$/.exec(
        text,
      )?.[1]
      if (released) return `spec.ipFamilyPolicy: Invalid value: ${JSON.stringify(ipFamilyPolicy)}: ${released}`
      return text
        .replace('must be empty when clusterIP is empty', 'must be empty when `clusterIP` is not specified')
        .replace('element [0] must match clusterIP', 'first value must match `clusterIP`')
    },
  ],
  [
    'the kubelet is no longer shielded from load balancers',
    text => (text.includes('since it is used by kubelet') ? [] : text),
  ],
  [
    'names of ports need a letter (1.32)',
    text => text.replace('at least one letter or number (a-z, 0-9)', 'at least one letter (a-z)'),
  ],
  [
    'ranges are worded anew, and each is told (1.33)',
    (text, { object }) => {
      const words = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
      const renewedText = text.replace(/not a valid CIDR$/, words)
      const place = /^(.*\.except)\[0\]: .*$/.exec(text)?.[1]
      if (place === undefined || renewedText === text) return renewedText
      const all = JSON.stringify(object).match(/"except":(\[[^\]]*\])/)?.[1] ?? '[]'
      return (JSON.parse(all) as string[]).flatMap((range, index) =>
        range.includes('/') ? [] : [`${place}[${index}]: Invalid value: ${JSON.stringify(range)}: ${words}`],
      )
    },
  ],
  [
    'Ingresses have a default backend with a Service (networking.k8s.io/v1)',
    text =>
      text
        .replace('spec.backend.serviceName:', 'spec.defaultBackend.service.name:')
        .replace(/^spec\.backend:/, 'spec.defaultBackend:'),
  ],
]

type Addition = readonly [release: string, add: (row: ValidationRow) => readonly string[]]

/** Errors that today's server adds. */
const additions: readonly Addition[] = []

const label1123 =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

/** Go's own form of values, as JSON. */
function asJson(text: string): string {
  return text
    .replace(/(?:\[\]\w+(?:\.\w+)?)\{((?:"[^"]*"(?:, )?)*)\}/g, (_, list) => `[${list.replaceAll('", "', '","')}]`)
    .replace('intstr.IntOrString{Type:0, IntVal:0, StrVal:""}', '0')
    .replace(/intstr\.IntOrString\{Type:1, IntVal:0, StrVal:("[^"]*")\}/g, '$1')
    .replace(/(?:map\[string\]string|\[\]string)\(nil\)/, 'null')
    .replace('Invalid value: "null": ', 'Invalid value: null: ')
    .replace(
      /apps\.DeploymentStrategy\{Type:("[^"]*"), RollingUpdate:\(\*apps\.RollingUpdateDeployment\)\(nil\)\}/,
      '{"Type":$1,"RollingUpdate":null}',
    )
    .replace(
      /apps\.DeploymentStrategy\{Type:("[^"]*"), RollingUpdate:\(\*apps\.RollingUpdateDeployment\)\(0x\w+\)\}/,
      '{"Type":$1,"RollingUpdate":{"MaxUnavailable":1,"MaxSurge":1}}',
    )
    .replace(
      /core\.ServicePort\{Name:"", Protocol:("\w+"), AppProtocol:\(\*string\)\(nil\), Port:(\d+), TargetPort:intstr[^}]*\}, NodePort:0\}/,
      '{"Name":"","Protocol":$1,"AppProtocol":null,"Port":$2,"TargetPort":0,"NodePort":0}',
    )
    .replace(
      /core\.ServicePort\{Name:"", Protocol:("\w+"), AppProtocol:\(\*string\)\(nil\), Port:(\d+), TargetPort:0, NodePort:0\}/,
      '{"Name":"","Protocol":$1,"AppProtocol":null,"Port":$2,"TargetPort":0,"NodePort":0}',
    )
    .replace(
      /resource\.Quantity\{i:resource\.int64Amount\{value:(\d+), scale:(-?\d+)\}, d:[^}]*\}, s:"([^"]*)", Format:"\w+"\}/,
      (_, value, scale, given) => JSON.stringify(given || `${Number(value) * 10 ** (Number(scale) + 3)}m`),
    )
    .replace(/Invalid value: (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\.\d+ \+0000 UTC m=\+\S+: /, 'Invalid value: "$1T$2Z": ')
}
