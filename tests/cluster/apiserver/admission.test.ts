import { expect, test } from 'vitest'
import { certificateSigningRequest } from '../../../src/simulator/cluster/kinds/certificateSigningRequest.ts'
import { configMap } from '../../../src/simulator/cluster/kinds/configMap.ts'
import { limitRange } from '../../../src/simulator/cluster/kinds/limitRange.ts'
import { namespace } from '../../../src/simulator/cluster/kinds/namespace.ts'
import { node } from '../../../src/simulator/cluster/kinds/node.ts'
import { persistentVolumeClaim } from '../../../src/simulator/cluster/kinds/persistentVolumeClaim.ts'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { priorityClass } from '../../../src/simulator/cluster/kinds/priorityClass.ts'
import { resourceQuota } from '../../../src/simulator/cluster/kinds/resourceQuota.ts'
import { runtimeClass } from '../../../src/simulator/cluster/kinds/runtimeClass.ts'
import { serviceAccount } from '../../../src/simulator/cluster/kinds/serviceAccount.ts'
import { storageClass } from '../../../src/simulator/cluster/kinds/storageClass.ts'
import { podNamed, TestServer } from './testServer.ts'

test('nothing is made in a namespace that does not exist or is going', () => {
  const { client } = new TestServer()
  const draft = (namespaceName: string) => ({ metadata: { name: 'a', namespace: namespaceName } })
  expect(() => client.create(configMap, draft('nowhere'))).toThrow('namespaces "nowhere" not found')
  client.create(namespace, { metadata: { name: 'team' }, spec: {} })
  client.delete(namespace, 'team')
  expect(() => client.create(configMap, draft('team'))).toThrow(
    'configmaps "a" is forbidden: unable to create new content in namespace team because it is being terminated',
  )
})

test('the namespace default cannot be deleted', () => {
  const { client } = new TestServer()
  expect(() => client.delete(namespace, 'default')).toThrow(
    'namespaces "default" is forbidden: this namespace may not be deleted',
  )
})

