import { expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import { pod } from '#simulator/cluster/kinds/pod.ts'
import { letsIn, policiesOn } from '#simulator/grading/policies.ts'
import { Lab } from '#simulator/lab.ts'

const podOf = (name: string, namespace = 'default') => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}
spec:
  containers: [{name: web, image: nginx:1.27}]
---
`
const policyOf = (name: string, spec: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}}
spec: ${spec}
---
`
const vault = '{matchLabels: {app: vault}}'
const manifests =
  'apiVersion: v1\nkind: Namespace\nmetadata: {name: lobby, labels: {team: a}}\n---\n' +
  podOf('vault') +
  podOf('clerk') +
  podOf('guest', 'lobby') +
  policyOf('shut', `{podSelector: ${vault}, policyTypes: [Ingress]}`) +
  policyOf('out', `{podSelector: ${vault}, policyTypes: [Egress]}`) +
  policyOf('clerk', '{podSelector: {matchLabels: {app: clerk}}, policyTypes: [Ingress]}') +
  policyOf('to-guest', `{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: guest}}}]}]}`) +
  policyOf('to-team', `{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}`) +
  policyOf('to-all', '{podSelector: {}, ingress: [{}]}')

test('policies are found by the pod that they select, and say by labels whom they let in', async () => {
  const lab = await Lab.boot({ cluster: referenceCluster, files: { 'all.yaml': manifests } }, 1)
  await lab.run('kubectl apply -f all.yaml')
  const world = lab.world()
  const chosen = world.client.get(pod, 'vault', 'default')!
  const names = (direction: 'Ingress' | 'Egress') =>
    policiesOn(world, chosen, direction)
      .map(one => one.metadata.name)
      .sort()
  expect(names('Ingress')).toEqual(['shut', 'to-all', 'to-guest', 'to-team'])
  expect(names('Egress')).toEqual(['out'])
  const admitting = (place: string) =>
    policiesOn(world, chosen, 'Ingress')
      .filter(policy => letsIn(world, policy, place))
      .map(one => one.metadata.name)
      .sort()
  expect(admitting('default/clerk')).toEqual(['to-all'])
  expect(admitting('lobby/guest')).toEqual(['to-all', 'to-team'])
  expect(admitting('lobby/nobody')).toEqual([])
})
