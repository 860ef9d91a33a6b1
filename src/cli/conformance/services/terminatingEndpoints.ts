import type { KubernetesObject } from '../../../simulator/cluster/api/object.ts'

/** What a dump of kube-proxy's own tests supposes, where the corpora hold the dump alone. */
export interface TerminatingSetUp {
  readonly name: string
  /** The file below the folder `dumps`. */
  readonly dump: string
  readonly services: readonly KubernetesObject[]
  readonly endpointSlices: readonly KubernetesObject[]
}

/** An endpoint that is ready, that serves while it ends, or that has ended to serve. */
type State = 'ready' | 'serving' | 'ended'

const here = 'test-hostname'
const elsewhere = 'another-host'

/** Services whose endpoints are on their way out. Source: TestTerminatingEndpointsTrafficPolicy… in proxier_test.go. */
export const terminatingSetUps: readonly TerminatingSetUp[] = [
  setUp('Local', 'ready endpoints exist', ['ready', 'ready', 'serving', 'ended'], 'ready'),
  setUp('Local', 'no usable endpoints on any node', ['ended', 'ended'], 'ended'),
  setUp('Cluster', 'ready endpoints exist', ['ready', 'ready', 'serving', 'ended'], 'ready'),
]

function setUp(policy: 'Local' | 'Cluster', what: string, near: readonly State[], far: State): TerminatingSetUp {
  const test = `TestTerminatingEndpointsTrafficPolicy${policy}`
  const metadata = { name: 'svc1', namespace: 'ns1', uid: '1', resourceVersion: '1', creationTimestamp: '' }
  const spec = {
    type: 'LoadBalancer',
    clusterIP: '172.30.1.1',
    clusterIPs: ['172.30.1.1'],
    externalTrafficPolicy: policy,
    sessionAffinity: 'ClientIP',
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
    ...(policy === 'Local' && { healthCheckNodePort: 30_000 }),
    ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
  }
  const endpoints = [
    ...near.map((state, index) => endpoint(`10.0.1.${index + 1}`, here, state)),
    endpoint('10.0.1.5', elsewhere, far),
  ]
  return {
    name: `${test}/${what}`,
    dump: `${test}--${what.replaceAll(' ', '_')}.iptables`,
    services: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec,
        status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } },
      } as KubernetesObject,
    ],
    endpointSlices: [
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { ...metadata, name: 'svc1-1', labels: { 'kubernetes.io/service-name': 'svc1' } },
        addressType: 'IPv4',
        ports: [{ name: '', protocol: 'TCP', port: 80 }],
        endpoints,
      } as KubernetesObject,
    ],
  }
}

function endpoint(address: string, nodeName: string, state: State): object {
  const conditions = { ready: state === 'ready', serving: state !== 'ended', terminating: state !== 'ready' }
  return { addresses: [address], nodeName, conditions }
}
