import {
  associationPort,
  type DrawnLab,
  type DrawnService,
  datagramPort,
  type Ground,
  type GroundPod,
  nameOf,
} from './drawnLab.ts'

/** The pod of a place. */
export function podObject({ namespace, name, node: nodeName, web, isReady, isOnHostNetwork }: GroundPod) {
  const args = ['netexec', `--http-port=${web}`, `--udp-port=${datagramPort}`, `--sctp-port=${associationPort}`]
  return {
    metadata: { name, namespace },
    spec: {
      nodeName,
      hostNetwork: isOnHostNetwork,
      tolerations: [{ operator: 'Exists' }],
      containers: [
        {
          name: 'c',
          image: 'registry.k8s.io/e2e-test-images/agnhost:2.53',
          args,
          ports: [
            { name: 'web', containerPort: web },
            { name: 'datagram', containerPort: datagramPort, protocol: 'UDP' },
            { name: 'association', containerPort: associationPort, protocol: 'SCTP' },
          ],
          ...(isReady ? {} : { readinessProbe: { httpGet: { path: '/nowhere', port: 9 } } }),
        },
      ],
    },
  }
}

/** The specification of a drawn Service. */
export function serviceSpec(drawn: DrawnService): object {
  return {
    type: drawn.type,
    ...(drawn.selector ? { selector: drawn.selector } : {}),
    ports: drawn.ports.map(({ nodePort, ...port }) => ({ ...port, ...(nodePort === undefined ? {} : { nodePort }) })),
    ...(drawn.isInternalLocal ? { internalTrafficPolicy: 'Local' } : {}),
    ...(drawn.isExternalLocal ? { externalTrafficPolicy: 'Local' } : {}),
    ...(drawn.isSticky ? { sessionAffinity: 'ClientIP' } : {}),
    ...(drawn.publishesNotReady ? { publishNotReadyAddresses: true } : {}),
  }
}

/** All objects of a lab as one list, for `kubectl apply`. */
export function manifestOf(ground: Ground, lab: DrawnLab): object {
  const namespaces = Object.entries(lab.namespaces).map(([name, labels]) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels },
  }))
  const pods = ground.pods.map(pod => {
    const { metadata, spec } = podObject(pod)
    return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, labels: lab.pods[nameOf(pod)] }, spec }
  })
  const services = lab.services.map(drawn => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: drawn.name, namespace: drawn.namespace },
    spec: serviceSpec(drawn),
  }))
  const policies = lab.policies.map(({ namespace, name, spec }) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec,
  }))
  return { apiVersion: 'v1', kind: 'List', items: [...namespaces, ...pods, ...services, ...policies] }
}
