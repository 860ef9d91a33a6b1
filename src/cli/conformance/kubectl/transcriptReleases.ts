/** An answer without what only the recorded machines have: their addresses, ports, folders and node names. */
export function withoutPlace(text: string): string {
  return text
    .replace(/\b192\.168\.(?:49|64)\.\d+(?::(?:\d+|<port>))?/g, '<node-ip>')
    .replace(/\bnode[123]\b/g, '<node>')
    .replace(/\b3?6443\b/g, '<port>')
    .replace(/(docker\.io\/library)\/[\w-]+@/g, '$1/<image>@')
    .replace(/\/\S+\/(?:kc-[\w.]+\.yaml|\.kube\/config)/g, '<kubeconfig>')
}

/** A recorded answer in the words of today's kubectl and server, or why it cannot be compared. */
export function inTodaysWords(
  command: string,
  expected: string,
  actual: string,
): { readonly text?: string; readonly release?: string; readonly unanswered?: string } {
  const aside = asides.find(([, applies]) => applies(command, expected, actual))
  if (aside) return { unanswered: aside[0] }
  let text = expected
  const done: string[] = []
  for (const [release, change] of changes) {
    const changed = change(text, actual)
    if (changed !== text) done.push(release)
    text = changed
  }
  return done.length > 0 ? { text, release: done.join('; ') } : {}
}

type Aside = readonly [reason: string, applies: (command: string, expected: string, actual: string) => boolean]

/** Answers that tell of the recorded server or its nodes, not of how kubectl and a server speak. */
const asides: readonly Aside[] = [
  ['what a server offers follows from its release', command => /kubectl (api-resources|api-versions)\b/.test(command)],
  ['descriptions of fields follow from the release', command => /kubectl explain\b/.test(command)],
  [
    'it names the release, or how the recorded cluster is reached',
    command => /kubectl (version|cluster-info|config view)\b/.test(command),
  ],
  [
    'no kubelet ran on the recorded nodes: other events and volumes',
    command => /kubectl describe (po|pod|pods)\b/.test(command),
  ],
  [
    'no image was pulled on the recorded nodes',
    (_, expected, actual) => /ErrImagePull|ImagePullBackOff/.test(actual + expected) && !/^! /m.test(expected),
  ],
  [
    'no image was pulled on the recorded nodes: hazelcast ran there',
    (_, expected, actual) => expected.includes('hazelcast') && !actual.includes('hazelcast'),
  ],
  ['differences between pods have another form (1.33)', (_, expected) => expected.includes('core.PodSpec{')],
  [
    'the Service of the API server itself was gone for a moment',
    (command, expected, actual) =>
      /get (all|svc)\b/.test(command) &&
      expected.includes('No resources found') &&
      /^(service\/)?kubernetes /m.test(actual),
  ],
  ['no CoreDNS ran in the recorded cluster', command => /-n kube-system/.test(command)],
]

type Change = readonly [release: string, change: (expected: string, actual: string) => string]

const deprecatedEndpoints = '! Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'

