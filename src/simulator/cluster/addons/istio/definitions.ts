import type { JsonSchema } from '../../api/jsonSchema/jsonSchema.ts'
import { ageColumn, type CustomResource, textColumn } from '../../manifest/customResource.ts'

const text: JsonSchema = { type: 'string' }
const flag: JsonSchema = { type: 'boolean' }
const whole: JsonSchema = { type: 'integer', format: 'int32' }
const port: JsonSchema = { type: 'integer', maximum: 4_294_967_295, minimum: 0 }
const fraction: JsonSchema = { type: 'number', format: 'double' }
const duration: JsonSchema = { type: 'string' }

function list(items: JsonSchema): JsonSchema {
  return { type: 'array', items }
}

function map(values: JsonSchema): JsonSchema {
  return { type: 'object', additionalProperties: values }
}

function fields(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[] = []): JsonSchema {
  return { type: 'object', properties, ...(required.length > 0 && { required }) }
}

function oneOf(...words: string[]): JsonSchema {
  return { type: 'string', enum: words }
}

/** The object's fields below `spec`, and a status that anybody may write. */
function objectOf(spec: JsonSchema): JsonSchema {
  return fields({ spec, status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } })
}

const match = fields({ exact: text, prefix: text, regex: text })
const matchMap = map(match)
const percent = fields({ value: fraction })
const headerOperations = fields({ add: map(text), remove: list(text), set: map(text) })
const headers = fields({ request: headerOperations, response: headerOperations })
const destination = fields({ host: text, port: fields({ number: port }), subset: text }, ['host'])
const weighted = fields({ destination, headers, weight: whole }, ['destination'])

const httpRule = fields({
  corsPolicy: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  delegate: fields({ name: text, namespace: text }),
  directResponse: fields({ body: fields({ bytes: text, string: text }), status: port }, ['status']),
  fault: fields({
    abort: fields({ grpcStatus: text, http2Error: text, httpStatus: whole, percentage: percent }),
    delay: fields({ exponentialDelay: duration, fixedDelay: duration, percent: whole, percentage: percent }),
  }),
  headers,
  match: list(
    fields({
      authority: match,
      gateways: list(text),
      headers: matchMap,
      ignoreUriCase: flag,
      method: match,
      name: text,
      port,
      queryParams: matchMap,
      scheme: match,
      sourceLabels: map(text),
      sourceNamespace: text,
      statPrefix: text,
      uri: match,
      withoutHeaders: matchMap,
    }),
  ),
  mirror: destination,
  mirrorPercent: whole,
  mirrorPercentage: percent,
  mirrors: list(fields({ destination, percentage: percent }, ['destination'])),
  name: text,
  redirect: fields({
    authority: text,
    derivePort: oneOf('FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT'),
    port,
    redirectCode: whole,
    scheme: text,
    uri: text,
  }),
  retries: fields({
    attempts: whole,
    backoff: duration,
    perTryTimeout: duration,
    retryIgnorePreviousHosts: flag,
    retryOn: text,
    retryRemoteLocalities: flag,
  }),
  rewrite: fields({ authority: text, uri: text, uriRegexRewrite: fields({ match: text, rewrite: text }) }),
  route: list(weighted),
  timeout: duration,
})

const virtualService = fields({
  exportTo: list(text),
  gateways: list(text),
  hosts: list(text),
  http: list(httpRule),
  tcp: list(
    fields({
      match: list(
        fields({
          destinationSubnets: list(text),
          gateways: list(text),
          port,
          sourceLabels: map(text),
          sourceNamespace: text,
        }),
      ),
      route: list(fields({ destination, weight: whole }, ['destination'])),
    }),
  ),
  tls: list({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true }),
})

const policyFields: Readonly<Record<string, JsonSchema>> = {
  connectionPool: fields({
    http: fields({
      h2UpgradePolicy: oneOf('DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE'),
      http1MaxPendingRequests: whole,
      http2MaxRequests: whole,
      idleTimeout: duration,
      maxConcurrentStreams: whole,
      maxRequestsPerConnection: whole,
      maxRetries: whole,
      useClientProtocol: flag,
    }),
    tcp: fields({
      connectTimeout: duration,
      idleTimeout: duration,
      maxConnectionDuration: duration,
      maxConnections: whole,
      tcpKeepalive: fields({ interval: duration, probes: port, time: duration }),
    }),
  }),
  loadBalancer: fields({
    consistentHash: fields({
      httpCookie: fields({ name: text, path: text, ttl: duration }, ['name']),
      httpHeaderName: text,
      httpQueryParameterName: text,
      minimumRingSize: whole,
      useSourceIp: flag,
    }),
    localityLbSetting: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    simple: oneOf('UNSPECIFIED', 'LEAST_CONN', 'RANDOM', 'PASSTHROUGH', 'ROUND_ROBIN', 'LEAST_REQUEST'),
    warmup: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  }),
  outlierDetection: fields({
    baseEjectionTime: duration,
    consecutive5xxErrors: { ...whole, nullable: true },
    consecutiveErrors: whole,
    consecutiveGatewayErrors: { ...whole, nullable: true },
    interval: duration,
    maxEjectionPercent: whole,
    minHealthPercent: whole,
    splitExternalLocalOriginErrors: flag,
  }),
  tls: fields({
    caCertificates: text,
    clientCertificate: text,
    credentialName: text,
    insecureSkipVerify: { ...flag, nullable: true },
    mode: oneOf('DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'),
    privateKey: text,
    sni: text,
    subjectAltNames: list(text),
  }),
}

