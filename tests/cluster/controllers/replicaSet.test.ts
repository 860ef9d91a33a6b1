import { expect, test } from 'vitest'
import type { Draft } from '../../../src/simulator/cluster/api/object.ts'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { type ReplicaSet, replicaSet } from '../../../src/simulator/cluster/kinds/replicaSet.ts'
import { Lab } from '../../../src/simulator/lab.ts'
import { readLabDefinition } from '../../../src/simulator/labDefinition.ts'
import { startPlane } from './controlPlane.ts'

const selector = { matchLabels: { app: 'web' } }

function web(replicas: number): Draft<ReplicaSet> {
  return {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas,
      selector,
      template: { metadata: { labels: selector.matchLabels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  }
}

test('a pod that is deleted is replaced, and both are told of', () => {
  const plane = startPlane()
  plane.client.create(replicaSet, web(2))
  plane.settle()
  const [first, second] = plane.podNames()
  plane.client.delete(pod, first!, 'default')
  plane.settle()
  expect(plane.podNames()).toHaveLength(2)
  expect(plane.podNames()).toContain(second)
  expect(plane.eventsOf('web')).toHaveLength(3)
  expect(plane.eventsOf('web')[0]).toBe(`SuccessfulCreate: Created pod: ${first}`)
})

test('a pod that does not run goes before one that does', () => {
  const plane = startPlane()
  plane.client.create(replicaSet, web(2))
  plane.settle()
  const ready = plane.podNames()
  const found = plane.client.get(replicaSet, 'web', 'default')!
  plane.client.update(replicaSet, { ...found, spec: { ...found.spec, replicas: 3 } })
  plane.pass(100)
  const current = plane.client.get(replicaSet, 'web', 'default')!
  plane.client.update(replicaSet, { ...current, spec: { ...current.spec, replicas: 2 } })
  plane.settle()
  expect(plane.podNames()).toEqual(ready)
})

test('a matching pod without a controller is adopted, and one that stops matching is let go', () => {
  const plane = startPlane()
  plane.client.create(pod, {
    metadata: { name: 'stray', namespace: 'default', labels: { app: 'web' } },
    spec: { containers: [{ name: 'c', image: 'nginx' }] },
  })
  plane.client.create(replicaSet, web(2))
  plane.settle()
  expect(plane.podNames()).toHaveLength(2)
  expect(plane.podNames()).toContain('stray')
  plane.client.patch(pod, 'stray', 'default', { metadata: { labels: { app: 'other' } } })
  plane.settle()
  expect(plane.podNames()).toHaveLength(3)
  expect(plane.client.get(pod, 'stray', 'default')!.metadata.ownerReferences ?? []).toEqual([])
})

test('the status counts ready pods and those that are going away', () => {
  const plane = startPlane()
  plane.client.create(replicaSet, web(2))
  plane.settle()
  plane.client.delete(pod, plane.podNames()[0]!, 'default')
  plane.pass(100)
  expect(plane.client.get(replicaSet, 'web', 'default')!.status).toEqual({
    replicas: 2,
    fullyLabeledReplicas: 2,
    readyReplicas: 1,
    availableReplicas: 1,
    terminatingReplicas: 1,
    observedGeneration: 1,
  })
})

test('pods that a kubelet turns away again and again are replaced more and more slowly', async () => {
  const lab = await Lab.boot(readLabDefinition(''), 1)
  const overrides =
    '{"spec":{"template":{"spec":{"nodeName":"node1","nodeSelector":{"kubernetes.io/hostname":"node9"}}}}}'
  await lab.run(`kubectl create deployment odd --image=nginx:1.27; kubectl patch deployment odd -p '${overrides}'`)
  const pods = async () =>
    Number((await lab.run('kubectl get pods -l app=odd --no-headers | grep -c NodeAffinity')).stdout)
  await lab.advance(20_000)
  const early = await pods()
  expect(early).toBeGreaterThan(10)
  await lab.advance(20_000)
  expect((await pods()) - early).toBeLessThan(early)
})
