import { chainSuffix } from '../../../src/simulator/cluster/proxy/chainNames.ts'
import type { Endpoint, ServicePort } from '../../../src/simulator/cluster/proxy/servicePort.ts'

/** A port of a Service that only the cluster reaches. */
export const web: ServicePort = {
  name: 'default/web:http',
  protocol: 'tcp',
  clusterIp: '10.96.7.7',
  port: 80,
  nodePort: 0,
  externalIps: [],
  loadBalancerIps: [],
  sourceRanges: [],
  isInternalLocal: false,
  isExternalLocal: false,
  healthCheckPort: 0,
  affinitySeconds: undefined,
  suffix: chainSuffix('default/web:http', 'tcp'),
}

/** A ready endpoint on another node, but for the changes. */
export function endpoint(address: string, changes: Partial<Endpoint> = {}): Endpoint {
  return {
    address,
    port: 8080,
    text: `${address}:8080`,
    isLocal: false,
    isReady: true,
    isServing: true,
    isTerminating: false,
    zones: new Set(),
    nodes: new Set(),
    ...changes,
  }
}
