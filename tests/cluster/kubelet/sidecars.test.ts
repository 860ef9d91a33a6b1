import { expect, test } from 'vitest'
import type { Pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { TestCluster } from '../fixture.ts'

const sidecar = {
  name: 'side',
  image: 'busybox:1.36',
  command: ['sleep', 'infinity'],
  restartPolicy: 'Always',
  lifecycle: { preStop: { exec: { command: ['true'] } } },
}

test('a sidecar ends when the work of its pod is done', async () => {
  const cluster = await TestCluster.boot()
  cluster.createPod('once', {
    restartPolicy: 'Never',
    initContainers: [sidecar] as Pod['spec']['initContainers'] & object,
    containers: [{ name: 'work', image: 'busybox:1.36', command: ['sleep', '3'] }],
  })
  await cluster.advance(4)
  expect(cluster.pod('once').status.phase).toBe('Running')
  await cluster.advance(40)
  expect(cluster.pod('once').status.phase).toBe('Succeeded')
  expect(cluster.pod('once').status.initContainerStatuses?.[0]?.state?.terminated).toBeDefined()
  expect(cluster.eventsOf('once').filter(text => text.startsWith('Killing'))).toEqual([
    'Killing: Stopping container side',
  ])
})

test('a probe that comes between the making and the start of a container finds nothing wrong', async () => {
  const cluster = await TestCluster.boot()
  const startupProbe = { exec: { command: ['true'] }, periodSeconds: 1, failureThreshold: 30 }
  const count = 60
  for (let i = 0; i < count; i++) {
    // The sidecars begin at different times after the kubelet has begun to ask.
    const first = { name: 'first', image: 'busybox:1.36', command: ['sleep', String(0.2 + i / count)] }
    cluster.createPod(`p${i}`, {
      initContainers: [first, { ...sidecar, startupProbe }] as Pod['spec']['initContainers'] & object,
      containers: [{ name: 'work', image: 'busybox:1.36', command: ['sleep', 'infinity'] }],
    })
  }
  await cluster.advance(60)
  const restarts = Array.from(
    { length: count },
    (_, i) => cluster.pod(`p${i}`).status.initContainerStatuses?.[1]?.restartCount,
  )
  expect(restarts).toEqual(restarts.map(() => 0))
})
