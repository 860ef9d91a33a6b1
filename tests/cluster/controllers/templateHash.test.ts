import { expect, test } from 'vitest'
import { patchHash, templateHash } from '../../../src/simulator/cluster/controllers/pods/templateHash.ts'

/** A template of one nginx as the API server completes it. */
function template(container: object = {}, spec: object = {}, app = 'web') {
  return {
    metadata: { labels: { app } },
    spec: {
      containers: [
        {
          name: 'nginx',
          image: 'nginx:1.27',
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          imagePullPolicy: 'IfNotPresent',
          ...container,
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
      ...spec,
    },
  }
}

const probe = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }

test.each<[string, object]>([
  ['777f9fc55f', template({ image: 'nginx:1.26' })],
  ['7d876db474', template()],
  ['cc544bdcc', template({ ports: [{ containerPort: 80, protocol: 'TCP' }] })],
  ['cbcbd858d', template({ resources: { requests: { cpu: '20m' } } }, {}, 'app')],
  ['d6f7c65bf', template({ resources: { limits: { cpu: '200m', memory: '64Mi' } } })],
  [
    '9666cf4d8',
    template(
      {
        image: 'nginx:1.26',
        readinessProbe: { ...probe, httpGet: { path: '/', port: 80, scheme: 'HTTP' }, periodSeconds: 1 },
      },
      { terminationGracePeriodSeconds: 2 },
    ),
  ],
  [
    '8446669fb',
    template(
      {
        ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }],
        env: [
          { name: 'MODE', value: 'test' },
          { name: 'POD_IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
          { name: 'COLOR', valueFrom: { configMapKeyRef: { name: 'settings', key: 'color' } } },
        ],
        resources: { requests: { cpu: '50m', memory: '16Mi' }, limits: { memory: '64Mi' } },
        readinessProbe: { ...probe, httpGet: { path: '/', port: 'http', scheme: 'HTTP' }, initialDelaySeconds: 2 },
        volumeMounts: [{ name: 'conf', mountPath: '/conf' }],
      },
      {
        nodeSelector: { 'kubernetes.io/hostname': 'node1' },
        volumes: [{ name: 'conf', configMap: { name: 'settings', defaultMode: 420 } }],
      },
    ),
  ],
])('a template has the hash %s that a real cluster gives it', (hash, value) => {
  expect(templateHash(value)).toBe(hash)
})

test('a collision changes the hash', () => {
  expect(templateHash(template(), 1)).not.toBe(templateHash(template()))
})

test('a template with something unknown still has a hash of its own', () => {
  const hash = templateHash(template({}, { volumes: [{ name: 'v', iscsi: { iqn: 'x' } }] }))
  expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5,10}$/)
  expect(hash).not.toBe(templateHash(template()))
})

test('the revision of a StatefulSet has the hash that a real cluster gives it', () => {
  const { metadata, spec } = template()
  const containers = [
    {
      ...spec.containers[0],
      name: 'db',
      image: 'busybox:1.36',
      command: ['sleep', '3600'],
    },
  ]
  const labels = { ...metadata.labels, app: 'db' }
  const patched = {
    metadata: { labels },
    spec: { ...spec, containers, terminationGracePeriodSeconds: 1 },
    $patch: 'replace',
  }
  expect(patchHash({ spec: { template: patched } })).toBe('65655ccdf6')
})
