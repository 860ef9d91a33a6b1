import { expect, test } from 'vitest'
import { type Service, service } from '../../../src/simulator/cluster/kinds/service.ts'

function make(spec: Partial<Service['spec']>, status: Service['status'] = { loadBalancer: {} }): Service {
  const made: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 's',
      namespace: 'default',
      uid: 'u',
      resourceVersion: '1',
      creationTimestamp: '2026-03-02T09:00:00Z',
    },
    spec: { ...spec },
    status,
  }
  service.defaults!(made)
  return made
}

function complaints(spec: Partial<Service['spec']>): string[] {
  return service.validate!(make(spec)).map(({ field, body }) => `${field}: ${body}`)
}

function cells(made: Service): unknown[] {
  return service.columns.slice(1, 5).map(column => column.value(made, 0))
}

test('a Service goes to the port it has unless it says otherwise', () => {
  expect(make({ ports: [{ port: 80 }] }).spec).toMatchObject({
    type: 'ClusterIP',
    ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    sessionAffinity: 'None',
    internalTrafficPolicy: 'Cluster',
  })
})

test('affinity lasts three hours', () => {
  const { spec } = make({ ports: [{ port: 80 }], sessionAffinity: 'ClientIP' })
  expect(spec.sessionAffinityConfig).toEqual({ clientIP: { timeoutSeconds: 10_800 } })
})

const port = { port: 80 }

test.each<[Partial<Service['spec']>, string]>([
  [{}, 'spec.ports: Required value'],
  [{ ports: [port, { port: 81 }] }, 'spec.ports[0].name: Required value'],
  [
    {
      ports: [
        { name: 'a', port: 1 },
        { name: 'a', port: 2 },
      ],
    },
    'spec.ports[1].name: Duplicate value: "a"',
  ],
  [
    { ports: [{ port: 80, targetPort: 'Web' }] },
    'spec.ports[0].targetPort: Invalid value: "Web": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
  ],
  [
    { ports: [port], type: 'Nodeport' },
    'spec.type: Unsupported value: "Nodeport": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
  ],
  [
    { ports: [{ port: 80, nodePort: 30_000 }] },
    "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
  ],
  [
    { ports: [port], clusterIP: 'nowhere' },
    'spec.clusterIPs[0]: Invalid value: "nowhere": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
  ],
  [
    { ports: [port], type: 'NodePort', clusterIP: 'None' },
    'spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services',
  ],
  [{ type: 'ExternalName' }, 'spec.externalName: Required value'],
  [
    { ports: [port], externalIPs: ['127.0.0.1'] },
    'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
  ],
  [{ ports: [port], selector: { 'a b': 'c' } }, 'spec.selector: Invalid value: "a b": name part must consist of'],
])('%j is refused', (spec, complaint) => {
  expect(complaints(spec).join('\n')).toContain(complaint)
})

test('an address stays once it is given', () => {
  const before = make({ ports: [port], clusterIP: '10.96.0.5', clusterIPs: ['10.96.0.5'] })
  const after = make({ ports: [port], clusterIP: '10.96.0.6', clusterIPs: ['10.96.0.6'] })
  expect(service.validateUpdate!(after, before)).toEqual([
    {
      type: 'FieldValueInvalid',
      field: 'spec.clusterIPs[0]',
      body: 'Invalid value: ["10.96.0.6"]: may not change once set',
    },
  ])
})

test.each<[Service, unknown[]]>([
  [
    make({ ports: [port], clusterIP: '10.96.0.5', clusterIPs: ['10.96.0.5'] }),
    ['ClusterIP', '10.96.0.5', '<none>', '80/TCP'],
  ],
  [make({ ports: [port], clusterIP: 'None' }), ['ClusterIP', 'None', '<none>', '80/TCP']],
  [
    make({
      ports: [
        { port: 80, nodePort: 30_080 },
        { port: 53, protocol: 'UDP' },
      ],
      type: 'NodePort',
    }),
    ['NodePort', '<none>', '<none>', '80:30080/TCP,53/UDP'],
  ],
  [make({ ports: [port], type: 'LoadBalancer' }), ['LoadBalancer', '<none>', '<pending>', '80/TCP']],
  [
    make({ ports: [port], type: 'LoadBalancer' }, { loadBalancer: { ingress: [{ ip: '203.0.113.9' }] } }),
    ['LoadBalancer', '<none>', '203.0.113.9', '80/TCP'],
  ],
  [make({ type: 'ExternalName', externalName: 'shop.example' }), ['ExternalName', '<none>', 'shop.example', '<none>']],
])('Service %# is shown in one row', (made, row) => {
  expect(cells(made)).toEqual(row)
})

function changes(next: Partial<Service['spec']>, previous: Partial<Service['spec']>): string[] {
  return service.validateUpdate!(make(next), make(previous)).map(({ field, body }) => `${field}: ${body}`)
}

test('a second address may come, and goes only with the policy for it', () => {
  const ports = [{ port: 80 }]
  const one = { ports, clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'], ipFamilies: ['IPv4'] }
  const two = { ...one, clusterIPs: ['10.96.0.1', 'fd00::1'], ipFamilies: ['IPv4', 'IPv6'] }
  expect(changes(two, one)).toEqual([])
  expect(changes({ ...one, ipFamilyPolicy: 'SingleStack' }, two)).toEqual([])
  expect(changes({ ...one, ipFamilyPolicy: 'PreferDualStack' }, two)).toEqual([
    `spec.ipFamilyPolicy: Invalid value: "PreferDualStack": must be set to 'SingleStack' when releasing the secondary clusterIP`,
    `spec.ipFamilyPolicy: Invalid value: "PreferDualStack": must be set to 'SingleStack' when releasing the secondary ipFamily`,
  ])
  expect(changes({ ...two, clusterIPs: ['10.96.0.1', 'fd00::2'] }, two)).toEqual([
    'spec.clusterIPs[1]: Invalid value: ["10.96.0.1","fd00::2"]: may not change once set',
  ])
})

test('ranges that may call a load balancer are ranges, in the field and in the annotation of old', () => {
  const spec = { ports: [{ port: 80 }], type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8', 'here'] }
  const text = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
  expect(complaints(spec)).toEqual([`spec.LoadBalancerSourceRanges[1]: Invalid value: "here": ${text}`])
  const annotation = 'service.beta.kubernetes.io/load-balancer-source-ranges'
  const annotated = make({ ports: [{ port: 80 }] })
  annotated.metadata.annotations = { [annotation]: 'here' }
  expect(service.validate!(annotated).map(({ field }) => field)).toEqual([
    `metadata.annotations[${annotation}]`,
    `metadata.annotations[${annotation}]`,
  ])
})
