import type { Backend } from './model.ts'

/** An upstream as the controller tells it to its nginx and `/dbg` shows it. */
export function backendJson(backend: Backend): object {
  const { name, service, port, endpoints, affinity, shaping, alternatives, isAlternative } = backend
  return {
    name,
    ...(service && {
      service: {
        metadata: {},
        spec: {
          ports: service.spec.ports?.map(({ name, protocol, port, targetPort, appProtocol }) => ({
            ...(name && { name }),
            protocol,
            ...(appProtocol && { appProtocol }),
            port,
            targetPort,
          })),
          selector: service.spec.selector,
          clusterIP: service.spec.clusterIP,
          clusterIPs: service.spec.clusterIPs,
          type: service.spec.type,
          sessionAffinity: service.spec.sessionAffinity,
        },
        status: { loadBalancer: {} },
      },
    }),
    port: /^\d+$/.test(port) ? Number(port) : port,
    sslPassthrough: false,
    endpoints: endpoints.map(each => ({ address: each.address, port: String(each.port) })),
    sessionAffinityConfig: {
      name: affinity ? 'cookie' : '',
      mode: affinity ? 'balanced' : '',
      cookieSessionAffinity: { name: affinity?.cookie ?? '' },
    },
    upstreamHashByConfig: { 'upstream-hash-by-subset-size': 3 },
    noServer: isAlternative,
    trafficShapingPolicy: shaping ?? {
      weight: 0,
      weightTotal: 0,
      header: '',
      headerValue: '',
      headerPattern: '',
      cookie: '',
    },
    ...(alternatives.length > 0 && { alternativeBackends: alternatives }),
  }
}