const trafficPolicy = fields({
  ...policyFields,
  portLevelSettings: list(fields({ ...policyFields, port: fields({ number: port }) })),
})

const destinationRule = fields(
  {
    exportTo: list(text),
    host: text,
    subsets: list(fields({ labels: map(text), name: text, trafficPolicy }, ['name'])),
    trafficPolicy,
    workloadSelector: fields({ matchLabels: map(text) }),
  },
  ['host'],
)

const gateway = fields({
  selector: map(text),
  servers: list(
    fields(
      {
        bind: text,
        defaultEndpoint: text,
        hosts: list(text),
        name: text,
        port: fields({ name: text, number: port, protocol: text, targetPort: port }, ['number', 'protocol', 'name']),
        tls: fields({
          credentialName: text,
          httpsRedirect: flag,
          mode: oneOf('PASSTHROUGH', 'SIMPLE', 'MUTUAL', 'AUTO_PASSTHROUGH', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL'),
          privateKey: text,
          serverCertificate: text,
        }),
      },
      ['port', 'hosts'],
    ),
  ),
})

const serviceEntry = fields(
  {
    addresses: list(text),
    endpoints: list(fields({ address: text, labels: map(text), network: text, ports: map(port), weight: port })),
    exportTo: list(text),
    hosts: list(text),
    location: oneOf('MESH_EXTERNAL', 'MESH_INTERNAL'),
    ports: list(fields({ name: text, number: port, protocol: text, targetPort: port }, ['number', 'name'])),
    resolution: oneOf('NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS'),
    subjectAltNames: list(text),
    workloadSelector: fields({ labels: map(text) }),
  },
  ['hosts'],
)

const mode = oneOf('UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT')
const selector = fields({ matchLabels: map(text) })
const peerAuthentication = fields({
  mtls: fields({ mode }),
  portLevelMtls: map(fields({ mode })),
  selector,
})

const authorizationPolicy = fields({
  action: oneOf('ALLOW', 'DENY', 'AUDIT', 'CUSTOM'),
  provider: fields({ name: text }),
  rules: list(
    fields({
      from: list(
        fields({
          source: fields(
            Object.fromEntries(
              [
                'ipBlocks',
                'namespaces',
                'principals',
                'remoteIpBlocks',
                'requestPrincipals',
                'serviceAccounts',
              ].flatMap(name => [
                [name, list(text)],
                [`not${name[0]!.toUpperCase()}${name.slice(1)}`, list(text)],
              ]),
            ),
          ),
        }),
      ),
      to: list(
        fields({
          operation: fields(
            Object.fromEntries(
              ['hosts', 'methods', 'paths', 'ports'].flatMap(name => [
                [name, list(text)],
                [`not${name[0]!.toUpperCase()}${name.slice(1)}`, list(text)],
              ]),
            ),
          ),
        }),
      ),
      when: list(fields({ key: text, notValues: list(text), values: list(text) }, ['key'])),
    }),
  ),
  selector,
})

const networking = { group: 'networking.istio.io', categories: ['istio-io', 'networking-istio-io'] }
const security = { group: 'security.istio.io', categories: ['istio-io', 'security-istio-io'] }

// Simplified: the kinds that the mesh of this lab acts on, and Gateway; EnvoyFilter, Sidecar, RequestAuthentication,
// Telemetry, WasmPlugin and the Workload kinds are left out.
/** The kinds that Istio brings. */
export const istioDefinitions: readonly CustomResource[] = [
  {
    ...networking,
    kind: 'VirtualService',
    plural: 'virtualservices',
    shortNames: ['vs'],
    versions: ['v1', 'v1beta1', 'v1alpha3'],
    schema: objectOf(virtualService),
    columns: [textColumn('Gateways', '.spec.gateways'), textColumn('Hosts', '.spec.hosts'), ageColumn],
  },
  {
    ...networking,
    kind: 'DestinationRule',
    plural: 'destinationrules',
    shortNames: ['dr'],
    versions: ['v1', 'v1beta1', 'v1alpha3'],
    schema: objectOf(destinationRule),
    columns: [textColumn('Host', '.spec.host'), ageColumn],
  },
  {
    ...networking,
    kind: 'Gateway',
    plural: 'gateways',
    shortNames: ['gw'],
    versions: ['v1', 'v1beta1', 'v1alpha3'],
    schema: objectOf(gateway),
  },
  {
    ...networking,
    kind: 'ServiceEntry',
    plural: 'serviceentries',
    shortNames: ['se'],
    versions: ['v1', 'v1beta1', 'v1alpha3'],
    schema: objectOf(serviceEntry),
    columns: [
      textColumn('Hosts', '.spec.hosts'),
      textColumn('Location', '.spec.location'),
      textColumn('Resolution', '.spec.resolution'),
      ageColumn,
    ],
  },
  {
    ...security,
    kind: 'PeerAuthentication',
    plural: 'peerauthentications',
    shortNames: ['pa'],
    versions: ['v1', 'v1beta1'],
    schema: objectOf(peerAuthentication),
    columns: [textColumn('Mode', '.spec.mtls.mode'), ageColumn],
  },
  {
    ...security,
    kind: 'AuthorizationPolicy',
    plural: 'authorizationpolicies',
    shortNames: ['ap'],
    versions: ['v1', 'v1beta1'],
    schema: objectOf(authorizationPolicy),
    columns: [textColumn('Action', '.spec.action'), ageColumn],
  },
]
