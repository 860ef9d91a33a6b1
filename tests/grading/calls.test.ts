import { expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import { callEnd, callsAnswered, callsDropped, callsSeen } from '#simulator/grading/calls.ts'
import { Lab } from '#simulator/lab.ts'

const pods = `apiVersion: v1
kind: Pod
metadata: {name: guest}
spec:
  containers:
  - {name: tools, image: "nicolaka/netshoot:v0.13", command: [sleep, infinity]}
---
apiVersion: v1
kind: Pod
metadata: {name: vault, labels: {app: vault}}
spec:
  containers: [{name: web, image: nginx:1.27}]
---
apiVersion: v1
kind: Pod
metadata: {name: shut, labels: {app: shut}}
spec:
  containers: [{name: web, image: nginx:1.27}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shut}
spec: {podSelector: {matchLabels: {app: shut}}, policyTypes: [Ingress]}
`

const call = (to: string, port: number) => ({ from: 'default/guest', to: `default/${to}`, port })

test('a call between pods is answered, refused, left alone, or has nobody to go to', async () => {
  const cluster = { ...referenceCluster, cni: { plugin: 'calico' as const } }
  const lab = await Lab.boot({ cluster, files: { 'pods.yaml': pods } }, 1)
  await lab.run('kubectl apply -f pods.yaml')
  await lab.settle()
  const world = lab.world()
  expect(await callEnd(world, call('vault', 80))).toBe('answered')
  expect(await callEnd(world, call('vault', 81))).toBe('refused')
  expect(await callEnd(world, call('shut', 80))).toBe('unanswered')
  expect(await callEnd(world, call('nobody', 80))).toBe('absent')
  expect(await callEnd(world, { ...call('vault', 80), from: 'default/guest/tools' })).toBe('answered')
  expect(await callsAnswered(call('vault', 80))(world)).toEqual({ state: 'pass' })
  expect(await callsAnswered(call('vault', 80), call('shut', 80))(world)).toMatchObject({
    state: 'fail',
    evidence: 'default/guest → default/shut:80: unanswered',
  })
  expect(await callsDropped(call('shut', 80))(world)).toEqual({ state: 'pass' })
  expect(await callsDropped(call('vault', 81))(world)).toMatchObject({
    state: 'fail',
    evidence: 'default/guest → default/vault:81: refused',
  })
  expect(await callsDropped(call('nobody', 80))(world)).toMatchObject({ state: 'fail' })
  const asked = callsSeen(lab.world(), call('vault', 80), 'answered').length
  await lab.run("kubectl exec guest -- curl -s http://$(kubectl get pod vault -o jsonpath='{.status.podIP}')")
  expect(callsSeen(lab.world(), call('vault', 80), 'answered')).toHaveLength(asked + 1)
  expect(callsSeen(lab.world(), call('vault', 80), 'unanswered')).toHaveLength(0)
})
