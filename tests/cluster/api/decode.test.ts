import { expect, test } from 'vitest'
import { decode } from '../../../src/simulator/cluster/api/decode.ts'

test('fields that nobody knows are told with their place', () => {
  const { value, complaints } = decode(
    { spec: { containers: [{ name: 'a', port: 80 }], restartpolicy: 'Never' }, extra: 1 },
    'V1Pod',
  )
  expect(value).toEqual({ spec: { containers: [{ name: 'a' }] } })
  expect(complaints).toEqual([
    'unknown field "extra"',
    'unknown field "spec.containers[0].port"',
    'unknown field "spec.restartpolicy"',
  ])
})

test.each([
  [
    { spec: { replicas: 'two' } },
    'V1Deployment',
    'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    { spec: { ports: { port: 80 } } },
    'V1Service',
    'json: cannot unmarshal object into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort',
  ],
  [
    { spec: { type: 7 } },
    'V1Service',
    'json: cannot unmarshal number into Go struct field ServiceSpec.spec.type of type v1.ServiceType',
  ],
  [
    { spec: { paused: 'no' } },
    'V1Deployment',
    'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.paused of type bool',
  ],
  [
    { data: { a: 1 } },
    'V1ConfigMap',
    'json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
  ],
  [
    { metadata: { creationTimestamp: 'today' } },
    'V1Pod',
    'parsing time "today" as "2006-01-02T15:04:05Z07:00": cannot parse "today" as "2006"',
  ],
  [{ data: { a: '***' } }, 'V1Secret', 'illegal base64 data at input byte 0'],
])('a value of another type is refused as Go refuses it: %j', (value, struct, message) => {
  expect(() => decode(value, struct)).toThrow(message)
})

test('empty values vanish where the real types cannot tell them from absent ones', () => {
  const { value } = decode(
    { metadata: { labels: {} }, spec: { clusterIP: '', ports: [{ port: 80, nodePort: 0 }], selector: null } },
    'V1Service',
  )
  expect(value).toEqual({ metadata: {}, spec: { ports: [{ port: 80 }] } })
})

test('empty values stay where they mean something', () => {
  expect(decode({ spec: { replicas: 0, paused: false } }, 'V1Deployment').value).toEqual({ spec: { replicas: 0 } })
  expect(decode({ spec: { storageClassName: '' } }, 'V1PersistentVolumeClaim').value).toEqual({
    spec: { storageClassName: '' },
  })
})

test('a quantity may be a number and becomes text', () => {
  const container = { name: 'a', resources: { limits: { cpu: 2, memory: '1.5Gi' } } }
  expect(decode({ spec: { containers: [container] } }, 'V1Pod').value).toEqual({
    spec: { containers: [{ name: 'a', resources: { limits: { cpu: '2', memory: '1536Mi' } } }] },
  })
})
