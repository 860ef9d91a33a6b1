import { expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import { Lab } from '#simulator/lab.ts'

const probed = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: web
    image: nginx:1.27
    readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1}
`

test('the last request is what a person or a pod asked, not what the kubelet probes', async () => {
  const lab = await Lab.boot({ cluster: referenceCluster, files: { 'web.yaml': probed } }, 1)
  await lab.run('kubectl apply -f web.yaml && kubectl wait --for=condition=Ready pod/web')
  expect(lab.lastRequest()).toBeUndefined()
  await lab.run("ssh node1 curl -s $(kubectl get pod web -o jsonpath='{.status.podIP}')")
  const asked = lab.lastRequest()
  expect(asked?.path()).toMatchObject({ protocol: 'tcp', verdict: 'answered' })
  await lab.advance(10_000)
  expect(lab.lastRequest()?.version).toBe(asked?.version)
})

test('what a pod asks itself is a request, what a node asks itself is not', async () => {
  const lab = await Lab.boot({ cluster: referenceCluster, files: { 'web.yaml': probed } }, 1)
  await lab.run('kubectl apply -f web.yaml && kubectl wait --for=condition=Ready pod/web')
  await lab.run('ssh node1 curl -s http://127.0.0.1:10248/healthz')
  await lab.run('kubectl exec web -- curl -s http://localhost')
  const asked = lab.world().requests.map(({ from, toAddress, toPort }) => `${from} ${toAddress}:${toPort}`)
  expect(asked).toEqual(['default/web 127.0.0.1:80'])
})