test('a pod gets an account, its token, tolerations and a priority', () => {
  const { client } = new TestServer()
  const { spec } = client.create(pod, podNamed('p'))
  const volume = spec.volumes![0]!
  expect(volume.name).toMatch(/^kube-api-access-.{5}$/)
  expect(spec.containers[0]!.volumeMounts).toEqual([
    { name: volume.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
  ])
  expect(spec.tolerations!.map(({ key, tolerationSeconds }) => `${key} ${tolerationSeconds}`)).toEqual([
    'node.kubernetes.io/not-ready 300',
    'node.kubernetes.io/unreachable 300',
  ])
  expect([spec.serviceAccountName, spec.priority, spec.preemptionPolicy]).toEqual([
    'default',
    0,
    'PreemptLowerPriority',
  ])
})

test('an account can keep its token to itself', () => {
  const { client } = new TestServer()
  client.create(serviceAccount, {
    metadata: { name: 'quiet', namespace: 'default' },
    automountServiceAccountToken: false,
  })
  const { spec } = client.create(pod, {
    ...podNamed('p'),
    spec: { ...podNamed('p').spec, serviceAccountName: 'quiet' },
  })
  expect(spec.volumes).toBeUndefined()
})

test('an account that does not exist is refused, also for a pod whose name is not made yet', () => {
  const { client } = new TestServer()
  const draft = { ...podNamed('p').spec, serviceAccountName: 'bot' }
  expect(() => client.create(pod, { metadata: { generateName: 'web-', namespace: 'default' }, spec: draft })).toThrow(
    'pods "web-" is forbidden: error looking up service account default/bot: serviceaccount "bot" not found',
  )
})

test('a priority class gives its number', () => {
  const { client } = new TestServer()
  client.create(priorityClass, { metadata: { name: 'high' }, value: 500 })
  const withClass = (name: string) => ({ ...podNamed(name), spec: { ...podNamed(name).spec, priorityClassName: name } })
  expect(client.create(pod, withClass('high')).spec.priority).toBe(500)
  expect(() => client.create(pod, withClass('low'))).toThrow('no PriorityClass with name low was found')
})

test('a new node is tainted until it is ready', () => {
  const { client } = new TestServer()
  expect(client.create(node, { metadata: { name: 'n' }, spec: {} }).spec.taints).toEqual([
    { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' },
  ])
})

test('claims get the default storage class', () => {
  const { client } = new TestServer()
  const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' }
  client.create(storageClass, { metadata: { name: 'fast', annotations }, provisioner: 'x.io/fast' })
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
  const claim = client.create(persistentVolumeClaim, { metadata: { name: 'c', namespace: 'default' }, spec })
  expect(claim.spec.storageClassName).toBe('fast')
})

test('a limit range fills in and bounds resources', () => {
  const { client } = new TestServer()
  const limits = [
    { type: 'Container', default: { cpu: '200m' }, defaultRequest: { cpu: '100m' }, max: { cpu: '500m' } },
  ]
  client.create(limitRange, { metadata: { name: 'l', namespace: 'default' }, spec: { limits } })
  expect(client.create(pod, podNamed('a')).spec.containers[0]!.resources).toEqual({
    limits: { cpu: '200m' },
    requests: { cpu: '100m' },
  })
  const greedy = { containers: [{ name: 'c', image: 'x:1', resources: { limits: { cpu: '1' } } }] }
  expect(() => client.create(pod, { ...podNamed('b'), spec: greedy })).toThrow(
    'pods "b" is forbidden: maximum cpu usage per Container is 500m, but limit is 1',
  )
})

test('a quota counts and refuses', () => {
  const { client } = new TestServer()
  client.create(resourceQuota, { metadata: { name: 'q', namespace: 'default' }, spec: { hard: { pods: '1' } } })
  client.create(pod, podNamed('a'))
  expect(client.get(resourceQuota, 'q', 'default')!.status.used).toEqual({ pods: '1' })
  expect(() => client.create(pod, podNamed('b'))).toThrow(
    'pods "b" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
  )
})

test('a quota on resources makes every container say its own', () => {
  const { client } = new TestServer()
  client.create(resourceQuota, { metadata: { name: 'q', namespace: 'default' }, spec: { hard: { 'limits.cpu': '1' } } })
  expect(() => client.create(pod, podNamed('a'))).toThrow('failed quota: q: must specify limits.cpu for: c')
})

test('a runtime class says what its pods cost and where they run', () => {
  const { client } = new TestServer()
  client.create(runtimeClass, {
    metadata: { name: 'sandboxed' },
    handler: 'kata',
    overhead: { podFixed: { cpu: '250m' } },
    scheduling: { nodeSelector: { runtime: 'kata' }, tolerations: [{ key: 'kata', operator: 'Exists' }] },
  })
  const draft = podNamed('p')
  const made = client.create(pod, { ...draft, spec: { ...draft.spec, runtimeClassName: 'sandboxed' } } as typeof draft)
  expect(made.spec).toMatchObject({ overhead: { cpu: '250m' }, nodeSelector: { runtime: 'kata' } })
  expect(made.spec.tolerations).toContainEqual({ key: 'kata', operator: 'Exists' })
  const other = podNamed('q')
  expect(() =>
    client.create(pod, { ...other, spec: { ...other.spec, runtimeClassName: 'nope' } } as typeof other),
  ).toThrow('pods "q" is forbidden: pod rejected: RuntimeClass "nope" not found')
})

test('nobody asks for a certificate that would make him almighty', () => {
  const { client } = new TestServer()
  const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${btoa('O=system:masters')}\n-----END CERTIFICATE REQUEST-----\n`
  expect(() =>
    client.create(certificateSigningRequest, {
      metadata: { name: 'r' },
      spec: { request: btoa(pem), signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
    }),
  ).toThrow('use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed')
})
