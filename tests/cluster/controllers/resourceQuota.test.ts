import { expect, test } from 'vitest'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { resourceQuota } from '../../../src/simulator/cluster/kinds/resourceQuota.ts'
import { startPlane } from './controlPlane.ts'

test('a quota counts what its namespace uses', () => {
  const plane = startPlane()
  const hard = { pods: '5', 'requests.cpu': '2', 'limits.memory': '1Gi', 'count/deployments.apps': '3', secrets: '9' }
  plane.client.create(resourceQuota, { metadata: { name: 'q', namespace: 'default' }, spec: { hard } })
  for (const name of ['a', 'b'])
    plane.client.create(pod, {
      metadata: { name, namespace: 'default' },
      spec: {
        containers: [
          { name: 'c', image: 'nginx', resources: { requests: { cpu: '250m' }, limits: { memory: '64Mi' } } },
        ],
      },
    })
  plane.pass(100)
  const used = () => plane.client.get(resourceQuota, 'q', 'default')!.status.used
  expect(used()).toEqual({
    pods: '2',
    'requests.cpu': '500m',
    'limits.memory': '128Mi',
    'count/deployments.apps': '0',
    secrets: '0',
  })
  plane.setPodStatus('a', { phase: 'Succeeded' })
  plane.pass(100)
  expect(used()).toMatchObject({ pods: '1', 'requests.cpu': '250m' })
})
