import { expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import { Lab } from '#simulator/lab.ts'

test('a flag of a verb takes the place of a global flag of the same name', async () => {
  const lab = await Lab.boot({ cluster: referenceCluster, files: {} }, 1)
  expect(await lab.run('kubectl create rolebinding read --clusterrole=view --user=jane')).toMatchObject({
    stdout: 'rolebinding.rbac.authorization.k8s.io/read created\n',
    status: 0,
  })
  expect(await lab.run('kubectl get rolebinding read -o jsonpath={.subjects[0].name}')).toMatchObject({
    stdout: 'jane',
  })
  expect(await lab.run('kubectl get rolebinding --user=jane')).toMatchObject({
    stderr: 'error: auth info "jane" does not exist\n',
    status: 1,
  })
})

test('a label that is not there is not taken off', async () => {
  const lab = await Lab.boot({ cluster: referenceCluster, files: {} }, 1)
  await lab.run('kubectl create namespace here')
  expect(await lab.run('kubectl label namespace here missing-')).toMatchObject({
    stdout: 'label "missing" not found.\nnamespace/here not labeled\n',
  })
})
