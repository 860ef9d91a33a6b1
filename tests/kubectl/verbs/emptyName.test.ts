import { expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import { Lab } from '#simulator/lab.ts'

test('an empty name means no object, least of all every object', async () => {
  const lab = await Lab.boot({ cluster: referenceCluster, files: {} }, 1)
  await lab.run('kubectl run web --image=nginx:1.27')
  const words = 'error: resource name may not be empty\n'
  for (const command of ['get pod ""', 'describe pod ""', 'delete pod ""', 'port-forward "" 80', 'label pod "" a=b'])
    expect(await lab.run(`kubectl ${command}`)).toMatchObject({ stdout: '', stderr: words, status: 1 })
  expect((await lab.run('kubectl exec "" -- ls')).stderr).toBe(
    'error: pod, type/name or --filename must be specified\n',
  )
  expect((await lab.run('kubectl get pods -o name')).stdout).toBe('pod/web\n')
})
