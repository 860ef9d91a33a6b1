import { beforeAll, expect, test } from 'vitest'
import type { ApiResponse } from '../../../src/simulator/cluster/client.ts'
import { type ApiService, apiService } from '../../../src/simulator/cluster/kinds/apiService.ts'
import { deployment } from '../../../src/simulator/cluster/kinds/deployment.ts'
import { horizontalPodAutoscaler } from '../../../src/simulator/cluster/kinds/horizontalPodAutoscaler.ts'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { service } from '../../../src/simulator/cluster/kinds/service.ts'
import { TestCluster } from '../fixture.ts'

const root = '/apis/metrics.k8s.io/v1beta1'
let cluster: TestCluster

beforeAll(async () => {
  cluster = await TestCluster.boot({ addons: ['metrics-server'] })
  cluster.createPod('idle', { command: ['sleep', 'infinity'] })
  const limits = { cpu: '50m' }
  cluster.createPod('limited', {
    containers: [
      { name: 'c', image: 'busybox:1.36', command: ['sh', '-c', 'while :; do :; done'], resources: { limits } },
    ],
  })
  await cluster.advance(45)
})

async function ask(path: string): Promise<{ items?: object[]; containers?: { usage: object }[]; message?: string }> {
  let answer: ApiResponse | undefined = cluster.cluster.apiServer.request({
    method: 'GET',
    path: root + path,
    user: 'kubernetes-admin',
  })
  if (answer.later) {
    const { later } = answer
    answer = undefined
    later(settled => {
      answer = settled
    })
    await cluster.advance(2)
  }
  return answer?.body as object
}

test('nodes and pods are measured through the API server', async () => {
  expect((await ask('/nodes')).items).toHaveLength(3)
  expect((await ask('/namespaces/default/pods/idle')).containers?.[0]?.usage).toEqual({ cpu: '0n', memory: '1024Ki' })
  expect((await ask('/namespaces/default/pods')).items).toHaveLength(2)
})

test('a limit keeps a container from using more', async () => {
  expect((await ask('/namespaces/default/pods/limited')).containers?.[0]?.usage).toMatchObject({ cpu: '50000000n' })
})

test('what is not there is not found', async () => {
  expect((await ask('/namespaces/default/pods/nope')).message).toBe(
    'podmetrics.metrics.k8s.io "default/nope" not found',
  )
})

test('a load makes more pods, and they go five minutes after it', { timeout: 90_000 }, async () => {
  const { client } = cluster
  const labels = { app: 'php' }
  client.create(deployment, {
    metadata: { name: 'php', namespace: 'default' },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'c',
              image: 'registry.k8s.io/hpa-example',
              resources: { requests: { cpu: '10m' }, limits: { cpu: '500m' } },
            },
          ],
        },
      },
    },
  })
  client.create(service, {
    metadata: { name: 'php', namespace: 'default' },
    spec: { selector: labels, ports: [{ port: 80 }] },
  })
  client.create(horizontalPodAutoscaler, {
    metadata: { name: 'php', namespace: 'default' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'php' },
      minReplicas: 1,
      maxReplicas: 10,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
      ],
    },
  })
  const replicas = () => client.get(deployment, 'php', 'default')!.spec.replicas
  await cluster.advance(60)
  expect(replicas()).toBe(1)
  const script = 'while sleep 0.5; do wget -q -O- http://php; done'
  const load = cluster.createPod('load', { command: ['sh', '-c', script] })
  await cluster.advance(120)
  expect(replicas()).toBeGreaterThan(2)
  client.delete(pod, load.metadata.name, 'default', { gracePeriodSeconds: 0 })
  await cluster.advance(240)
  expect(replicas()).toBeGreaterThan(2)
  await cluster.advance(180)
  expect(replicas()).toBeLessThan(3)
  const sizes = cluster.eventsOf('php').filter(text => text.startsWith('SuccessfulRescale'))
  expect(sizes[0]).toMatch(/New size: \d; reason: cpu resource utilization \(percentage of request\) above target/)
  expect(sizes.at(-1)).toMatch(/New size: [12]; reason: All metrics below target/)
})

test('without its Service the group is not available', async () => {
  cluster.client.delete(service, 'metrics-server', 'kube-system')
  cluster.client.patch(apiService, 'v1beta1.metrics.k8s.io', undefined, { metadata: { labels: { looked: 'at' } } })
  await cluster.advance(5)
  const { status } = cluster.client.get(apiService, 'v1beta1.metrics.k8s.io') as ApiService
  expect(status.conditions?.[0]).toMatchObject({
    status: 'False',
    reason: 'ServiceNotFound',
    message: 'service/metrics-server in "kube-system" is not present',
  })
  expect((await ask('/nodes')).message).toBe('the server is currently unable to handle the request')
})
