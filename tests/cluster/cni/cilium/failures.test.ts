import { expect, test, vi } from 'vitest'
import { Lab } from '../../../../src/simulator/lab.ts'
import { readLabSettings } from '../../../../src/simulator/labDefinition.ts'

// Each test boots a lab of its own.
vi.setConfig({ testTimeout: 60_000 })

const pods = (node: string) => `
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {nodeName: ${node}, containers: [{name: c, image: nginx:1.27}]}
---
apiVersion: v1
kind: Pod
metadata: {name: client}
spec: {nodeName: node1, containers: [{name: c, image: nicolaka/netshoot:v0.13, command: [sleep, infinity]}]}
`
const late = `
apiVersion: v1
kind: Pod
metadata: {name: late}
spec: {nodeName: node1, containers: [{name: c, image: nginx:1.27}]}
`

async function boot(): Promise<Lab> {
  const cluster = readLabSettings({ cni: 'cilium' })
  const lab = await Lab.boot({ cluster, files: { 'pods.yaml': pods('node2'), 'late.yaml': late } }, 1)
  await lab.run('kubectl apply -f pods.yaml')
  await lab.run('kubectl wait pod --all --for=condition=Ready --timeout=60s')
  return lab
}

const fetch =
  'kubectl exec client -- curl -s -o /dev/null -m 2 -w "%{http_code}" $(kubectl get pod web -o jsonpath={.status.podIP})'
const nowhere = `{"spec":{"template":{"spec":{"nodeSelector":{"no":"where"}}}}}`

test('without an agent new pods wait and say so, while the old ones go on', async () => {
  const lab = await boot()
  await lab.run(`kubectl patch ds cilium -n kube-system -p '${nowhere}'`)
  await lab.advance(20_000)
  expect((await lab.run('kubectl get pods -n kube-system -l k8s-app=cilium')).stderr).toMatch(/No resources found/)
  await lab.run('kubectl apply -f late.yaml')
  await lab.advance(10_000)
  expect((await lab.run('kubectl get pod late')).stdout).toContain('ContainerCreating')
  expect((await lab.run('kubectl describe pod late')).stdout).toContain(
    'plugin type="cilium-cni" failed (add): unable to connect to Cilium agent: failed to create cilium agent client after 30.000000 seconds timeout: Get "http://localhost/v1/config": dial unix /var/run/cilium/cilium.sock: connect: no such file or directory\n',
  )
  expect((await lab.run(fetch)).stdout).toBe('200')
})

test('an agent that comes back takes its pods over, and policies work again', async () => {
  const lab = await boot()
  await lab.run('kubectl rollout restart ds/cilium -n kube-system')
  await lab.advance(40_000)
  expect((await lab.run(fetch)).stdout).toBe('200')
  const endpoints = 'kubectl get cep --no-headers | wc -l'
  expect((await lab.run(endpoints)).stdout.trim()).toBe('2')
  await lab.run(
    'kubectl create -f - <<< \'{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"deny"},"spec":{"podSelector":{},"policyTypes":["Ingress"]}}\'',
  )
  await lab.advance(1_000)
  expect((await lab.run(fetch)).stdout).toBe('000')
})

test('where UDP 8472 is blocked pods of that node speak with each other, but with no other node', async () => {
  const lab = await boot()
  await lab.run('ssh node1 sudo iptables -I INPUT -p udp --dport 8472 -j DROP')
  expect((await lab.run(fetch)).stdout).toBe('000')
  expect((await lab.run('cilium status --brief')).stdout).toBe('OK\n')
})

test('without the operator the cluster works on, and the status says what is missing', async () => {
  const lab = await boot()
  await lab.run('kubectl delete deploy cilium-operator -n kube-system')
  expect((await lab.run(fetch)).stdout).toBe('200')
  const { stdout, status } = await lab.run('cilium status')
  expect(status).toBe(1)
  expect(stdout).toMatch(/Errors: +cilium-operator +cilium-operator +deployments\.apps "cilium-operator" not found/)
})

test('an agent waits for the kinds that the operator registers, and says which', async () => {
  const lab = await boot()
  await lab.run('kubectl scale deploy cilium-operator -n kube-system --replicas=0')
  await lab.run('kubectl delete crd ciliumclusterwidenetworkpolicies.cilium.io')
  await lab.run('kubectl delete pod -n kube-system -l k8s-app=cilium --field-selector spec.nodeName=node2')
  await lab.advance(30_000)
  const found = 'kubectl get pods -n kube-system -l k8s-app=cilium --field-selector spec.nodeName=node2'
  expect((await lab.run(`${found} --no-headers`)).stdout).toMatch(/ 0\/1 +Running /)
  expect((await lab.run(`kubectl logs -n kube-system $(${found} -o name) -c cilium-agent`)).stdout).toContain(
    'Still waiting for Cilium Operator to register the following CRDs: [crd:ciliumclusterwidenetworkpolicies.cilium.io]',
  )
  expect((await lab.run('cilium status')).stdout).toMatch(
    /Errors: +cilium +cilium +1 pods of DaemonSet cilium are not ready/,
  )
  await lab.run('kubectl scale deploy cilium-operator -n kube-system --replicas=1')
  await lab.advance(60_000)
  expect((await lab.run(`${found} --no-headers`)).stdout).toMatch(/ 1\/1 +Running /)
})