const changes: readonly Change[] = [
  [
    'Endpoints are deprecated (1.33)',
    (text, actual) => (actual.includes(deprecatedEndpoints) ? withLine(text, deprecatedEndpoints) : text),
  ],
  [
    'Endpoints say who manages them (1.33)',
    (text, actual) =>
      actual.includes('endpoints.kubernetes.io/managed-by: endpoint-controller')
        ? withLine(text, '  endpoints.kubernetes.io/managed-by: endpoint-controller')
        : actual.includes('endpoints.kubernetes.io/managed-by=endpoint-controller')
          ? withLine(text, '  endpoints.kubernetes.io/managed-by=endpoint-controller')
          : text,
  ],
  [
    'target references leave out the version (1.22)',
    text => text.replace(/(kind: Pod\n.*\n.*\n) *resourceVersion: "<rv>"\n/g, '$1'),
  ],
  [
    'the server prints values as JSON (1.33)',
    text =>
      text
        .replace(/\[\]string\{([^}]*)\}/g, '[$1]')
        .replace(/map\[string\]string\{([^}]*)\}/g, '{$1}')
        .replace(
          /v1\.LabelSelector\{MatchLabels:(\{[^}]*\}), MatchExpressions:\[\]v1\.LabelSelectorRequirement\(nil\)\}/g,
          '{"matchLabels":$1}',
        ),
  ],
  [
    'a refused address is worded anew (1.27)',
    text => text.replace(/failed to allocated ip:(\S+) with error:/, 'failed to allocate IP $1: '),
  ],
  [
    'external policies are worded anew (1.26)',
    text =>
      text.replace(
        'ExternalTrafficPolicy can only be set on NodePort and LoadBalancer service',
        'may only be set for externally-accessible services',
      ),
  ],
  [
    'names of Services may begin with digits (1.36)',
    (text, actual) =>
      /The Service "1bad" is invalid: metadata.name/.test(text)
        ? 'service/1bad created\n? 0'
        : withOther(text, actual, /^1bad .*$/m),
  ],
  [
    'Services have an internal traffic policy and address families (1.22, 1.23)',
    (text, actual) =>
      actual.includes('internalTrafficPolicy: Cluster') && !text.includes('internalTrafficPolicy')
        ? withLine(text, '  internalTrafficPolicy: Cluster\n  ipFamilies:\n  - IPv4\n  ipFamilyPolicy: SingleStack')
        : text,
  ],
  [
    'Services without pods of another family get no slice for it (1.21)',
    text => text.replace(/^[\w-]+<suffix-\d+> {2}IPv6 .*\n/gm, '').replace(/^my-ext\S* .*<(?:unset|none)> .*\n/gm, ''),
  ],
  [
    'events tell from how many to how many (1.23)',
    text =>
      text.replace(/(Scaled (?:up|down) replica set \S+) to (\d+)/g, (all, what, to) =>
        what.includes('up') ? `${what} from 0 to ${to}` : all,
      ),
  ],
  [
    'labels that go are told as such (1.22)',
    (text, actual) => (/\bunlabeled$/m.test(actual) ? text.replace(/\blabeled$/m, 'unlabeled') : text),
  ],
  [
    'missing flags are an error like others (1.23)',
    text => text.replace(/^! Error: required flag/m, '! error: required flag'),
  ],
  ['manifests leave out empty times (1.33)', text => text.replace(/^ *creationTimestamp: null\n/gm, '')],
  ['warnings begin with a capital letter (1.25)', text => text.replace(/^! warning: /gm, '! Warning: ')],
  [
    'descriptions of templates tell where pods may run (1.30)',
    (text, actual) => {
      const lines = /^.*Node-Selectors:.*\n.*Tolerations:.*$/m.exec(actual)?.[0]
      return lines !== undefined && !text.includes('Node-Selectors:') ? withLine(text, lines) : text
    },
  ],
  ['targets of autoscalers are named (1.31)', text => text.replace(/ (<unknown>|\d+%)\/(\d+%) /g, ' cpu: $1/$2 ')],
  [
    '--cpu-percent is deprecated (1.34)',
    (text, actual) => withOther(text, actual, /^! Flag --cpu-percent has been deprecated.*$/m),
  ],
  [
    'managed fields are not shown (1.21)',
    text =>
      text.replace(
        /^ +managedFields:\n(?: +(?:- .*|f:.*|k:.*|\.: .*|apiVersion: .*|fieldsType: .*|fieldsV1:|manager: .*|operation: .*|time: .*)\n)+/gm,
        '',
      ),
  ],
  [
    'Services are described with families and policies (1.22, 1.23)',
    text =>
      /^IP Families: {2}<none>$/m.test(text)
        ? withLine(
            text
              .replace(/^IP Families: .*$/m, 'IP Family Policy:  SingleStack\nIP Families:  IPv4')
              .replace(/^Endpoints: {2}<none>$/gm, 'Endpoints:'),
            text.includes('ExternalName') ? '' : 'Internal Traffic Policy:  Cluster',
          )
        : text,
  ],
  [
    'endpoints are described with node and zone (1.21)',
    text => text.replace(/^( *)Topology: {2}kubernetes\.io\/hostname=(.*)$/gm, '$1NodeName:  $2\n$1Zone:  <unset>'),
  ],
  [
    'ConfigMaps are described with their binary data (1.23)',
    (text, actual) => (/^BinaryData$/m.test(actual) ? withLine(text, 'BinaryData\n====') : text),
  ],
  [
    'a use that is wrong is no longer explained at length (1.27)',
    text => text.replace(/^! See 'kubectl expose -h'.*\n/gm, ''),
  ],
  [
    'deletions name the namespace (1.34)',
    text => text.replace(/^((?!namespace |clusterrole)\S+ "[^"]+" (?:force )?deleted)$/gm, '$1 from default namespace'),
  ],
]

function withLine(text: string, line: string): string {
  return `${line}\n${text}`
}

/** A line that follows from an answer of today's before. */
function withOther(text: string, actual: string, pattern: RegExp): string {
  const line = pattern.exec(actual)?.[0]
  return line !== undefined && !pattern.test(text) ? withLine(text, line) : text
}
